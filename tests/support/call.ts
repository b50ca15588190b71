import type { ActionFunction, LoaderFunction } from "@remix-run/node";
import { testEnv } from "../setup/settings";

type Route = { loader: LoaderFunction; action: ActionFunction };
type CallOptions = RequestInit & { params?: Record<string, string>; duplex?: "half" };

const loaderMethods = ["GET", "HEAD", "OPTIONS"];

export const cron = { Authorization: `Bearer ${testEnv.CRON_SECRET}` };
export const operator = { Authorization: `Bearer ${testEnv.ADMIN_TOKEN}` };

/** Calls a route with a real Request, as Remix would. A Response that is thrown is an answer too. */
export async function call(route: Route, path: string, { params = {}, ...init }: CallOptions = {}): Promise<Response> {
  const request = new Request(new URL(path, testEnv.SHOPIFY_APP_URL), init);
  const respond = loaderMethods.includes(request.method) ? route.loader : route.action;
  try {
    return (await respond({ request, params, context: {} })) as Response;
  } catch (thrown) {
    if (thrown instanceof Response) return thrown;
    throw thrown;
  }
}
