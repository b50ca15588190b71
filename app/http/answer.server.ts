import { Prisma } from "@prisma/client";
import { json } from "@remix-run/node";
import { WrongSession } from "~/database/session-check.server";
import { log } from "~/log.server";
import { DefinitionNotCurrent } from "~/services/rollup/definition-state.server";
import { toErrorMessage } from "~/services/rollup/error.server";
import { pingDatabase, readLimitMs } from "~/services/rollup/host.server";
import { isStopRequested } from "~/services/rollup/stop.server";
import { waitAtMost } from "~/services/rollup/time-limit.server";

/** One thing wrong with the input: which field, what it was, and what is allowed. */
export type Issue = { field: string; value: unknown; message: string };

export type ErrorBody = { error: { code: string; message: string; issues: Issue[] } };

const noStore = { "Cache-Control": "no-store" };

/** A JSON answer that no cache keeps. */
export function answer(body: unknown, status = 200): Response {
  return json(body, { status, headers: noStore });
}

/** The one shape of an error answer. */
export function refuse(
  status: number,
  code: string,
  message: string,
  { issues = [], headers = {} }: { issues?: Issue[]; headers?: Record<string, string> } = {},
): Response {
  const body: ErrorBody = { error: { code, message, issues } };
  return json(body, { status, headers: { ...noStore, ...headers } });
}

/**
 * Answers with what `respond` returns or, when it throws a Response, throws. Anything else it throws is logged and
 * becomes a 503 when the database is away or all connections are taken, else a 500; none says what the inside looks like.
 */
export async function answerSafely(respond: () => Promise<Response>): Promise<Response> {
  try {
    return await respond();
  } catch (error) {
    if (error instanceof Response) return toRefusal(error);
    log.error({ error: toErrorMessage(error), code: toErrorCode(error) }, "a request failed");
    if (error instanceof DefinitionNotCurrent) {
      return refuse(503, "other_definition", error.message, { headers: { "Retry-After": "60" } });
    }
    if (error instanceof WrongSession) return refuse(503, "database_settings", wrongSession);
    try {
      await pingDatabase();
    } catch {
      return refuse(503, "database_unavailable", "The database does not answer. Nothing is lost; try again.");
    }
    if (isOverload(error)) return refuseBusy();
    return refuse(500, "internal", "Something went wrong on our side. The log has the details.");
  }
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

const wrongSession =
  "The database is not set as this app needs it, so numbers would be wrong and none are served. The log says what mends it.";

/** Waits for a read, at most as long as somebody at a page would. */
export function waitForRead<T>(read: Promise<T>): Promise<T> {
  return waitAtMost(readLimitMs, read);
}

/** @throws Response 405 that lists the methods allowed, when the request's is not one of them. */
export function requireMethod(request: Request, ...allowed: string[]): void {
  if (allowed.includes(request.method)) return;
  throw refuse(405, "method_not_allowed", `${request.method} is not allowed here; use ${allowed.join(" or ")}.`, {
    headers: { Allow: allowed.join(", ") },
  });
}

/** The words of the connection pool, and of Prisma's transactions, when none of the connections came free in time. */
const overload = /timeout exceeded when trying to connect|Unable to start a transaction in the given time/;

function isOverload(error: unknown): boolean {
  return overload.test(toErrorMessage(error));
}

/** @throws Response 503 when this process is about to end: what waited in line until now is for the next one. */
export function refuseWhenStopping(): void {
  if (!isStopRequested()) return;
  throw refuse(503, "stopping", "The server is stopping. Nothing was begun; call again in a moment.", {
    headers: { "Retry-After": "5" },
  });
}

/** The answer to a call whose turn did not come. */
export function refuseBusy(): Response {
  const message = "Too many calls are at work. Nothing is lost; try again in a moment.";
  return refuse(503, "busy", message, { headers: { "Retry-After": "5" } });
}

function toErrorCode(error: unknown): string | undefined {
  return error instanceof Prisma.PrismaClientKnownRequestError ? error.code : undefined;
}
