import { Prisma } from "@prisma/client";
import { json } from "@remix-run/node";
import { log } from "~/log.server";
import { toErrorMessage } from "~/services/rollup/error.server";
import { pingDatabase, readLimitMs } from "~/services/rollup/host.server";
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
 * becomes a 503 when the database is away, else a 500; neither says what the inside looks like.
 */
export async function answerSafely(respond: () => Promise<Response>): Promise<Response> {
  try {
    return await respond();
  } catch (error) {
    if (error instanceof Response) return error;
    log.error({ error: toErrorMessage(error), code: toErrorCode(error) }, "a request failed");
    try {
      await pingDatabase();
    } catch {
      return refuse(503, "database_unavailable", "The database does not answer. Nothing is lost; try again.");
    }
    return refuse(500, "internal", "Something went wrong on our side. The log has the details.");
  }
}

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

function toErrorCode(error: unknown): string | undefined {
  return error instanceof Prisma.PrismaClientKnownRequestError ? error.code : undefined;
}
