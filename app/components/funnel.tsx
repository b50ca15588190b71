import { BlockStack, Card, Text } from "@shopify/polaris";
import { scaleLinear } from "@visx/scale";
import { Bar } from "@visx/shape";
import type { FunnelPart, FunnelRow } from "~/report/funnel";
import chartStyles from "./chart.module.css";
import { ScrollBox } from "./scroll-box";
import styles from "./table.module.css";
import { useTexts } from "./use-locale";

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

function Part({ part: { title, rows } }: { part: FunnelPart }) {
  const { funnel } = useTexts();
  return (
    <ScrollBox label={title}>
      <table className={`${styles.table} ${styles.drawn}`}>
        <thead>
          <tr>
            <th scope="col">{title}</th>
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
