import { Link } from "@remix-run/react";
import { Card, Text } from "@shopify/polaris";
import type { FigureCard } from "~/report/cards";
import { ChangeText } from "./change-text";
import styles from "./figure-cards.module.css";
import { SparkLine } from "./spark-line";
import { toTrendUrl } from "./use-figure-in-address";
import { usePageUrl } from "./use-page-url";

/**
 * One card for each figure: its value, its change and its line. The whole card leads to the figure's trend, by one link
 * that is called as the figure is.
 */
export function FigureCards({ cards }: { cards: FigureCard[] }) {
  const toPageUrl = usePageUrl();
  return (
    <div className={styles.cards}>
      {cards.map((card) => (
        <Card key={card.key} padding="400">
          <div className={styles.card}>
            <Text as="h2" variant="bodyMd" fontWeight="medium">
              <Link to={toTrendUrl(toPageUrl, card.key)} className={styles.link}>
                {card.label}
              </Link>
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
