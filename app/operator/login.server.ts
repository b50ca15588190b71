import { json, redirect, type TypedResponse } from "@remix-run/node";
import { log } from "~/log.server";
import { countWrongLogin, getLoginWait } from "./login-limiter.server";
import { requireSameOrigin } from "./origin.server";
import { readForm } from "./page.server";
import { operatorPath, toPathAfterLogin } from "./paths";
import { endSession, hasSession, isConfigured, openSession } from "./session.server";

const headers = { "Cache-Control": "no-store" };

type LoginPage = { isConfigured: boolean; to: string };

/** The login, or the page that it leads to where a session is open. 503 where no admin token is set. */
export async function loadLogin(request: Request): Promise<TypedResponse<LoginPage>> {
  const to = toPathAfterLogin(new URL(request.url).searchParams.get("to") ?? operatorPath);
  if (await hasSession(request)) return redirect(to, { status: 303, headers });
  return json({ isConfigured: isConfigured(), to }, { status: isConfigured() ? 200 : 503, headers });
}

type WrongLogin = { error: string };

/**
 * Opens a session for the right token. 401 for a wrong one, 429 after too many of those, 503 where none is set.
 *
 * @throws Response 403 where another site sent the form.
 */
export async function logIn(request: Request): Promise<TypedResponse<WrongLogin>> {
  requireSameOrigin(request);
  if (!isConfigured()) return refuse(503, "ADMIN_TOKEN is not set on the server.");
  const form = await readForm(request).catch(() => ({}) as Record<string, string>);
  const wait = getLoginWait();
  if (wait > 0)
    return refuse(429, `Too many wrong tokens were given. Try again in ${wait} s.`, { "Retry-After": `${wait}` });
  const { token, to = operatorPath } = form;
  if (token === undefined) return refuse(400, "Must be the admin token; it was empty.");
  const cookie = await openSession(request, token);
  if (cookie === null) {
    countWrongLogin();
    log.warn("a wrong admin token was given at the operator's page");
    return refuse(401, "This is not the admin token.");
  }
  log.info("an operator has logged in");
  return redirect(toPathAfterLogin(to), { status: 303, headers: { ...headers, "Set-Cookie": cookie } });
}

/**
 * Ends the session of the browser that asks.
 *
 * @throws Response 403 where another site sent the form.
 */
export async function logOut(request: Request): Promise<Response> {
  requireSameOrigin(request);
  return leaveTo({ "Set-Cookie": await endSession(request) });
}

/** Leads to the login. */
export function leaveTo(more: Record<string, string> = {}): Response {
  return redirect(`${operatorPath}/login`, { status: 303, headers: { ...headers, ...more } });
}

function refuse(status: number, error: string, more: Record<string, string> = {}): TypedResponse<WrongLogin> {
  return json({ error }, { status, headers: { ...headers, ...more } });
}
