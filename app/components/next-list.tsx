import { BlockStack, Button, Card, Text } from "@shopify/polaris";
import type { NextItem } from "~/report/next";
import styles from "./next-list.module.css";
import { useTexts } from "./use-locale";
import { usePageUrl } from "./use-page-url";

/** What the merchant may do next, each with the way there. Nothing at all where there is nothing. */
export function NextList({ items }: { items: NextItem[] }) {
  const { next } = useTexts();
  const toPageUrl = usePageUrl();
  if (items.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {next.title}
        </Text>
        <ul className={styles.list}>
          {items.map(({ sentence, link, url }) => (
            <li key={url} className={styles.item}>
              <span>{sentence}</span>
              <Button variant="plain" url={toPageUrl(url)}>
                {link}
              </Button>
            </li>
          ))}
        </ul>
      </BlockStack>
    </Card>
  );
}
