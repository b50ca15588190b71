import { expect, type FrameLocator, type Page } from "@playwright/test";
import { findShop, getFrame, mainShop, openShop } from "./admin";
import { getDaysBefore, measureOverflow, toCustomPath, toDaysText } from "./report";

/** A page in one of its states: `show` brings it there and waits until it shows. */
export type PageState = { name: string; show: (page: Page, pathname: string) => Promise<void> };

export const pageStates: PageState[] = [
  {
    name: "data",
    show: async (page, pathname) => {
      const app = await openShop(page, mainShop, pathname);
      await expect(app.getByText("Days are UTC. Up to date as of")).toBeVisible();
    },
  },
  {
    name: "nothing-yet",
    show: async (page, pathname) => {
      const app = await openShop(page, findShop("quiet"), pathname);
      await expect(app.getByRole("heading", { name: "Your numbers will be here" })).toBeVisible();
    },
  },
  {
    name: "zeros",
    show: async (page, pathname) => {
      const app = await openShop(page, findShop("little-fern"), toCustomPath(pathname, getDaysBefore(400, 30)));
      await expect(app.getByText("–", { exact: true }).first()).toBeVisible();
      await expect(app.locator("body")).not.toContainText("NaN");
    },
  },
  {
    name: "range-wrong",
    show: async (page, pathname) => {
      const [from, to] = ["2026-02-31", "2026-03-05"];
      const app = await openShop(page, mainShop, toCustomPath(pathname, { from, to }));
      await expect(app.getByText(/^Choose a day between/)).toBeVisible();
    },
  },
  { name: "loading", show: showLoading },
  { name: "failed", show: (page, pathname) => showFailed(page, pathname) },
  {
    name: "very-large",
    show: async (page, pathname) => {
      const app = await openShop(page, mainShop, toCustomPath(pathname, getDaysBefore(0, 1_827)));
      await expect(app.getByText(`${toDaysText(getDaysBefore(0, 1_827))}, so far.`)).toBeVisible();
    },
  },
  { name: "long-numbers", show: showLongNumbers },
];

export const dataRequest = (url: URL) => url.searchParams.get("_data")?.startsWith("routes/app.") ?? false;

/** The numbers of another range are on their way, for long enough to be drawn as skeletons. */
async function showLoading(page: Page, pathname: string): Promise<void> {
  const app = await openShop(page, mainShop, pathname);
  const height = await measureHeight(page);
  await page.route(dataRequest, () => undefined);
  await app.getByRole("link", { name: "90 days" }).click();
  await expect(app.getByRole("status").filter({ hasText: "Loading the numbers" })).toHaveCount(1);
  const shape = app.locator('[aria-busy="true"] [data-shape]').first();
  // A fast answer is there before anything turns grey.
  await expect(shape).toHaveCSS("animation-delay", "0.2s");
  await expect(shape).toHaveCSS("color", "rgba(0, 0, 0, 0)");
  expect(await measureHeight(page), "the skeletons are of the content's size").toBe(height);
}

/** A page asks again by itself, so an answer may be on its way to it when its test ends: nothing is to be told of that. */
export function forgetRoutes(page: Page): Promise<void> {
  return page.unrouteAll({ behavior: "ignoreErrors" });
}

/** The answer of a read that failed, to a page that has numbers already. */
async function showFailed(page: Page, pathname: string): Promise<void> {
  const app = await openShop(page, mainShop, pathname);
  const text = await readFirstNumbers(app);
  await page.route(dataRequest, async (route) => {
    const response = await route.fetch();
    const { choice } = await response.json();
    await route.fulfill({ response, status: 500, json: { choice, state: "failed", numbers: null } });
  });
  await app.getByRole("link", { name: "90 days" }).click();
  await expect(app.getByRole("heading", { name: "The days you chose could not be loaded" })).toBeVisible();
  await expect(app.getByRole("button", { name: "Try again" })).toBeVisible();
  expect(await readFirstNumbers(app), "what was read before stays").toEqual(text);
}

/** Counts of seven digits and more, and names that don't fit. */
async function showLongNumbers(page: Page, pathname: string): Promise<void> {
  const app = await openShop(page, mainShop, pathname);
  await page.route(dataRequest, async (route) => {
    const response = await route.fetch();
    const data = await response.json();
    data.numbers = enlarge(data.numbers);
    for (const product of data.numbers.extras.topProducts ?? []) product.title = longName;
    for (const submission of data.numbers.extras.latest ?? []) submission.headline = longName;
    for (const [index, product] of (data.numbers.extras.topProducts ?? []).entries()) product.title += index;
    await route.fulfill({ response, json: data });
  });
  await app.getByRole("link", { name: "90 days" }).click();
  await expect(app.getByText(/^\d{2,3},\d{3},\d{3}$/).first()).toBeVisible();
}

const longName = "The candle-with-a-name-that-nobody-would-break-in-two, in cedar, fig and winter trio ".repeat(3);

/** No counts, though they are numbers. */
const notCounts = ["rating", "liveDays", "days", "first", "length", "sent", "submitted"];

/** The same with counts 12,345 times as large. */
function enlarge(value: unknown, name = ""): unknown {
  if (typeof value === "number") return notCounts.includes(name) ? value : value * 12_345;
  if (Array.isArray(value)) return value.map((item) => enlarge(item));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, enlarge(item, key)]));
}

function readFirstNumbers(app: FrameLocator): Promise<string[]> {
  return app
    .locator("[data-shape]")
    .evaluateAll((shapes) => shapes.slice(0, 12).map((shape) => shape.textContent ?? ""));
}

function measureHeight(page: Page): Promise<number> {
  return getFrame(page).evaluate(() => document.documentElement.scrollHeight);
}

/** Neither the admin nor the app in its frame can be scrolled sideways. */
export async function expectNoOverflow(page: Page): Promise<void> {
  expect(await measureOverflow(page.mainFrame()), "the admin").toBe(0);
  expect(await measureOverflow(getFrame(page)), "the app").toBe(0);
}

/** Keeps a picture of all of the page as a build artifact: the frame is as high as what it holds. */
export async function keepFullPicture(page: Page, name: string): Promise<void> {
  const height = await measureHeight(page);
  await page.addStyleTag({
    content: `body { height: auto; min-height: 100dvh } #frame-area iframe { height: ${height}px !important }`,
  });
  await expect.poll(() => getFrame(page).evaluate(() => window.innerHeight)).toBe(height);
  await page.screenshot({ path: `e2e-artifacts/screenshots/${name}.png`, fullPage: true });
}
