import type { ClientLoaderFunctionArgs } from "@remix-run/react";
import type { PageData } from "~/http/page.server";
import { shownFields } from "~/report/range";

/** The last loads of a page, all of which failed. */
type Failure = {
  count: number;
  /** True where the last one was to bring other days than those that are shown. */
  isOfOtherDays: boolean;
  /** When it failed, in ISO 8601 with Z. */
  at: string;
};

/** What a page shows: the last that the server could read, or that nothing could be, and how loading has failed since. */
export type KeptData<Numbers> = (PageData<Numbers> | { choice: null; state: "failed"; numbers: null }) & {
  failure?: Failure;
};

/** A server that is away says so, or says nothing. Ours gives up earlier. */
const loadLimitMs = 60_000;

/**
 * Makes a page's `clientLoader`, which never takes away what the page shows: Remix would put an error in place of the
 * whole app when a request for data is lost or answered by something else than the app.
 *
 * @throws Response in the loader, where Shopify wants the merchant to be led elsewhere.
 */
export function keepOnFailure<Numbers>() {
  let last: { data: PageData<Numbers>; days: string } | null = null;
  let count = 0;

  async function load({ request, serverLoader }: ClientLoaderFunctionArgs): Promise<KeptData<Numbers>> {
    const days = toDaysAsked(request.url);
    const data = await requestData<PageData<Numbers>>(request, serverLoader);
    if (data && data.state !== "failed") {
      last = { data, days };
      count = 0;
      return data;
    }
    count += 1;
    const isOfOtherDays = last !== null && days !== last.days;
    const failure = { count, isOfOtherDays, at: new Date().toISOString() };
    return { ...(last?.data ?? data ?? { choice: null, state: "failed", numbers: null }), failure };
  }

  // On the first load too, which asks for nothing: the page's own data is what is kept.
  return Object.assign(load, { hydrate: true as const });
}

/** The loader's data, or null where none came. @throws what ends or redirects the navigation. */
export async function requestData<Data>(
  request: Request,
  serverLoader: ClientLoaderFunctionArgs["serverLoader"],
): Promise<Data | null> {
  try {
    const data = await Promise.race([serverLoader<Data>(), rejectAfter(loadLimitMs)]);
    // A network that wants its own sign-in answers everything with a page.
    return typeof data === "object" ? (data as Data) : null;
  } catch (thrown) {
    if (request.signal.aborted) throw thrown;
    if (thrown instanceof Response && isForMerchant(thrown)) throw toDocumentRedirect(thrown);
    return null;
  }
}

/** True for an answer that leads the merchant elsewhere; but not to the login, which no frame may show. */
function isForMerchant({ status, headers }: Response): boolean {
  return status < 400 && !headers.get("Location")?.startsWith("/auth/login");
}

/** The addresses where Shopify hands out a token are no pages of the app: the browser itself must go there. */
function toDocumentRedirect({ status, headers, body }: Response): Response {
  return new Response(body, { status, headers: { ...Object.fromEntries(headers), "X-Remix-Reload-Document": "true" } });
}

function rejectAfter(ms: number): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error(`No answer in ${ms} ms.`)), ms));
}

/** The part of an address that says which days are asked for. */
function toDaysAsked(url: string): string {
  const { searchParams } = new URL(url);
  return shownFields.map((name) => searchParams.get(name) ?? "").join(" ");
}
