import { env } from "~/env.server";

/** Endings of a shop's own domain: Shopify's, that of its test environments, and what the CLI may set. */
const endings = ["myshopify.com", "myshopify.io", "shop.dev", env.SHOP_CUSTOM_DOMAIN];

/** True for a domain that can be a shop's: a name and one of the endings, and nothing that a header could not hold. */
export function isShopDomain(text: string): boolean {
  const [name, ...rest] = text.split(".");
  return text.length <= 255 && /^[a-z0-9][a-z0-9_-]*$/i.test(name ?? "") && endings.includes(rest.join("."));
}
