import { BlockStack, Card, Pagination, Text } from "@shopify/polaris";
import { useState } from "react";
import type { RangeChoice } from "~/http/range-choice.server";
import { toDailyCsv, toDailyTable } from "~/report/daily";
import type { StepColumns } from "~/report/steps";
import { countDays, toRange } from "~/services/rollup/day";
import { CardHeading } from "./card-heading";
import { CsvButton } from "./csv-button";
import { DataTable } from "./data-table";
import { saveFile } from "./save-file";
import { useAllDays } from "./use-all-days";
import { useLocale } from "./use-locale";
import { usePrinting } from "./use-printing";

const rowsOfPage = 15;

type DailyCardProps = { latest: StepColumns | null; choice: RangeChoice };

/** The counts of each day, a page at a time, and all of them as a file. Days further back are fetched when asked for. */
export function DailyCard({ latest, choice }: DailyCardProps) {
  const { shown } = choice;
  const [start, setStart] = useState(0);
  const locale = useLocale();
  const { daily } = locale.texts;
  const { days, state, whenAll } = useAllDays(latest, choice);
  const count = countDays(toRange(shown.from, shown.to));
  const end = Math.min(start + rowsOfPage, count);
  const table = toDailyTable(locale, days);
  const isPrinting = usePrinting();
  const rows = isPrinting ? table.rows : table.rows.slice(start, end);
  const isThere = end <= table.rows.length;

  function turnTo(first: number): void {
    setStart(first);
    if (Math.min(first + rowsOfPage, count) > table.rows.length) whenAll();
  }

  const save = (all: StepColumns | null) => saveFile(daily.fileName(shown.from, shown.to), toDailyCsv(locale, all));
  return (
    <Card>
      <BlockStack gap="300">
        <CardHeading title={daily.title}>
          <CsvButton table={daily.title} save={() => whenAll(save)} />
        </CardHeading>
        <div role="status">
          {state !== "ready" && (
            <Text as="p" tone="subdued">
              {daily[state]}
            </Text>
          )}
        </div>
        {isThere && <DataTable label={daily.label} table={{ ...table, rows }} />}
        {count > rowsOfPage && !isPrinting && (
          <Pagination
            label={daily.rows(
              locale.formatNumber(start + 1),
              locale.formatNumber(end),
              count,
              locale.formatNumber(count),
            )}
            hasPrevious={start > 0}
            hasNext={end < count}
            onPrevious={() => turnTo(start - rowsOfPage)}
            onNext={() => turnTo(start + rowsOfPage)}
            accessibilityLabel={daily.pages}
          />
        )}
      </BlockStack>
    </Card>
  );
}
