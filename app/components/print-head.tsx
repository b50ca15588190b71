import { Text } from "@shopify/polaris";
import styles from "./report.module.css";
import { useFrameShop, useLocale } from "./use-locale";

/** What the reader of a printed page can't know: whose numbers they are, and when they were read, with the day. */
export function PrintHead({ asOf }: { asOf: string }) {
  const shop = useFrameShop();
  const { texts, formatDay, formatClock } = useLocale();
  return (
    <div className={styles.printOnly}>
      <Text as="p" variant="headingMd">
        {shop}
      </Text>
      <Text as="p" tone="subdued">
        {texts.print.asOf(formatDay(asOf.slice(0, 10)), formatClock(asOf))}
      </Text>
    </div>
  );
}
