import { BlockStack, Card, InlineGrid, SkeletonDisplayText, Text } from "@shopify/polaris";

export type CountCard = { name: string; label: string; help: string; value: string };

/** One card for each number. While new ones load, shapes of the same size stand in for them. */
export function CountsCards({ cards, isLoading }: { cards: CountCard[]; isLoading: boolean }) {
  return (
    <InlineGrid columns={{ xs: 1, sm: 2, md: 4 }} gap="400">
      {cards.map((card) => (
        <Card key={card.name}>
          <BlockStack gap="200">
            <Text as="h2" variant="headingSm">
              {card.label}
            </Text>
            {isLoading ? (
              <SkeletonDisplayText size="medium" />
            ) : (
              <Text as="p" variant="headingXl">
                {card.value}
              </Text>
            )}
            <Text as="p" tone="subdued">
              {card.help}
            </Text>
          </BlockStack>
        </Card>
      ))}
    </InlineGrid>
  );
}
