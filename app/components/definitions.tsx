import { Card } from "@shopify/polaris";
import styles from "./report.module.css";
import { useTexts } from "./use-locale";

/** What each name on the page counts, and on which day. */
export function Definitions({ items }: { items: { label: string; says: string }[] }) {
  const { definitions } = useTexts();
  return (
    <Card>
      <details className={styles.details}>
        <summary>{definitions.title}</summary>
        <dl className={styles.definitions}>
          {items.map(({ label, says }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{says}</dd>
            </div>
          ))}
        </dl>
      </details>
    </Card>
  );
}
