import { BlockStack, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import styles from "./report.module.css";

/** A figure of a list in a card: its name, what more is said of it, and its value. */
export function FigureLine({ label, value, children }: { label: string; value: string; children: ReactNode }) {
  return (
    <li className={styles.rate}>
      <BlockStack gap="050">
        <Text as="span">{label}</Text>
        {children}
      </BlockStack>
      <Text as="span" variant="headingMd" numeric>
        <span data-shape>{value}</span>
      </Text>
    </li>
  );
}
