import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";

type WaitingCardProps = { count: number; value: string; url: string };

/** How many testimonials wait for moderation, and the way there. */
export function WaitingCard({ count, value, url }: WaitingCardProps) {
  return (
    <Card>
      <InlineStack align="space-between" blockAlign="center" gap="300">
        <BlockStack gap="050">
          <Text as="h2" variant="headingMd">
            Waiting for moderation
          </Text>
          <Text as="p" tone="subdued">
            {count === 0 ? "Nothing is waiting." : <Waiting count={count} value={value} />}
          </Text>
        </BlockStack>
        {count > 0 && (
          <Button variant="primary" url={url}>
            Moderate
          </Button>
        )}
      </InlineStack>
    </Card>
  );
}

function Waiting({ count, value }: { count: number; value: string }) {
  return (
    <>
      <Text as="span" fontWeight="semibold" numeric>
        {value}
      </Text>
      <span>{` ${count === 1 ? "testimonial" : "testimonials of any age"} that nobody has decided on.`}</span>
    </>
  );
}
