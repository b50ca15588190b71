import { env } from "~/env.server";

/**
 * Lets a form pass that a page of this very site has sent. The cookie's SameSite keeps others out already; this holds where
 * a browser does not know it, and for the login, which has no cookie yet.
 *
 * @throws Response 403 for a request of another site, or of none.
 */
export function requireSameOrigin(request: Request): void {
  const { headers } = request;
  const site = headers.get("Sec-Fetch-Site");
  const isSame = site === null || site === "same-origin";
  if (isSame && listHosts(request).includes(toHost(headers.get("Origin")))) return;
  const sentence = "This form was not sent by a page of this site. Open the operator's page and send it from there.";
  throw new Response(sentence, { status: 403, headers: { "Cache-Control": "no-store" } });
}

/** True where the browser speaks https to this site, be it to a proxy in front of it. */
export function isSecureRequest({ url, headers }: Request): boolean {
  const { protocol, host } = new URL(url);
  const forwarded = headers.get("X-Forwarded-Proto")?.split(",")[0]?.trim();
  if (protocol === "https:" || forwarded === "https") return true;
  const app = env.SHOPIFY_APP_URL && new URL(env.SHOPIFY_APP_URL);
  return Boolean(app && app.protocol === "https:" && app.host === host);
}

/** A proxy may ask by another name than the browser does, and says so in a header that no form of a site can set. */
function listHosts({ url, headers }: Request): (string | null)[] {
  const forwarded = headers.get("X-Forwarded-Host")?.split(",")[0]?.trim() ?? null;
  const app = env.SHOPIFY_APP_URL ? new URL(env.SHOPIFY_APP_URL).host : null;
  return [new URL(url).host, forwarded, app].filter((host) => host !== null);
}

function toHost(origin: string | null): string | null {
  return origin !== null && URL.canParse(origin) ? new URL(origin).host : null;
}
