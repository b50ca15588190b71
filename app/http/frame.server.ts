import { shopDomainEndings } from "./shop-domain.server";

/** What the admin adds to the address of its frame. Signed or not, none of it is the app's own. */
export const adminParameters = ["embedded", "hmac", "host", "id_token", "locale", "session", "shop", "timestamp"];

/** The page that finds out, by App Bridge, whose frame it is in, and opens a page of the app there. */
const reopenPath = "/auth/reopen";

/** True for a document that the browser loads in a frame. All browsers in which the admin opens say so. */
export function isFramed(request: Request): boolean {
  return request.method === "GET" && request.headers.get("Sec-Fetch-Dest") === "iframe";
}

/** Where a page of the app goes whose address, loaded in the frame, doesn't say the shop. */
export function toReopenAddress(request: Request): string {
  const { pathname, searchParams } = new URL(request.url);
  for (const name of adminParameters) searchParams.delete(name);
  const query = searchParams.toString();
  return `${reopenPath}?${new URLSearchParams({ path: query ? `${pathname}?${query}` : pathname })}`;
}

/** True for a path, with its query, of one of the app's pages on its own site. */
export function isAppPath(path: string): boolean {
  const site = "https://app.invalid";
  if (!URL.canParse(path, site)) return false;
  const { origin, pathname } = new URL(path, site);
  return origin === site && /^\/app(\/|$)/.test(pathname);
}

/** Which admins may hold a page that doesn't know its shop. It holds nothing of any shop. */
export function toAnyAdminPolicy(): string {
  const shops = shopDomainEndings.map((ending) => `https://*.${ending}`);
  return `frame-ancestors https://admin.shopify.com ${shops.join(" ")};`;
}
