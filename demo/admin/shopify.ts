import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { type ShopPlan, shops } from "../shops";
import type { Site } from "../site";

const hourSeconds = 3_600;
const refreshDaysSeconds = 90 * 24 * hourSeconds;

/**
 * Answers, in Shopify's place, what the app's Shopify library asks of a shop: to exchange a session token for an access
 * token, which is how a shop installs the app. Call it after the build is loaded, which brings the real one.
 */
export function standInForShopify(scopes: string): void {
  setAbstractFetchFunc((async (input: string | URL) => {
    const { hostname, pathname } = new URL(String(input));
    const isExchange = pathname === "/admin/oauth/access_token" && shops.some(({ domain }) => domain === hostname);
    if (!isExchange) return Response.json({ error: "The demo knows no such address." }, { status: 404 });
    return Response.json({
      access_token: makeToken("shpat"),
      scope: scopes,
      expires_in: hourSeconds,
      refresh_token: makeToken("shprt"),
      refresh_token_expires_in: refreshDaysSeconds,
    });
  }) as typeof fetch);
}

/** Tells the app, as Shopify does by a signed webhook, that the shop has removed it. */
export async function sendUninstalled(site: Site, { domain }: ShopPlan): Promise<void> {
  const topic = "app/uninstalled";
  const body = JSON.stringify({ domain });
  const response = await fetch(`${site.origin}/webhooks/${topic}`, {
    method: "POST",
    body,
    headers: {
      "Content-Type": "application/json",
      "X-Shopify-Topic": topic,
      "X-Shopify-Shop-Domain": domain,
      "X-Shopify-Hmac-Sha256": createHmac("sha256", site.apiSecret).update(body).digest("base64"),
      "X-Shopify-API-Version": "2026-10",
      "X-Shopify-Webhook-Id": randomUUID(),
      "X-Shopify-Triggered-At": new Date().toISOString(),
    },
  });
  if (!response.ok) throw new Error(`The webhook ${topic} was answered ${response.status}: ${await response.text()}`);
}

function makeToken(prefix: string): string {
  return `${prefix}_${randomBytes(16).toString("hex")}`;
}
