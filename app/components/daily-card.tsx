import { BlockStack, Button, Card, InlineStack, Pagination, Text } from "@shopify/polaris";
import { useState } from "react";
import type { Table } from "~/report/cards";
import { toNumberText } from "~/report/text";
import { DataTable } from "./data-table";

const rowsOfPage = 15;

type DailyCardProps = { table: Table; fileName: string; toFile: () => string };

/** The rows of a table, a page at a time, and all of them as a file. */
export function DailyCard({ table, fileName, toFile }: DailyCardProps) {
  const [start, setStart] = useState(0);
  const end = Math.min(start + rowsOfPage, table.rows.length);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            By day
          </Text>
          <Button onClick={() => saveFile(fileName, toFile())}>Download CSV</Button>
        </InlineStack>
        <DataTable label="Counts by day" table={{ ...table, rows: table.rows.slice(start, end) }} />
        {table.rows.length > rowsOfPage && (
          <Pagination
            label={`${toNumberText(start + 1)} to ${toNumberText(end)} of ${toNumberText(table.rows.length)} days`}
            hasPrevious={start > 0}
            hasNext={end < table.rows.length}
            onPrevious={() => setStart(start - rowsOfPage)}
            onNext={() => setStart(start + rowsOfPage)}
            accessibilityLabel="Pages of days"
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
