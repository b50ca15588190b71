import { WrongSession } from "~/database/session-check.server";
import { isEmbedded } from "~/db.server";
import { rollup } from "~/rollup.server";
import { refuse } from "~/services/rollup/http/answer.server";
import { makeAnswerSafely } from "~/services/rollup/http/answer-safely.server";
import { waitAtMost } from "~/services/rollup/time-limit.server";

/** Answers with what a route returns or throws, Shopify's refusals and a wrong database session among it. Never rejects. */
export const answerSafely = makeAnswerSafely(rollup, { toRefusal, explain });

/** How long a read may take. The embedded database is busy for as long as a recount takes. */
export const readLimitMs = isEmbedded ? 600_000 : 30_000;

/** Waits for a read, at most as long as somebody at a page would. */
export function waitForRead<T>(read: Promise<T>): Promise<T> {
  return waitAtMost(readLimitMs, read);
}

/**
 * A refusal of Shopify's library in the one shape of an error, with its own status and headers. Where it would lead a
 * page to the login or to a new session token, a caller that wants JSON is told that its token is not valid.
 */
async function toRefusal(response: Response): Promise<Response> {
  const { headers } = response;
  const isRedirect = response.status >= 300 && response.status < 400;
  const status = isRedirect ? 401 : response.status;
  if (status < 400 || headers.get("Content-Type")?.startsWith("application/json")) return response;
  const own = refusals[status] ?? { code: "refused", message: "The request is refused." };
  const kept = [...headers].filter(([name]) => !/^(content-|location$)/i.test(name));
  return refuse(status, own.code, (await response.text()) || own.message, {
    headers: { ...Object.fromEntries(kept), ...(isRedirect && retryWithToken) },
  });
}

/** App Bridge then fetches a new session token and asks once more. */
const retryWithToken = { "X-Shopify-Retry-Invalid-Session-Request": "1" };

const refusals: Record<number, { code: string; message: string }> = {
  400: { code: "bad_request", message: "A header that Shopify sends with each call is missing." },
  401: { code: "unauthorized", message: "This route wants a session token or a signature of Shopify's that is valid." },
  410: { code: "gone", message: "This route is for merchants' browsers." },
  503: { code: "unavailable", message: "Something that this route needs does not answer." },
};

function explain(error: unknown): Response | null {
  return error instanceof WrongSession ? refuse(503, "database_settings", wrongSession) : null;
}

const wrongSession =
  "The database is not set as this app needs it, so numbers would be wrong and none are served. The log says what mends it.";
