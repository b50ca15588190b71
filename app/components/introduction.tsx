import { BlockStack, Card, List, Text } from "@shopify/polaris";
import { useTexts } from "./use-locale";

/** What a new shop sees: what will be here, and when. */
export function Introduction({ items }: { items: string[] }) {
  const { introduction } = useTexts();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {introduction.title}
        </Text>
        <Text as="p">{introduction.text}</Text>
        <List>
          {items.map((item) => (
            <List.Item key={item}>{item}</List.Item>
          ))}
        </List>
      </BlockStack>
    </Card>
  );
}
