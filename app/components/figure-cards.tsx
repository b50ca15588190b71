import { Card, Text, Tooltip } from "@shopify/polaris";
import type { FigureCard } from "~/report/cards";
import { ChangeText } from "./change-text";
import styles from "./figure-cards.module.css";
import { SparkLine } from "./spark-line";

/** One card for each figure: its value, its change and its line. */
export function FigureCards({ cards }: { cards: FigureCard[] }) {
  return (
    <div className={styles.cards}>
      {cards.map((card) => (
        <Card key={card.label} padding="400">
          <div className={styles.card}>
            <Text as="h2" variant="bodyMd" fontWeight="medium">
              <Tooltip content={card.says} hasUnderline>
                <span>{card.label}</span>
              </Tooltip>
            </Text>
            <Text as="p" variant="headingXl" numeric>
              <span data-shape>{card.value}</span>
            </Text>
            <ChangeText change={card.change} />
            <div className={styles.spark} data-shape>
              <SparkLine line={card.line} />
            </div>
          </div>
        </Card>
      ))}
    </div>
  );
}
