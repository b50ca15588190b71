import { expect, type Frame, type FrameLocator, type Page } from "@playwright/test";
import { mainShop, type ShopPlan, shops } from "../../../demo/shops";

export { mainShop };

const frameSelector = 'iframe[title="Testimonials"]';

/** The demo's shop whose domain begins with `name`. */
export function findShop(name: string): ShopPlan {
  const found = shops.find(({ domain }) => domain.startsWith(name));
  if (!found) throw new Error(`The demo has no shop ${name}.`);
  return found;
}

/** Opens a page of the app in the admin, and waits until the frame has it. */
export function openShop(page: Page, { domain }: ShopPlan, path = "/app"): Promise<FrameLocator> {
  return openAdmin(page, { shop: domain, path });
}

/** The same by an admin that speaks German. */
export function openShopInGerman(page: Page, { domain }: ShopPlan, path = "/app"): Promise<FrameLocator> {
  return openAdmin(page, { shop: domain, locale: "de", path });
}

async function openAdmin(page: Page, query: Record<string, string>): Promise<FrameLocator> {
  await page.goto(`/admin?${new URLSearchParams(query)}`);
  const app = page.frameLocator(frameSelector);
  await expect(app.getByRole("heading", { level: 1 })).toBeVisible();
  // The menu comes from the app's script: the page is alive.
  await expect(page.locator("#app-menu a")).not.toHaveCount(0);
  return app;
}

/** The frame itself, for what only its own window can tell. */
export function getFrame(page: Page): Frame {
  const frame = page.frames().find((each) => each.parentFrame() === page.mainFrame());
  if (!frame) throw new Error("The admin shows no frame.");
  return frame;
}

/** The first number that follows the label in its card. Null while there is none. */
export function readCard(app: FrameLocator, label: string): Promise<number | null> {
  const heading = app.getByText(label, { exact: true }).first();
  return heading.evaluate((element) => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const isAfter = element.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (!isAfter || element.contains(text)) continue;
      const [digits] = /\d[\d,]*/.exec(text.nodeValue ?? "") ?? [];
      if (digits) return Number(digits.replaceAll(",", ""));
    }
    return null;
  });
}

/** Waits until the card with this label shows the number, whatever document the frame goes through meanwhile. */
export async function expectCard(app: FrameLocator, label: string, value: number): Promise<void> {
  await expect(async () => expect(await readCard(app, label), label).toBe(value)).toPass({ timeout: 10_000 });
}

/** Days with both ends inclusive, as the routes want them. */
export type Days = { from: string; to: string };

/** The days that the preset of so many days shows in UTC: they end yesterday. */
export function getLastDays(count: number): Days {
  return { from: getDay(count), to: getDay(1) };
}

/** The UTC day that is not over. */
export function getToday(): Days {
  return { from: getDay(0), to: getDay(0) };
}

function getDay(daysAgo: number): string {
  return new Date(Date.now() - daysAgo * 24 * 3_600_000).toISOString().slice(0, 10);
}

/** The numbers of today that stand above the choice of days: requests sent, clicked, testimonials, published. */
export async function readToday(app: FrameLocator): Promise<number[]> {
  const text = await app
    .locator("p")
    .filter({ hasText: /^Today so far/ })
    .textContent();
  return (text ?? "").split(" · ").map((part) => Number(/\d[\d,]*/.exec(part)?.[0].replaceAll(",", "")));
}

/** Waits until today shows so many requests sent, whatever document the frame goes through meanwhile. */
export async function expectSentToday(app: FrameLocator, sent: number): Promise<void> {
  await expect(async () => expect((await readToday(app))[0]).toBe(sent)).toPass({ timeout: 10_000 });
}

export type RangeAnswer = { shopId: string; totals: Record<string, number>; freshness: { liveDays: number } };

/** GET /app/range-sum with the token given, for the last 30 days unless `query` says other ones. */
export async function readRangeSum(page: Page, token: string, query: Record<string, string> = {}) {
  const address = `/app/range-sum?${new URLSearchParams({ ...getLastDays(30), ...query })}`;
  return page.request.get(address, { headers: { Authorization: `Bearer ${token}` }, maxRedirects: 0 });
}

/** What the app's JSON says of the shop. */
export async function readTotals(page: Page, plan: ShopPlan, days: Days = getLastDays(30)): Promise<RangeAnswer> {
  const response = await readRangeSum(page, await getToken(page, plan), days);
  expect(response.status()).toBe(200);
  return response.json();
}

/** A session token of the shop, from the admin. One with a lifetime below zero has expired. */
export async function getToken(page: Page, { domain }: ShopPlan, lifetime = 60): Promise<string> {
  const response = await page.request.get(`/admin/session-token?shop=${domain}&lifetime=${lifetime}`);
  return (await response.json()).token;
}

/** Presses a button of the panel and waits for its answer. */
export async function simulate(page: Page, button: string): Promise<string> {
  const pressed = page.getByRole("button", { name: button });
  await pressed.click();
  await expect(pressed).toHaveAttribute("aria-disabled", "false");
  await expect(page.getByRole("alert")).toBeEmpty();
  return (await page.getByRole("status").textContent()) ?? "";
}

/** Keeps a picture of the page as a build artifact. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `e2e-artifacts/pictures/${name}.png` });
}
