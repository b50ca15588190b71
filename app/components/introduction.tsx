import { BlockStack, Button, Card, InlineStack, List, Text } from "@shopify/polaris";
import { sendRequestsUrl } from "~/host-screens";
import { useTexts } from "./use-locale";
import { usePageUrl } from "./use-page-url";

/** What a new shop sees: what will be here, and when, and the one thing that begins it. */
export function Introduction({ items }: { items: string[] }) {
  const { introduction } = useTexts();
  const toPageUrl = usePageUrl();
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
        <InlineStack>
          <Button variant="primary" url={toPageUrl(sendRequestsUrl)}>
            {introduction.start}
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
