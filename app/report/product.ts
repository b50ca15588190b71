import { dash } from "~/texts/formats";
import type { Texts } from "~/texts/texts";
import { toVisibleText } from "./visible-text";

/**
 * A product as people read it while no title of it is known, since a page of numbers does not wait for the Admin API:
 * "gid://shopify/Product/7001" is "Product 7001".
 */
export function toProductLabel({ topProducts }: Texts, productId: string): string {
  const last = productId.split("/").at(-1) || productId;
  return /^\d+$/.test(last) ? topProducts.product(last) : last;
}

/** A product's title or, where there is none that anyone could see, what is readable of its id. */
export function toProductTitle(texts: Texts, { id, title }: { id: string; title: string | null }): string {
  return toVisibleText(title) ?? toVisibleText(toProductLabel(texts, id)) ?? dash;
}
