import { BlockStack, Card, List, Text } from "@shopify/polaris";

/** What a new shop sees: what will be here, and when. */
export function Introduction({ items }: { items: string[] }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Your numbers will be here
        </Text>
        <Text as="p">
          Nothing has been sent or submitted yet. There is nothing to switch on: each number is here as soon as it
          happens.
        </Text>
        <List>
          {items.map((item) => (
            <List.Item key={item}>{item}</List.Item>
          ))}
        </List>
      </BlockStack>
    </Card>
  );
}
