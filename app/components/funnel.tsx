import { Badge, BlockStack, Card, Text } from "@shopify/polaris";
import { scaleLinear } from "@visx/scale";
import { Bar } from "@visx/shape";
import type { FunnelRow } from "~/report/funnel";
import chartStyles from "./chart.module.css";
import { ScrollBox } from "./scroll-box";
import styles from "./table.module.css";

const title = "From request to published testimonial";

const width = scaleLinear({ domain: [0, 1], range: [0, 100] });

/** The stages one under the other. It is a table: each bar is drawn beside the number it stands for. */
export function Funnel({ rows }: { rows: FunnelRow[] }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        <ScrollBox label={title}>
          <table className={`${styles.table} ${styles.drawn}`}>
            <thead>
              <tr>
                <th scope="col">Stage</th>
                <th scope="col">Count</th>
                <th scope="col">{`Of ${rows[0]?.label.toLowerCase()}`}</th>
                <th scope="col">Of stage before</th>
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
          Each stage counts what happened in these days, also where the stage before happened earlier, so a share can be
          above 100%.
        </Text>
      </BlockStack>
    </Card>
  );
}

function StageRow({ row }: { row: FunnelRow }) {
  return (
    <tr>
      <th scope="row">
        <span className={styles.label}>
          {row.label}
          {row.isLive && <Badge>Live</Badge>}
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
