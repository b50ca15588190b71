import { maxJsonBytes } from "~/services/rollup/http/body.server";

const kibibyte = 1024;

/** What the login's form needs, and more than any other page. */
const maxFormBytes = 4 * kibibyte;
export const maxWebhookBytes = 1024 * kibibyte;

/** Who waits for whom: requests of one kind take turns among themselves. Null waits for nobody. */
export type Turn = "page" | "data" | "operator" | null;

/** How large a request's body may be, and in which line it waits for its turn. */
export type RouteLimit = { maxBodyBytes: number; turn: Turn };

const limits: [prefix: string, RouteLimit][] = [
  ["/webhooks/", { maxBodyBytes: maxWebhookBytes, turn: null }],
  ["/jobs/", { maxBodyBytes: maxJsonBytes, turn: null }],
  ["/healthz", { maxBodyBytes: maxFormBytes, turn: null }],
  ["/livez", { maxBodyBytes: maxFormBytes, turn: null }],
  ["/metrics", { maxBodyBytes: maxFormBytes, turn: null }],
  ["/operator", { maxBodyBytes: maxFormBytes, turn: "operator" }],
  ["/app/range-sum", { maxBodyBytes: maxFormBytes, turn: "data" }],
];

const pageLimit: RouteLimit = { maxBodyBytes: maxFormBytes, turn: "page" };

/**
 * The limits of an address: of its route, or those of a page, which are the strictest. Remix takes upper case for lower
 * case, so this does, too.
 */
export function getRouteLimit(path: string, query: URLSearchParams | null = null): RouteLimit {
  const lower = path.toLowerCase();
  const [, found] = limits.find(([prefix]) => lower.startsWith(prefix)) ?? [];
  if (found) return found;
  return query?.has("_data") ? { ...pageLimit, turn: "data" } : pageLimit;
}
