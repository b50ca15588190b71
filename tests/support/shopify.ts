import { createHmac, randomUUID } from "node:crypto";
import type { ActionFunctionArgs } from "@remix-run/node";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { vi } from "vitest";
import { db } from "~/db.server";
import { sign } from "./signature";
// Brings Shopify's adapter, which sets the fetch that is replaced below.
import "~/shopify.server";

type Respond = (args: ActionFunctionArgs) => Promise<Response>;

/** Stands in for Shopify's network: refuses each call as it does for a shop that has removed the app. */
export const shopifyNetwork = vi.fn<typeof fetch>(async () =>
  Response.json({ error: "invalid_request" }, { status: 400 }),
);
setAbstractFetchFunc(shopifyNetwork);

export function makeDomain(): string {
  return `shop-${randomUUID()}.myshopify.com`;
}

type Delivery = {
  topic: string;
  shop: string;
  body?: string;
  /** Null leaves a header out. */
  headers?: Record<string, string | null>;
};

/** A webhook as Shopify delivers it: signed over the very bytes of its body. */
export function toRequest({ topic, shop, body = "{}", headers = {} }: Delivery): Request {
  const all = {
    "Content-Type": "application/json",
    "X-Shopify-Topic": topic,
    "X-Shopify-Shop-Domain": shop,
    "X-Shopify-Hmac-Sha256": sign(body),
    "X-Shopify-API-Version": "2026-10",
    "X-Shopify-Webhook-Id": randomUUID(),
    "X-Shopify-Triggered-At": new Date().toISOString(),
    ...headers,
  };
  const kept = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
  return new Request(`https://app.example.com/webhooks/${topic}`, { method: "POST", headers: kept, body });
}

/** Hands a Request to a route's action or loader. */
export function call(respond: Respond, request: Request): Promise<Response> {
  return respond({ request, params: {}, context: {} });
}

/** The stored session of a shop. `isDead`: its token has expired, and Shopify will not refresh it. */
export async function addSession(shop: string, { isDead = false } = {}): Promise<void> {
  const hourMs = 3_600_000;
  await db.session.create({
    data: {
      id: `offline_${shop}`,
      shop,
      state: "",
      scope: "read_products",
      accessToken: "shpat_test",
      expires: new Date(Date.now() + (isDead ? -hourMs : hourMs)),
      refreshToken: "shprt_test",
      refreshTokenExpires: new Date(Date.now() + (isDead ? -hourMs : hourMs)),
    },
  });
}

export function countSessions(shop: string): Promise<number> {
  return db.session.count({ where: { shop } });
}

/** The address of a page as the Shopify admin opens it, with a session token of the shop. */
export function toPageUrl(path: string, shop: string): string {
  const query = new URLSearchParams({
    embedded: "1",
    host: Buffer.from(`admin.shopify.com/store/${shop.split(".")[0]}`).toString("base64url"),
    id_token: signSessionToken(shop),
    shop,
  });
  return `${process.env.SHOPIFY_APP_URL}${path}?${query}`;
}

function signSessionToken(shop: string): string {
  const now = Math.floor(Date.now() / 1000);
  const [header, payload] = [
    { alg: "HS256", typ: "JWT" },
    {
      iss: `https://${shop}/admin`,
      dest: `https://${shop}`,
      aud: process.env.SHOPIFY_API_KEY,
      sub: "1",
      exp: now + 60,
      nbf: now - 1,
      iat: now - 1,
      jti: randomUUID(),
      sid: randomUUID(),
    },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const signature = createHmac("sha256", process.env.SHOPIFY_API_SECRET ?? "").update(`${header}.${payload}`);
  return `${header}.${payload}.${signature.digest("base64url")}`;
}
