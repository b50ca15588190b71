import { BlockStack, Button, Card, InlineStack, Pagination, Text } from "@shopify/polaris";
import { useState } from "react";
import type { Table } from "~/report/cards";
import { DataTable } from "./data-table";
import { useLocale } from "./use-locale";

const rowsOfPage = 15;

type DailyCardProps = { table: Table; fileName: string; toFile: () => string };

/** The rows of a table, a page at a time, and all of them as a file. */
export function DailyCard({ table, fileName, toFile }: DailyCardProps) {
  const [start, setStart] = useState(0);
  const { texts, formatNumber } = useLocale();
  const { daily } = texts;
  const count = table.rows.length;
  const end = Math.min(start + rowsOfPage, count);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {daily.title}
          </Text>
          <Button onClick={() => saveFile(fileName, toFile())}>{daily.download}</Button>
        </InlineStack>
        <DataTable label={daily.label} table={{ ...table, rows: table.rows.slice(start, end) }} />
        {count > rowsOfPage && (
          <Pagination
            label={daily.rows(formatNumber(start + 1), formatNumber(end), count, formatNumber(count))}
            hasPrevious={start > 0}
            hasNext={end < count}
            onPrevious={() => setStart(start - rowsOfPage)}
            onNext={() => setStart(start + rowsOfPage)}
            accessibilityLabel={daily.pages}
          />
        )}
      </BlockStack>
    </Card>
  );
}

// Made from what the page holds: a link out of the admin's frame would be opened without a session token.
function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers begin to read it only after this turn.
  setTimeout(() => URL.revokeObjectURL(url));
}
