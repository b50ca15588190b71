import { BlockStack, Card, Text } from "@shopify/polaris";
import { FigureLine } from "./figure-line";
import styles from "./report.module.css";

/** A figure by its name. `hint`: what its value is of, where that is to be said. */
export type ListedFigure = { label: string; value: string; hint: string | null };

/** A few figures in one card, a line each, with a note about all of them. */
export function ListCard({ title, note, figures }: { title: string; note: string; figures: ListedFigure[] }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        <ul className={styles.list}>
          {figures.map(({ label, value, hint }) => (
            <FigureLine key={label} label={label} value={value}>
              {hint !== null && (
                <Text as="span" tone="subdued">
                  <span data-shape>{hint}</span>
                </Text>
              )}
            </FigureLine>
          ))}
        </ul>
        <Text as="p" tone="subdued">
          {note}
        </Text>
      </BlockStack>
    </Card>
  );
}
