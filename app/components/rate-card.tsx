import { BlockStack, Card, Text } from "@shopify/polaris";
import type { FigureCard } from "~/report/cards";
import { ChangeText } from "./change-text";
import { FigureLine } from "./figure-line";
import styles from "./report.module.css";

/** A few figures in one card, a line each. */
export function RateCard({ title, cards }: { title: string; cards: Omit<FigureCard, "line">[] }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        <ul className={styles.list}>
          {cards.map((card) => (
            <FigureLine key={card.label} label={card.label} value={card.value}>
              <ChangeText change={card.change} />
            </FigureLine>
          ))}
        </ul>
      </BlockStack>
    </Card>
  );
}
