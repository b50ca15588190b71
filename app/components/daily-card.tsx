import { BlockStack, Card, Pagination } from "@shopify/polaris";
import { useState } from "react";
import type { Table } from "~/report/cards";
import { CardHeading } from "./card-heading";
import { CsvButton } from "./csv-button";
import { DataTable } from "./data-table";
import { saveFile } from "./save-file";
import { useLocale } from "./use-locale";
import { usePrinting } from "./use-printing";

const rowsOfPage = 15;

type DailyCardProps = { table: Table; fileName: string; toFile: () => string };

/** The rows of a table, a page at a time, and all of them on paper and as a file. */
export function DailyCard({ table, fileName, toFile }: DailyCardProps) {
  const [start, setStart] = useState(0);
  const { texts, formatNumber } = useLocale();
  const { daily } = texts;
  const count = table.rows.length;
  const end = Math.min(start + rowsOfPage, count);
  const isPrinting = usePrinting();
  const rows = isPrinting ? table.rows : table.rows.slice(start, end);
  return (
    <Card>
      <BlockStack gap="300">
        <CardHeading title={daily.title}>
          <CsvButton table={daily.title} save={() => saveFile(fileName, toFile())} />
        </CardHeading>
        <DataTable label={daily.label} table={{ ...table, rows }} />
        {count > rowsOfPage && !isPrinting && (
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
