import { expect, type FrameLocator, type Page, test } from "@playwright/test";
import { expectSentToday, findShop, getFrame, getLastDays, getToday, openShop, simulate } from "./support/admin";
import { dataRequest } from "./support/page-states";
import { expectCards, fetchRange, readRange } from "./support/report";

const shop = findShop("saddle");
const stale = /^Could not refresh; numbers as of \d\d:\d\d UTC$/;

const reports = [
  { name: "dashboard", path: "/app" },
  { name: "analytics", path: "/app/testimonials/analytics" },
];

/** Ways in which a network or what stands in front of the app fails a request for data. */
const faults = [
  { name: "no network", fail: (page: Page) => page.context().setOffline(true) },
  { name: "a lost request", fail: (page: Page) => page.route(dataRequest, (route) => route.abort()) },
  { name: "a proxy's 502", fail: (page: Page) => answerData(page, 502, "text/html", "<h1>Bad gateway</h1>") },
  { name: "a sign-in of the network's own", fail: (page: Page) => answerData(page, 200, "text/html", "<h1>Hi</h1>") },
  { name: "a 500 of JSON", fail: (page: Page) => answerData(page, 500, "application/json", '{"message":"no"}') },
];

async function answerData(page: Page, status: number, contentType: string, body: string): Promise<void> {
  await page.route(dataRequest, (route) => route.fulfill({ status, contentType, body }));
}

async function mend(page: Page): Promise<void> {
  await page.unroute(dataRequest);
  await page.context().setOffline(false);
}

/** What a merchant does who leaves the tab and returns to it. */
async function returnToTab(page: Page): Promise<void> {
  await getFrame(page).evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
}

/** All that the page shows of its numbers, with the titles of products, which come a moment after the first visit. */
async function readShapes(app: FrameLocator): Promise<string[]> {
  await expect(app.getByText(/^Product \d+$/)).toHaveCount(0);
  return app.locator("[data-shape]").evaluateAll((shapes) => shapes.map((shape) => shape.textContent ?? ""));
}

async function expectNotice(app: FrameLocator, title: string | RegExp): Promise<void> {
  await expect(app.getByRole("heading", { name: title })).toBeVisible();
  // It is announced once and politely: by the status line, which was there before.
  await expect(app.getByRole("status").filter({ hasText: title })).toHaveCount(1);
}

async function expectNoNotice(app: FrameLocator): Promise<void> {
  await expect(app.getByRole("button", { name: /^Try/ })).toHaveCount(0, { timeout: 15_000 });
  await expect(app.getByText(/^Days are UTC\. .+ as of \d\d:\d\d UTC\.$/)).toBeVisible();
}

/** Waits until the browser has the code of the page. */
async function expectPrefetched(page: Page, file: string): Promise<void> {
  const listNames = () => performance.getEntriesByType("resource").map((entry) => entry.name);
  await expect.poll(() => getFrame(page).evaluate(listNames)).toContainEqual(expect.stringContaining(file));
}

