import { isOperatorRequest, setOperatorHeaders } from "~/operator/headers.server";
import { toShopDomain } from "./shop-domain.server";

/**
 * Lets the Shopify admin of the shop in the address embed a page, and nobody else: whatever stands in its place lets
 * nobody. No cache keeps a page: its numbers are one merchant's. The operator's page is embedded by nobody, whatever its
 * address says; `nonce` is of its inline scripts.
 */
export function setPageHeaders(request: Request, headers: Headers, nonce?: string): void {
  if (isOperatorRequest(request)) {
    setOperatorHeaders(headers, nonce ?? null);
    return;
  }
  const shop = toShopDomain(new URL(request.url).searchParams.get("shop"));
  const ancestors = shop ? `https://${shop} https://admin.shopify.com` : "'none'";
  headers.set("Content-Security-Policy", `frame-ancestors ${ancestors};`);
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
}

/** The answer to a page whose turn did not come: the browser asks for it again by itself. */
export function refuseBusyPage(request: Request): Response {
  const seconds = "5";
  const headers = new Headers({
    "Content-Type": "text/plain; charset=utf-8",
    "Retry-After": seconds,
    Refresh: seconds,
  });
  setPageHeaders(request, headers);
  const sentence = "Too many pages are being opened. Nothing is lost: this one opens by itself in a few seconds.";
  return new Response(sentence, { status: 503, headers });
}
