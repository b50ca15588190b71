import { isFramed } from "./frame.server";
import { toShopDomain } from "./shop-domain.server";

/** What no session token is: Shopify's library answers it as it answers any that is wrong. */
const refusedToken = "refused";

/**
 * The request as Shopify's library may see it. Some of what a stranger can write into an address or a token makes the
 * library throw, or comes back in a header: a shop or a host that is none is left out, and a token whose shop is none,
 * or is another than its issuer's, is as good as a forged one. The body stays behind: no page of a merchant takes one.
 */
export function dropHostileParts(request: Request): Request {
  const url = new URL(request.url);
  const headers = new Headers(request.headers);
  const { searchParams } = url;
  const shop = toShopDomain(searchParams.get("shop"));
  if (shop) searchParams.set("shop", shop);
  else searchParams.delete("shop");
  if (!isAdminHost(searchParams.get("host") ?? "")) searchParams.delete("host");
  // Without it the library would send the frame to the admin, which can't be in a frame itself.
  if (isFramed(request)) searchParams.set("embedded", "1");
  if (searchParams.has("id_token") && !isShopToken(searchParams.get("id_token") ?? "")) {
    searchParams.set("id_token", refusedToken);
  }
  const authorization = headers.get("Authorization");
  if (authorization !== null && !isShopToken(authorization.replace("Bearer ", ""))) {
    headers.set("Authorization", `Bearer ${refusedToken}`);
  }
  return new Request(url, { method: request.method, headers });
}

/** True for what Shopify gives as `host`: the admin's address of a shop, in Base64. */
function isAdminHost(host: string): boolean {
  if (!/^[0-9a-z+/]+={0,2}$/i.test(host)) return false;
  const address = Buffer.from(host, "base64").toString("latin1");
  return /^[a-z0-9][a-z0-9.-]*\.(myshopify\.com|shopify\.com|myshopify\.io|shop\.dev)(\/[\w/-]*)?$/i.test(address);
}

/** Looks at the claims alone, and never instead of the signature. A URL has its host in lower case, whatever the claim's. */
function isShopToken(token: string): boolean {
  try {
    const { dest, iss } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    const shop = new URL(dest);
    return (
      toShopDomain(shop.hostname) !== null && shop.origin === dest.toLowerCase() && new URL(iss).origin === shop.origin
    );
  } catch {
    return false;
  }
}
