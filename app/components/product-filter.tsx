import { useLocation } from "@remix-run/react";
import { Card, InlineStack, Link, Text } from "@shopify/polaris";
import { toSearchWithProduct } from "~/report/range";
import { useTexts } from "./use-locale";

/** Says that the numbers are of one product alone, and leads back to those of all. */
export function ProductFilter({ label }: { label: string }) {
  const { pathname, search } = useLocation();
  const { product } = useTexts();
  return (
    <Card padding="300">
      <InlineStack gap="200" align="space-between" blockAlign="center">
        <Text as="p">
          <span>{product.only}</span>{" "}
          <Text as="span" fontWeight="semibold">
            <bdi dir="auto">{label}</bdi>
          </Text>
        </Text>
        <Link url={`${pathname}${toSearchWithProduct(search, null)}`}>{product.all}</Link>
      </InlineStack>
      <Text as="p" tone="subdued">
        {product.note}
      </Text>
    </Card>
  );
}
