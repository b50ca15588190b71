import { createCookie } from "@remix-run/node";
import { rangeFields } from "~/report/range";

/**
 * The days that a merchant chose last, from visit to visit. In the admin's frame the cookie is a third party's: it is
 * partitioned, so that browsers which block those of trackers keep it. Where none is kept, each visit begins as the first.
 */
const cookie = createCookie("days", {
  path: "/app",
  httpOnly: true,
  secure: true,
  sameSite: "none",
  partitioned: true,
  maxAge: 365 * 24 * 3_600,
});

/** No choice of days is longer. */
const longest = 100;

/** What the request says of the days: its address or, where that names no range, what was chosen last. */
export async function readRangeQuery(request: Request): Promise<{ query: URLSearchParams; isFromAddress: boolean }> {
  const { searchParams } = new URL(request.url);
  if (searchParams.has("range")) return { query: searchParams, isFromAddress: true };
  const query = new URLSearchParams(searchParams);
  for (const [name, value] of new URLSearchParams(await readLast(request))) {
    if (rangeFields.includes(name)) query.set(name, value);
  }
  return { query, isFromAddress: false };
}

async function readLast(request: Request): Promise<string> {
  const last: unknown = await cookie.parse(request.headers.get("Cookie"));
  return typeof last === "string" && last.length <= longest ? last : "";
}

/** The header that keeps a choice of days, the query of an address, for the next visit. */
export function rememberRange(search: string): Promise<string> {
  return cookie.serialize(search.replace(/^\?/, ""));
}
