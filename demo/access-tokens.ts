import { randomBytes } from "node:crypto";

/** Which shop each access token is of. */
const shopsByToken = new Map<string, string>();

/** A new access token of the shop, such as Shopify gives to an app. */
export function issueAccessToken(domain: string): string {
  const token = `shpat_${randomBytes(16).toString("hex")}`;
  shopsByToken.set(token, domain);
  return token;
}

/** True for a token that was given for this shop. */
export function isAccessTokenOf(domain: string, token: string | null): boolean {
  return token !== null && shopsByToken.get(token) === domain;
}
