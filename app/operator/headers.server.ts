import { randomBytes } from "node:crypto";
import { isOperatorPath } from "./paths";

/** True for a request of the operator's page, or of its data. */
export function isOperatorRequest(request: Request): boolean {
  return isOperatorPath(new URL(request.url).pathname);
}

/** What the inline scripts of one answer are known by. */
export function makeNonce(): string {
  return randomBytes(16).toString("base64");
}

/**
 * No frame may hold the page, no cache and no search engine keeps it, and it runs this app's own scripts alone. Fonts and their
 * style sheet are Shopify's. `nonce` is null for an answer without inline scripts.
 */
export function setOperatorHeaders(headers: Headers, nonce: string | null): void {
  headers.set("Content-Security-Policy", [...framing, ...(isDevelopment ? [] : toSources(nonce))].join("; "));
  headers.set("X-Frame-Options", "DENY");
  headers.set("X-Robots-Tag", "noindex, nofollow");
  headers.set("Cache-Control", "no-store");
}

const isDevelopment = import.meta.env.MODE === "development";

const framing = ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"];

/** The development server's own scripts would not pass. */
function toSources(nonce: string | null): string[] {
  return [
    "default-src 'none'",
    `script-src 'self'${nonce === null ? "" : ` 'nonce-${nonce}'`}`,
    "style-src 'self' https://cdn.shopify.com",
    // Places in a drawing are given as style attributes.
    "style-src-attr 'unsafe-inline'",
    "font-src https://cdn.shopify.com",
    "img-src 'self' data:",
    "connect-src 'self'",
  ];
}
