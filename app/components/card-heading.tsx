import { InlineStack, Text } from "@shopify/polaris";
import type { ReactNode } from "react";

type CardHeadingProps = { title: string; children?: ReactNode };

/** The name of a card, and beside it what can be done with the card. */
export function CardHeading({ title, children }: CardHeadingProps) {
  return (
    <InlineStack align="space-between" blockAlign="center" gap="200">
      <Text as="h2" variant="headingMd">
        {title}
      </Text>
      {children}
    </InlineStack>
  );
}
