import { createHmac, randomBytes } from "node:crypto";
import { signSessionToken } from "../session-token";
import { type ShopPlan, toShopId } from "../shops";
import type { Site } from "../site";

/** Shopify's session tokens live one minute. */
export const tokenLifetimeSeconds = 60;

/** What the admin adds to the address of the frame; all else in the query is the app's. */
const adminParameters = ["embedded", "hmac", "host", "id_token", "locale", "session", "shop", "timestamp"];

/** A page of the app, with its query, that a merchant may come back to. What is no page of the app becomes its first. */
export function toAppPath(path: unknown, origin: string): string {
  if (typeof path !== "string" || !/^\/app(?:[/?]|$)/.test(path)) return "/app";
  const { pathname, searchParams } = new URL(path, origin);
  for (const name of adminParameters) searchParams.delete(name);
  const query = searchParams.toString();
  return query ? `${pathname}?${query}` : pathname;
}

/** The address that the admin opens in its frame: the app's page with a fresh session token, all of it signed. */
export function toFrameAddress(site: Site, plan: ShopPlan, locale: string, path: string): string {
  const url = new URL(toAppPath(path, site.origin), site.origin);
  const host = Buffer.from(`admin.shopify.com/store/${toShopId(plan)}`).toString("base64url");
  const parameters: Record<string, string> = {
    embedded: "1",
    host,
    id_token: signSessionToken({ ...site, domain: plan.domain, lifetimeSeconds: tokenLifetimeSeconds }),
    locale,
    session: randomBytes(32).toString("hex"),
    shop: plan.domain,
    timestamp: String(Math.floor(Date.now() / 1_000)),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  url.searchParams.sort();
  const hmac = createHmac("sha256", site.apiSecret).update(url.searchParams.toString()).digest("hex");
  url.searchParams.set("hmac", hmac);
  return `${url.pathname}${url.search}`;
}
