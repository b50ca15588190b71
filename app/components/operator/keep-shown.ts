import type { ClientLoaderFunctionArgs } from "@remix-run/react";
import type { PageAnswer } from "~/operator/problem";

/** What a page shows: what its loader answered or, where no answer comes any more, its last one and since when. */
export type Shown<Data> = PageAnswer<Data> & { lostSince?: string };

/**
 * Makes a page's `clientLoader`, which never takes away what the page shows: Remix would put an error in its place when the
 * server is away for a moment.
 *
 * @throws Response in the loader, where the session is over and the answer leads to the login.
 */
export function keepShown<Data>() {
  let last: { url: string; answer: PageAnswer<Data> } | null = null;
  let lostSince: string | undefined;

  async function load({ request, serverLoader }: ClientLoaderFunctionArgs): Promise<Shown<Data>> {
    try {
      const answer = (await serverLoader()) as PageAnswer<Data>;
      if (typeof answer !== "object") throw new TypeError("The answer is no data.");
      last = { url: request.url, answer };
      lostSince = undefined;
      return answer;
    } catch (thrown) {
      if (request.signal.aborted || (thrown instanceof Response && thrown.status < 500)) throw thrown;
      lostSince ??= new Date().toISOString();
      return last?.url === request.url ? { ...last.answer, lostSince } : toAway(lostSince);
    }
  }

  return Object.assign(load, { hydrate: true as const });
}

function toAway(now: string): Shown<never> {
  const message = "The server does not answer. This page asks again by itself.";
  return { state: "failed", now, problem: { status: 0, code: "away", message, issues: [] } };
}
