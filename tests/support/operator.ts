import { expect } from "vitest";
import * as loginRoute from "~/routes/operator_.login";
import { testEnv } from "../setup/settings";
import { call } from "./call";

export const sameSite = { Origin: testEnv.SHOPIFY_APP_URL };

/** Sends the login's form with this token. */
export function logIn(token: string, headers: Record<string, string> = sameSite): Promise<Response> {
  return call(loginRoute as never, "/operator/login", {
    method: "POST",
    headers,
    body: new URLSearchParams({ token }),
  });
}

/** The cookie of a session that this token opens, as the browser sends it back. */
export async function openSession(token: string = testEnv.ADMIN_TOKEN): Promise<string> {
  const response = await logIn(token);
  expect(response.status).toBe(303);
  const [cookie = ""] = response.headers.get("Set-Cookie")?.split(";") ?? [];
  return cookie;
}

type Route = { loader?: unknown; action?: unknown };
type Params = Record<string, string>;

/** What the loader of a page answers to an operator. */
export async function openPage(route: Route, path: string, params: Params = {}) {
  const response = await call(route as never, path, { headers: { Cookie: await openSession() }, params });
  return { status: response.status, page: await response.json(), headers: response.headers };
}

/** Sends a form of a page as an operator. `to`: where its answer leads. */
export async function sendForm(route: Route, path: string, fields: Params, params: Params = {}) {
  const response = await call(route as never, path, {
    method: "POST",
    headers: { Cookie: await openSession(), ...sameSite },
    body: new URLSearchParams(fields),
    params,
  });
  const to = response.headers.get("Location");
  return { status: response.status, to, answer: to === null ? await response.json() : null };
}
