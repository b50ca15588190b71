import { Badge, type BadgeProps, BlockStack, Card, Text } from "@shopify/polaris";
import styles from "./report.module.css";

export type SubmissionItem = {
  id: string;
  headline: string;
  type: string;
  status: { text: string; tone?: BadgeProps["tone"] };
  rating: { stars: string; text: string } | null;
  when: string;
  /** ISO 8601. */
  instant: string;
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
      <span className={styles.truncate} title={headline} data-shape>
        {headline}
      </span>
      <span data-shape>
        <Badge {...(status.tone && { tone: status.tone })}>{status.text}</Badge>
      </span>
      <Text as="span" tone="subdued">
        <span data-shape>
          {type}
          {rating && (
            <>
              {" · "}
              <span aria-hidden="true">{rating.stars}</span>
              <Text as="span" visuallyHidden>
                {rating.text}
              </Text>
            </>
          )}
        </span>
      </Text>
      <Text as="span" tone="subdued" alignment="end">
        <time dateTime={instant} data-shape>
          {when}
        </time>
      </Text>
    </li>
  );
}
