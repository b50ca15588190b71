import { BlockStack, Card, Page } from "@shopify/polaris";
import { AppProvider } from "@shopify/shopify-app-remix/react";
import type { ReactNode } from "react";

/** A page outside the Shopify admin: one card, no App Bridge. */
export function PlainPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <AppProvider isEmbeddedApp={false} apiKey="">
      <Page narrowWidth title={title}>
        <Card>
          <BlockStack gap="400">{children}</BlockStack>
        </Card>
      </Page>
    </AppProvider>
  );
}
