import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { isAccessTokenOf, issueAccessToken } from "../access-tokens";
import { type ShopPlan, shops } from "../shops";
import type { Site } from "../site";
import { findProduct, toPictureUrl } from "./catalogue";

const hourSeconds = 3_600;
const refreshDaysSeconds = 90 * 24 * hourSeconds;
const apiVersion = "2026-10";

/**
 * Answers, in Shopify's place, what the app asks of a shop: to exchange a session token for an access token, which is
 * how a shop installs the app, and for titles of products. Call it after the build is loaded, which brings the real one.
 */
export function standInForShopify(scopes: string): void {
  setAbstractFetchFunc((async (input: string | URL, init?: RequestInit) => {
    const { hostname, pathname } = new URL(String(input));
    const isShop = shops.some(({ domain }) => domain === hostname);
    if (isShop && pathname === "/admin/oauth/access_token") return giveToken(hostname, scopes);
    if (isShop && pathname === `/admin/api/${apiVersion}/graphql.json`) return answerQuery(hostname, init);
    return Response.json({ error: "The demo knows no such address." }, { status: 404 });
  }) as typeof fetch);
}

function giveToken(domain: string, scopes: string): Response {
  return Response.json({
    access_token: issueAccessToken(domain),
    scope: scopes,
    expires_in: hourSeconds,
    refresh_token: `shprt_${randomBytes(16).toString("hex")}`,
    refresh_token_expires_in: refreshDaysSeconds,
  });
}

/** The one query that the app has: products by their ids, in their order, with null for each that there is not. */
function answerQuery(domain: string, init: RequestInit | undefined): Response {
  if (!isAccessTokenOf(domain, new Headers(init?.headers).get("X-Shopify-Access-Token"))) {
    return Response.json({ errors: "[API] Invalid API key or access token" }, { status: 401 });
  }
  const { variables } = JSON.parse(String(init?.body)) as { variables: { ids: string[] } };
  return Response.json({ data: { nodes: variables.ids.map((id) => toNode(domain, id)) } });
}

function toNode(domain: string, id: string) {
  const product = findProduct(domain, id);
  if (!product) return null;
  const { title, updatedAt } = product;
  const image = { url: toPictureUrl(id), altText: title };
  return { id, title, updatedAt: updatedAt.toISOString(), featuredMedia: { preview: { image } } };
}

/** Tells the app, as Shopify does by a signed webhook, what has happened in the shop. */
export async function sendWebhook(site: Site, { domain }: ShopPlan, topic: string, payload: object): Promise<void> {
  const body = JSON.stringify(payload);
  const response = await fetch(`${site.origin}/webhooks/${topic}`, {
    method: "POST",
    body,
    headers: {
      "Content-Type": "application/json",
      "X-Shopify-Topic": topic,
      "X-Shopify-Shop-Domain": domain,
      "X-Shopify-Hmac-Sha256": createHmac("sha256", site.apiSecret).update(body).digest("base64"),
      "X-Shopify-API-Version": apiVersion,
      "X-Shopify-Webhook-Id": randomUUID(),
      "X-Shopify-Triggered-At": new Date().toISOString(),
    },
  });
  if (!response.ok) throw new Error(`The webhook ${topic} was answered ${response.status}: ${await response.text()}`);
}
