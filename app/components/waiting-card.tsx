import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useTexts } from "./use-locale";

type WaitingCardProps = { count: number; value: string; url: string };

/** How many testimonials wait for moderation, and the way there. */
export function WaitingCard({ count, value, url }: WaitingCardProps) {
  const { waiting } = useTexts();
  return (
    <Card>
      <InlineStack align="space-between" blockAlign="center" gap="300">
        <BlockStack gap="050">
          <Text as="h2" variant="headingMd">
            {waiting.title}
          </Text>
          <Text as="p" tone="subdued">
            {count === 0 ? waiting.none : <Waiting count={count} value={value} />}
          </Text>
        </BlockStack>
        {count > 0 && (
          <Button variant="primary" url={url}>
            {waiting.moderate}
          </Button>
        )}
      </InlineStack>
    </Card>
  );
}

function Waiting({ count, value }: { count: number; value: string }) {
  const { waiting } = useTexts();
  return (
    <>
      <Text as="span" fontWeight="semibold" numeric>
        {value}
      </Text>
      <span>{` ${waiting.some(count)}`}</span>
    </>
  );
}
