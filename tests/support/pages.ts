import { loader as openDashboard } from "~/routes/app._index";
import { loader as openAnalytics } from "~/routes/app.testimonials.analytics";
import { toDay } from "~/services/rollup/day";
import { addSession, toPageUrl } from "./shopify";
import { makeShop, type TestShop } from "./shops";

const headers = { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36" };

/** Both pages: their path and their loader. */
const pages = {
  dashboard: { path: "/app", load: openDashboard },
  analytics: { path: "/app/testimonials/analytics", load: openAnalytics },
} as const;

export type PageName = keyof typeof pages;

/** A request of a page as the shop's merchant makes it, with the cookie that the browser has. */
export function toPageRequest(
  page: PageName,
  shop: TestShop,
  query: Record<string, string> = {},
  cookie?: string,
): Request {
  const url = new URL(toPageUrl(pages[page].path, shop.domain));
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return new Request(url, { headers: { ...headers, ...(cookie && { Cookie: cookie }) } });
}

/** What the page's loader answers. `cookie`: what the browser keeps of it, as it sends it back, or null. */
export async function openPage<Page extends PageName>(
  page: Page,
  shop: TestShop,
  query?: Record<string, string>,
  cookie?: string,
) {
  const args = { request: toPageRequest(page, shop, query, cookie), params: {}, context: {} };
  const response = await (pages[page].load as (typeof pages)[Page]["load"])(args);
  const [kept = null] = response.headers.get("Set-Cookie")?.split(";") ?? [];
  return { status: response.status, data: (await response.json()) as PageAnswer<Page>, cookie: kept };
}

type PageAnswer<Page extends PageName> = Awaited<ReturnType<Awaited<ReturnType<(typeof pages)[Page]["load"]>>["json"]>>;

/** A shop that has the app, with its stored session. */
export async function makeMerchant(): Promise<TestShop> {
  const shop = await makeShop();
  await addSession(shop.domain);
  return shop;
}

/** The UTC day so many days before today. */
export function daysAgo(days: number): string {
  return toDay(new Date(Date.now() - days * 86_400_000));
}
