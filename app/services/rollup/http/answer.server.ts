/** One thing wrong with the input: which field, what it was, and what is allowed. */
export type Issue = { field: string; value: unknown; message: string };

export type ErrorBody = { error: { code: string; message: string; issues: Issue[] } };

// Not Response.json: under some hosts' fetch the platform's own is another Response than the one that they send.
const jsonHeaders = { "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store" };

/** A JSON answer that no cache keeps. */
export function answer(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: jsonHeaders });
}

/** The one shape of an error answer. */
export function refuse(
  status: number,
  code: string,
  message: string,
  { issues = [], headers = {} }: { issues?: Issue[]; headers?: Record<string, string> } = {},
): Response {
  const body: ErrorBody = { error: { code, message, issues } };
  return new Response(JSON.stringify(body), { status, headers: { ...jsonHeaders, ...headers } });
}

/** @throws Response 405 that lists the methods allowed, when the request's is not one of them. */
export function requireMethod(request: Request, ...allowed: string[]): void {
  if (allowed.includes(request.method)) return;
  throw refuse(405, "method_not_allowed", `${request.method} is not allowed here; use ${allowed.join(" or ")}.`, {
    headers: { Allow: allowed.join(", ") },
  });
}

/** The answer to a call whose turn did not come. */
export function refuseBusy(): Response {
  const message = "Too many calls are at work. Nothing is lost; try again in a moment.";
  return refuse(503, "busy", message, { headers: { "Retry-After": "5" } });
}
