import { toShopDomain } from "./shop-domain.server";

/**
 * Lets the Shopify admin of the shop in the address embed a page, and nobody else: whatever stands in its place lets
 * nobody. No cache keeps a page: its numbers are one merchant's.
 */
export function setPageHeaders(request: Request, headers: Headers): void {
  const shop = toShopDomain(new URL(request.url).searchParams.get("shop"));
  const ancestors = shop ? `https://${shop} https://admin.shopify.com` : "'none'";
  headers.set("Content-Security-Policy", `frame-ancestors ${ancestors};`);
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
}
