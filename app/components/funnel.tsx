import { Badge, BlockStack, Card, Text } from "@shopify/polaris";
import { scaleLinear } from "@visx/scale";
import { Bar } from "@visx/shape";
import { toFunnelCsv } from "~/report/csv-tables";
import type { FunnelRow } from "~/report/funnel";
import { CardHeading } from "./card-heading";
import chartStyles from "./chart.module.css";
import { CsvButton } from "./csv-button";
import { saveTable } from "./save-file";
import { ScrollBox } from "./scroll-box";
import styles from "./table.module.css";
import { useLocale, useTexts } from "./use-locale";

const width = scaleLinear({ domain: [0, 1], range: [0, 100] });

/** The stages one under the other. It is a table: each bar is drawn beside the number it stands for. */
export function Funnel({ rows }: { rows: FunnelRow[] }) {
  const locale = useLocale();
  const { funnel } = locale.texts;
  return (
    <Card>
      <BlockStack gap="300">
        <CardHeading title={funnel.title}>
          <CsvButton table={funnel.title} save={(days) => saveTable(toFunnelCsv(locale, rows, days))} />
        </CardHeading>
        <ScrollBox label={funnel.title}>
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
        <Text as="p" tone="subdued">
          {funnel.note}
        </Text>
      </BlockStack>
    </Card>
  );
}

function StageRow({ row }: { row: FunnelRow }) {
  const { funnel } = useTexts();
  return (
    <tr>
      <th scope="row">
        <span className={styles.label}>
          {row.label}
          {row.isLive && <Badge>{funnel.live}</Badge>}
        </span>
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
