import { Card } from "@shopify/polaris";
import styles from "./report.module.css";
import { useTexts } from "./use-locale";
import { useOpened } from "./use-opened";

/** What each name on the page counts, and on which day. */
export function Definitions({ items }: { items: { label: string; says: string }[] }) {
  const { definitions } = useTexts();
  const { details, wasOpened, onToggle } = useOpened();
  return (
    <Card>
      <details ref={details} className={styles.details} onToggle={onToggle}>
        <summary>{definitions.title}</summary>
        {wasOpened && (
          <dl className={styles.definitions}>
            {items.map(({ label, says }) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{says}</dd>
              </div>
            ))}
          </dl>
        )}
      </details>
    </Card>
  );
}
