import { Badge, type BadgeProps, BlockStack, Card, Text } from "@shopify/polaris";
import styles from "./report.module.css";

/** `headline`, `type` and `status` may be any text, of any direction. */
export type SubmissionItem = {
  id: string;
  headline: string;
  type: string;
  status: { text: string; tone?: BadgeProps["tone"] };
  rating: { stars: string; text: string } | null;
  when: string;
  /** ISO 8601, or null where there is none. */
  instant: string | null;
};

type SubmissionListProps = { title: string; empty: string; items: SubmissionItem[] };

/** The latest testimonials, a line or two each. */
export function SubmissionList({ title, empty, items }: SubmissionListProps) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        {items.length === 0 ? (
          <Text as="p" tone="subdued">
            {empty}
          </Text>
        ) : (
          <ul className={styles.list}>
            {items.map((item) => (
              <Submission key={item.id} item={item} />
            ))}
          </ul>
        )}
      </BlockStack>
    </Card>
  );
}

function Submission({ item: { headline, type, status, rating, when, instant } }: { item: SubmissionItem }) {
  return (
    <li className={styles.submission}>
      <bdi dir="auto" className={styles.truncate} title={headline} data-shape>
        {headline}
      </bdi>
      <bdi data-shape>
        <Badge {...(status.tone && { tone: status.tone })}>{status.text}</Badge>
      </bdi>
      <Text as="span" tone="subdued">
        <span data-shape>
          <bdi>{type}</bdi>
          {rating && <Rating {...rating} />}
        </span>
      </Text>
      <Text as="span" tone="subdued" alignment="end">
        {instant === null ? (
          <span data-shape>{when}</span>
        ) : (
          <time dateTime={instant} data-shape>
            {when}
          </time>
        )}
      </Text>
    </li>
  );
}

function Rating({ stars, text }: NonNullable<SubmissionItem["rating"]>) {
  return (
    <>
      <span>{" · "}</span>
      <span aria-hidden="true">{stars}</span>
      <Text as="span" visuallyHidden>
        {text}
      </Text>
    </>
  );
}
