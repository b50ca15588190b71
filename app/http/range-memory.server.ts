import { createCookie } from "@remix-run/node";
import { rangeFields } from "~/report/range";
import type { Day } from "~/services/rollup/day";
import { toRangeChoice } from "./range-choice.server";

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

type RangeQuery = { query: URLSearchParams; isFromAddress: boolean };

/** What the request says of the days: its address or, where that names no range, what was chosen last, if that is right. */
export async function readRangeQuery(request: Request, today: Day): Promise<RangeQuery> {
  const { searchParams } = new URL(request.url);
  if (searchParams.has("range")) return { query: searchParams, isFromAddress: true };
  const query = new URLSearchParams(searchParams);
  for (const [name, value] of new URLSearchParams(await readLast(request))) {
    if (rangeFields.includes(name)) query.set(name, value);
  }
  const isRight = toRangeChoice(query, today).issues.length === 0;
  return { query: isRight ? query : searchParams, isFromAddress: false };
}

async function readLast(request: Request): Promise<string> {
  const last: unknown = await cookie.parse(request.headers.get("Cookie"));
  return typeof last === "string" && last.length <= longest ? last : "";
}

/** The header that keeps a choice of days, the query of an address, for the next visit. */
export function rememberRange(search: string): Promise<string> {
  return cookie.serialize(search.replace(/^\?/, ""));
}
