import type { Texts } from "~/texts/texts";

/**
 * A product as people read it while no title of it is known, since a page of numbers does not wait for the Admin API:
 * "gid://shopify/Product/7001" is "Product 7001".
 */
export function toProductLabel({ topProducts }: Texts, productId: string): string {
  const last = productId.split("/").at(-1) || productId;
  return /^\d+$/.test(last) ? topProducts.product(last) : last;
}
