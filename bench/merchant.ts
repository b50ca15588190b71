import type pg from "pg";
import { signSessionToken } from "../demo/session-token";
import { browserName } from "../demo/site";

/** Stores the session that Shopify's library looks for, and signs a token that lasts. */
export async function openSession(
  sql: pg.Client,
  environment: Record<string, string>,
  domain: string,
): Promise<string> {
  await sql.query(
    `insert into "Session" (id, shop, state, "accessToken") values ($1, $2, '', 'bench') on conflict do nothing`,
    [`offline_${domain}`, domain],
  );
  const { SHOPIFY_API_KEY: apiKey = "", SHOPIFY_API_SECRET: apiSecret = "" } = environment;
  return signSessionToken({ domain, apiKey, apiSecret, lifetimeSeconds: 86_400 });
}

/** What the Shopify admin adds to the address of a page that it shows. */
export function toPageQuery(domain: string, token: string): URLSearchParams {
  const host = `admin.shopify.com/store/${domain.replace(".myshopify.com", "")}`;
  return new URLSearchParams({
    embedded: "1",
    host: Buffer.from(host).toString("base64url"),
    id_token: token,
    shop: domain,
  });
}

/** The headers of a merchant's browser, with a session token where the address has none. */
export function toHeaders(token?: string): Record<string, string> {
  return { "User-Agent": browserName, ...(token && { Authorization: `Bearer ${token}` }) };
}
