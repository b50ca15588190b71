import { BlockStack, Card, Text } from "@shopify/polaris";
import { scaleLinear } from "@visx/scale";
import { Bar } from "@visx/shape";
import type { Ratings, StarsRow } from "~/report/ratings";
import chartStyles from "./chart.module.css";
import { ScrollBox } from "./scroll-box";
import styles from "./table.module.css";
import { useTexts } from "./use-locale";

const width = scaleLinear({ domain: [0, 1], range: [0, 100] });

/** The average rating, and a row with a bar for each number of stars. */
export function RatingsCard({ ratings: { average, note, unrated, rows } }: { ratings: Ratings }) {
  const { ratings } = useTexts();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {ratings.title}
        </Text>
        <BlockStack gap="050">
          {average !== null && (
            <Text as="p" variant="headingLg" numeric>
              <span data-shape>{average}</span>
            </Text>
          )}
          <Text as="p" tone="subdued">
            {note}
          </Text>
        </BlockStack>
        {rows.length > 0 && <StarsTable rows={rows} />}
        {unrated !== null && (
          <Text as="p" tone="subdued">
            {unrated}
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}

function StarsTable({ rows }: { rows: StarsRow[] }) {
  const { ratings } = useTexts();
  const hasShares = rows.some(({ shareText }) => shareText !== null);
  return (
    <ScrollBox label={ratings.title}>
      <table className={`${styles.table} ${styles.drawn}`}>
        <thead>
          <tr>
            <th scope="col">{ratings.rating}</th>
            <th scope="col">{ratings.count}</th>
            {hasShares && <th scope="col">{ratings.share}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, value, share, shareText }) => (
            <tr key={label}>
              <th scope="row">
                <span className={styles.label}>{label}</span>
                <svg className={chartStyles.bar} height="6" aria-hidden="true" focusable="false" data-shape>
                  <Bar className={chartStyles.dot} width={`${width(share)}%`} height="6" />
                </svg>
              </th>
              <td>
                <span data-shape>{value}</span>
              </td>
              {shareText !== null && (
                <td>
                  <span data-shape>{shareText}</span>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
