import { z } from "zod";

// What the environment's schema asks of single values. Each problem comes after the variable's name, and repeats no part
// of the value.

const loopback = ["localhost", "127.0.0.1", "[::1]"];

/** The app's own address: Shopify's library takes the origin alone, and a merchant's admin frames nothing but https. */
export function describeAppUrlProblem(value: string): string | null {
  const example = 'for example "https://app.example.com"';
  const url = parse(value);
  if (!url || !["https:", "http:"].includes(url.protocol)) {
    return `must be a URL that starts with https:// or http://, ${example}`;
  }
  if (url.protocol === "http:" && !loopback.includes(url.hostname)) return `must start with https://, ${example}`;
  if (/[?#]/.test(value) || url.pathname !== "/" || url.username || url.password) {
    return `must be no more than a scheme and a host, ${example}`;
  }
  return null;
}

/** Where alerts are posted. A user and a password in it are sent as an Authorization header. */
export function describeWebhookProblem(value: string): string | null {
  const url = parse(value);
  if (!url || !["https:", "http:"].includes(url.protocol)) return "must be a URL that starts with https:// or http://";
  try {
    decodeURIComponent(url.username + url.password);
    return null;
  } catch {
    return "must have its user and password percent-encoded: % is %25";
  }
}

/** A line break or a blank is one too many: the parser drops it, and others who are given the address would not. */
function parse(value: string): URL | null {
  return /^\S+$/.test(value) && URL.canParse(value) ? new URL(value) : null;
}

/** Shopify's access scopes, as the CLI writes them: names, with commas between them. Blanks beside a comma are dropped. */
export const scopes = z
  .string()
  .transform((value) => value.split(",").map((name) => name.trim()))
  .refine(
    (names) => names.every((name) => /^[a-z]+(_[a-z0-9]+)+$/.test(name)),
    'must be scopes with commas between them, for example "read_products,write_orders"',
  )
  .transform((names) => names.join(","));
