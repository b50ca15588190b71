import { BlockStack, Button, Card, Text } from "@shopify/polaris";

type WaitingCardProps = { count: number; value: string; url: string };

/** How many testimonials wait for moderation, and the way there. */
export function WaitingCard({ count, value, url }: WaitingCardProps) {
  return (
    <Card>
      <BlockStack gap="300" inlineAlign="start">
        <BlockStack gap="050">
          <Text as="h2" variant="headingMd">
            Waiting for moderation
          </Text>
          <Text as="p" tone="subdued">
            {count === 0 ? "Nothing is waiting." : "Testimonials of any age that nobody has decided on."}
          </Text>
        </BlockStack>
        {count > 0 && (
          <>
            <Text as="p" variant="headingXl" numeric>
              <span data-shape>{value}</span>
            </Text>
            <Button variant="primary" url={url}>
              Moderate
            </Button>
          </>
        )}
      </BlockStack>
    </Card>
  );
}
