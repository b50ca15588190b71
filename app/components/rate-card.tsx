import { BlockStack, Card, Text } from "@shopify/polaris";
import type { FigureCard } from "~/report/cards";
import { ChangeText } from "./change-text";
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
            <li key={card.label} className={styles.rate}>
              <BlockStack gap="050">
                <Text as="span">{card.label}</Text>
                <ChangeText change={card.change} />
              </BlockStack>
              <Text as="span" variant="headingMd" numeric>
                <span data-shape>{card.value}</span>
              </Text>
            </li>
          ))}
        </ul>
      </BlockStack>
    </Card>
  );
}
