import { Link, useLocation } from "@remix-run/react";
import { Badge, BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import { scaleLinear } from "@visx/scale";
import { Bar } from "@visx/shape";
import { toTopCsv } from "~/report/csv-tables";
import { toSearchWithProduct } from "~/report/range";
import { CardHeading } from "./card-heading";
import chartStyles from "./chart.module.css";
import { CsvButton } from "./csv-button";
import { ProductPicture } from "./product-picture";
import styles from "./report.module.css";
import { saveTable } from "./save-file";
import { useLocale } from "./use-locale";

/** `source`: the id of what it names, as the host stores it. `label` may be any text, of any direction. `picture` is an address, and `badge` a word about the product, or null. */
export type TopItem = {
  id: string;
  source: string;
  label: string;
  picture: string | null;
  badge: string | null;
  /** The product whose numbers alone the item leads to, or null. */
  productId: string | null;
  count: number;
  value: string;
  share: number;
};

type TopListProps = { title: string; note: string; empty: string; items: TopItem[] };

const width = scaleLinear({ domain: [0, 1], range: [0, 100] });

/** The first of many, each with its count and a bar. */
export function TopList({ title, note, empty, items }: TopListProps) {
  const locale = useLocale();
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="050">
          <CardHeading title={title}>
            {items.length > 0 && <CsvButton table={title} save={(days) => saveTable(toTopCsv(locale, items, days))} />}
          </CardHeading>
          <Text as="p" tone="subdued">
            {items.length === 0 ? empty : note}
          </Text>
        </BlockStack>
        {items.length > 0 && (
          <BlockStack as="ul" gap="300">
            {items.map((item) => (
              <TopRow key={item.id} item={item} />
            ))}
          </BlockStack>
        )}
      </BlockStack>
    </Card>
  );
}

function TopRow({ item: { label, picture, badge, productId, value, share } }: { item: TopItem }) {
  const { pathname, search } = useLocation();
  const name = (
    <bdi dir="auto" className={styles.truncate} title={label} data-shape>
      {label}
    </bdi>
  );
  return (
    <li className={styles.pictured}>
      <ProductPicture key={picture} url={picture} />
      <div className={styles.item}>
        <InlineStack align="space-between" gap="200" wrap={false}>
          <span className={styles.labelled}>
            {productId === null ? (
              name
            ) : (
              <Link className={styles.productLink} to={`${pathname}${toSearchWithProduct(search, productId)}`}>
                {name}
              </Link>
            )}
            {badge !== null && (
              <span data-shape>
                <Badge>{badge}</Badge>
              </span>
            )}
          </span>
          <Text as="span" numeric>
            <span data-shape>{value}</span>
          </Text>
        </InlineStack>
        <svg className={chartStyles.bar} height="6" aria-hidden="true" focusable="false" data-shape>
          <Bar className={chartStyles.dot} width={`${width(share)}%`} height="6" />
        </svg>
      </div>
    </li>
  );
}
