import { Link, Text } from "@shopify/polaris";

/**
 * What a visitor reads who comes from outside of the admin: Shopify alone knows whose shop it is, and which language its
 * merchant reads. So it is in English.
 */
export function OpenFromAdmin() {
  return (
    <Text as="p">
      The app opens in your Shopify admin, below Apps. If it isn't there yet, install it from its page in the Shopify
      App Store. <Link url="https://admin.shopify.com">Go to your Shopify admin</Link>
    </Text>
  );
}