for (const { name, path } of reports) {
  test.describe(`the ${name}`, () => {
    for (const [index, { name: fault, fail }] of faults.entries()) {
      test.describe(`that meets ${fault}`, () => {
        // Both pages handle them by the same code.
        const tag = index === 0 ? [] : "@deep";
        test("keeps its numbers when it can't refresh, and recovers by itself", { tag }, async ({ page }) => {
          const app = await openShop(page, shop, path);
          const shapes = await readShapes(app);
          await fail(page);
          await returnToTab(page);
          await expectNotice(app, stale);
          expect(await readShapes(app)).toEqual(shapes);
          await expect(app.getByRole("navigation", { name: "Days shown" })).toBeVisible();
          await mend(page);
          await expectNoNotice(app);
          expect(await readShapes(app)).toEqual(shapes);
        });
      });
    }

    test("keeps its numbers and their choice when it can't load other days", async ({ page }) => {
      const app = await openShop(page, shop, path);
      const shapes = await readShapes(app);
      await answerData(page, 502, "text/html", "<h1>Bad gateway</h1>");
      await app.getByRole("link", { name: "7 days" }).click();
      await expectNotice(app, "The days you chose could not be loaded");
      await expect(app.getByText(/Below are still the numbers of .+, as of \d\d:\d\d UTC/)).toBeVisible();
      expect(await readShapes(app)).toEqual(shapes);
      await expect(app.locator("[aria-current=true]")).toHaveText(["30 days", "Days before"]);
      expect(readRange(page)).toEqual({ range: "7" });

      await page.unroute(dataRequest);
      await app.getByRole("button", { name: "Try again" }).press("Enter");
      await expectNoNotice(app);
      await expect(app.locator("[aria-current=true]")).toHaveText(["7 days", "Days before"]);
      // The button is gone; the keyboard goes on from the numbers.
      expect(await getFrame(page).evaluate(() => document.activeElement?.tagName)).toBe("DIV");
    });
  });
}

test("after the network is back the dashboard shows what happened meanwhile", async ({ page }) => {
  const app = await openShop(page, shop);
  await page.route(dataRequest, (route) => route.abort());
  await returnToTab(page);
  await expectNotice(app, stale);
  await simulate(page, "Send 50 requests");
  await page.unroute(dataRequest);
  await returnToTab(page);
  await expectNoNotice(app);
  await expectSentToday(app, (await fetchRange(page, getToday())).totals.requestsSent);
  await expectCards(app, await fetchRange(page, getLastDays(30)));
});

test("a session token that is refused leaves the numbers, and one that is good brings new ones", async ({ page }) => {
  const app = await openShop(page, shop);
  const shapes = await readShapes(app);
  await page.route("**/admin/session-token*", (route) =>
    route.continue({ url: `${route.request().url()}&lifetime=-60` }),
  );
  const refused = page.waitForResponse((response) => dataRequest(new URL(response.url())));
  await returnToTab(page);
  expect((await refused).status()).toBe(401);
  await expectNotice(app, stale);
  expect(await readShapes(app)).toEqual(shapes);
  await page.unroute("**/admin/session-token*");
  await returnToTab(page);
  await expectNoNotice(app);
});

test("a request for data without a session token leads the browser to one", async ({ page }) => {
  const app = await openShop(page, shop);
  await page.route(dataRequest, async (route) => {
    const { authorization: _, ...headers } = await route.request().allHeaders();
    const url = new URL(route.request().url());
    url.searchParams.delete("id_token");
    await route.continue({ headers, url: url.href });
  });
  const bounced = page.waitForRequest((request) => new URL(request.url()).pathname === "/auth/session-token");
  await returnToTab(page);
  await bounced;
  await page.unroute(dataRequest);
  await expect(app.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
  await expectNoNotice(app);
});

test("the menu works with the network away, and each page keeps what it has", async ({ page }) => {
  const app = await openShop(page, findShop("harbor"));
  const shapes = await readShapes(app);
  await expectPrefetched(page, "app.testimonials.analytics");
  await expectPrefetched(page, "app.testimonials._index");
  await page.context().setOffline(true);
  await page.locator("#app-menu").getByRole("link", { name: "Analytics" }).click();
  await expect(app.getByRole("heading", { level: 1, name: "Analytics" })).toBeVisible();
  await expectNotice(app, "The numbers could not be read");
  await app.getByRole("link", { name: "Dashboard" }).click();
  await expect(app.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
  await expectNotice(app, stale);
  expect(await readShapes(app)).toEqual(shapes);
  await app.getByRole("link", { name: "Moderate" }).click();
  await expect(app.getByRole("heading", { level: 1, name: "Testimonials" })).toBeVisible();
  await returnToTab(page);
  await page.locator("#app-menu").getByRole("link", { name: "Analytics" }).click();
  await expectNotice(app, "The numbers could not be read");
  await page.context().setOffline(false);
  await expectNoNotice(app);
});
