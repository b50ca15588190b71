import { BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import { scaleLinear } from "@visx/scale";
import { Bar } from "@visx/shape";
import { toFunnelCsv } from "~/report/csv-tables";
import type { FunnelPart, FunnelRow } from "~/report/funnel";
import chartStyles from "./chart.module.css";
import { CsvButton } from "./csv-button";
import { saveTable } from "./save-file";
import { ScrollBox } from "./scroll-box";
import styles from "./table.module.css";
import { useLocale, useTexts } from "./use-locale";

const width = scaleLinear({ domain: [0, 1], range: [0, 100] });

/** What has become of requests and of testimonials, in tables: each bar is drawn beside the number it stands for. */
export function Funnel({ parts, note }: { parts: FunnelPart[]; note: string }) {
  const { funnel } = useTexts();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {funnel.title}
        </Text>
        {parts.map((part) => (
          <Part key={part.title} part={part} />
        ))}
        <Text as="p" tone="subdued">
          {note}
        </Text>
      </BlockStack>
    </Card>
  );
}

function Part({ part: { name, title, rows } }: { part: FunnelPart }) {
  const locale = useLocale();
  const { funnel } = locale.texts;
  return (
    <BlockStack gap="200">
      <InlineStack align="space-between" blockAlign="center" gap="200">
        <Text as="h3" variant="headingSm">
          {title}
        </Text>
        <CsvButton table={title} save={(days) => saveTable(toFunnelCsv(locale, { name, title, rows }, days))} />
      </InlineStack>
      <ScrollBox label={title}>
        <table className={`${styles.table} ${styles.drawn}`}>
          <thead>
            <tr>
              <th scope="col">{funnel.stage}</th>
              <th scope="col">{funnel.count}</th>
              <th scope="col">{funnel.ofFirst}</th>
              <th scope="col">{funnel.ofPrevious}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <StageRow key={row.label} row={row} />
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </BlockStack>
  );
}

function StageRow({ row }: { row: FunnelRow }) {
  return (
    <tr>
      <th scope="row">
        <span className={styles.label}>{row.label}</span>
        <svg className={chartStyles.bar} height="10" aria-hidden="true" focusable="false" data-shape>
          <Bar className={chartStyles.dot} width={`${width(row.width)}%`} height="10" />
        </svg>
      </th>
      {[row.value, row.ofFirst, row.ofPrevious].map((text, index) => (
        <td key={["value", "first", "previous"][index]}>
          <span data-shape>{text}</span>
        </td>
      ))}
    </tr>
  );
}
