import { testEnv } from "../../setup/settings";
import type { HostileRequest } from "./requests";
import type { HostileRoute } from "./routes";

/** What came back, as far as a stranger can see it. */
export type Seen = { status: number; headers: Headers; text: string };

/** Words of the inside: a stack, a path, the build, the database. None of the texts that are sent has one. */
const inside =
  /\n\s+at |node_modules|server\/index\.js|Prisma|invocation|syntax error|byte sequence|SQLSTATE|Unexpected token/;
const tables = /rollup_marks|rollup_runs|testimonial_(requests|submissions|daily)/;

const secrets = [testEnv.SHOPIFY_API_SECRET, testEnv.CRON_SECRET, testEnv.ADMIN_TOKEN];

/** What is wrong with a route's answer, whatever was asked. Empty: nothing. */
export function listFaults(seen: Seen, request: HostileRequest, { isJson, showsTables }: HostileRoute): string[] {
  const { status, headers, text } = seen;
  const faults: string[] = [];
  if (status >= 500) faults.push(`answers ${status}`);
  const words = inside.exec(text) ?? (showsTables && !isRefused(seen) ? null : tables.exec(text));
  if (words) faults.push(`shows the inside: ${words[0]}`);
  if (secrets.some((secret) => text.includes(secret))) faults.push("shows a secret");
  if (headers.has("X-Injected")) faults.push("has a header that the caller wrote");
  if (isJson && status >= 400 && !isDataRequest(request) && request.method !== "HEAD") {
    faults.push(...listShapeFaults(headers, text));
  }
  return faults;
}

function listShapeFaults(headers: Headers, text: string): string[] {
  if (!headers.get("Content-Type")?.startsWith("application/json")) return ["is an error that is not JSON"];
  const body = JSON.parse(text) as { error?: { code?: unknown; message?: unknown; issues?: unknown } };
  const { code, message, issues } = body.error ?? {};
  if (typeof code !== "string" || typeof message !== "string" || !Array.isArray(issues))
    return [`has the error ${text}`];
  if (code === "bad_input" && issues.length === 0) return ["names no field of a bad input"];
  return issues
    .filter((issue) => typeof issue.field !== "string" || !("value" in issue) || typeof issue.message !== "string")
    .map((issue) => `has the issue ${JSON.stringify(issue)}`);
}

/** True for a request that Remix takes for one of its own and, where it names no such data, refuses in its own way. */
function isDataRequest({ query }: HostileRequest): boolean {
  return query.some(([name]) => name === "_data");
}

/** True for an answer after which nothing may have been written. 303 answers a form that was taken. */
export function isRefused({ status }: Seen): boolean {
  return status >= 300 && status !== 303;
}
