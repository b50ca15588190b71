import { createHmac } from "node:crypto";
import { createCookie, redirect } from "@remix-run/node";
import { secrets } from "~/env.server";
import { isSecret } from "~/services/rollup/http/bearer.server";
import { isSecureRequest } from "./origin.server";
import { loginPath, operatorPath } from "./paths";

// The session of whoever holds the admin token. Its cookie holds no token: it is signed with a key that is made from the
// token which opened it. So it ends by itself, and for everyone when that token is replaced, on every server together.

const sessionSeconds = 12 * 3_600;

/** True when an admin token is set. Without one the page is closed. */
export function isConfigured(): boolean {
  return listTokens().length > 0;
}

/**
 * Opens a session for whoever gives an admin token: the header that sets its cookie, or null where the token is none.
 * Compares in constant time.
 */
export async function openSession(request: Request, given: string): Promise<string | null> {
  const [token] = listTokens().filter((one) => isSecret(given, one));
  if (token === undefined) return null;
  const session: Session = { until: Date.now() + sessionSeconds * 1_000 };
  return makeCookie([token]).serialize(session, { maxAge: sessionSeconds, secure: isSecureRequest(request) });
}

/** The header that makes the browser forget its session. */
export function endSession(request: Request): Promise<string> {
  return makeCookie(listTokens()).serialize("", { maxAge: 0, secure: isSecureRequest(request) });
}

/** True for a request with the cookie of a session that is open. */
export async function hasSession(request: Request): Promise<boolean> {
  const tokens = listTokens();
  // Without a key any cookie would do.
  if (tokens.length === 0) return false;
  const session = (await makeCookie(tokens).parse(request.headers.get("Cookie"))) as Partial<Session> | null;
  return typeof session?.until === "number" && session.until > Date.now();
}

/** @throws Response that leads to the login, and from there back, where the request has no open session. */
export async function requireOperator(request: Request): Promise<void> {
  if (await hasSession(request)) return;
  const { pathname, searchParams } = new URL(request.url);
  for (const name of ["_data", "index"]) searchParams.delete(name);
  const query = searchParams.size > 0 ? `?${searchParams}` : "";
  const to = request.method === "GET" && pathname !== operatorPath ? `${pathname}${query}` : "";
  const address = to ? `${loginPath}?${new URLSearchParams({ to })}` : loginPath;
  throw redirect(address, { status: 303, headers: { "Cache-Control": "no-store" } });
}

type Session = { until: number };

/** The first token's key signs; the keys of all open. */
function makeCookie(tokens: string[]) {
  const secrets = tokens.map(toKey);
  return createCookie("operator", { path: operatorPath, httpOnly: true, sameSite: "strict", secrets });
}

function toKey(token: string): string {
  return createHmac("sha256", token).update("The key that signs sessions of the operator's page").digest("hex");
}

function listTokens(): string[] {
  return secrets.admin.filter((token): token is string => Boolean(token));
}
