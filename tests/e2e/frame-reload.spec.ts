import { expect, type FrameLocator, type Page, test } from "@playwright/test";
import { findShop, getFrame, mainShop, openShop } from "./support/admin";
import { getDaysBefore } from "./support/report";

/** The part of the frame's address that is the app's own. */
function readPath(page: Page): string {
  const { pathname, searchParams } = new URL(getFrame(page).url());
  for (const name of ["embedded", "hmac", "host", "id_token", "locale", "session", "shop", "timestamp"]) {
    searchParams.delete(name);
  }
  return searchParams.size > 0 ? `${pathname}?${searchParams}` : pathname;
}

/** The document of the frame is another after this, and it is a page of the app that is alive. */
async function expectNewDocument(page: Page, app: FrameLocator, load: () => Promise<unknown>): Promise<void> {
  await getFrame(page).evaluate(() => Object.assign(window, { isOldDocument: true }));
  await load();
  await expect
    .poll(() =>
      getFrame(page)
        .evaluate(() => !("isOldDocument" in window) && document.readyState === "complete")
        .catch(() => false),
    )
    .toBe(true);
  await expect(app.getByRole("heading", { level: 1 })).toBeVisible();
}

const reload = (page: Page) => getFrame(page).evaluate(() => location.reload());

test("the frame can be reloaded at each address that the app makes", async ({ page }) => {
  const app = await openShop(page, mainShop);
  const { from } = getDaysBefore(1, 40);
  const follow = (address: string) => app.locator(`a[href*="${address}"]`).first().click();
  // Patterns, for a path that begins like the one before must not pass for it.
  const steps: [to: RegExp, go: () => Promise<unknown>][] = [
    [/^\/app\?range=7$/, () => follow("range=7")],
    [/range=90$/, () => follow("range=90")],
    [/range=custom/, () => follow("range=custom")],
    [
      new RegExp(`from=${from}`),
      async () => {
        await app.locator('input[name="from"]').fill(from);
        await app.locator('form button[type="submit"]').click();
      },
    ],
    [/^\/app\/testimonials\?status=pending/, () => follow("status=pending")],
    [/^\/app\?/, () => app.getByRole("link", { name: "Dashboard" }).click()],
    [/^\/app\/testimonials\/analytics\?/, () => page.getByRole("link", { name: "Analytics" }).click()],
    [/^\/app\/testimonials\/analytics\?range=7$/, () => follow("range=7")],
    [/^\/app\?range=7$/, () => app.getByRole("link", { name: "Dashboard" }).click()],
  ];
  for (const [to, go] of steps) {
    await go();
    await expect.poll(() => readPath(page)).toMatch(to);
    await expect.poll(() => new URL(getFrame(page).url()).searchParams.get("shop")).toBe(mainShop.domain);
    const path = readPath(page);
    await expectNewDocument(page, app, () => reload(page));
    expect(readPath(page)).toBe(path);
  }
  await page.goBack();
  await expect(app.getByRole("heading", { level: 1 })).toBeVisible();
});

for (const path of [
  "/app",
  "/app?range=7",
  "/app/testimonials?status=pending",
  "/app/testimonials/analytics?range=custom&from=2026-05-01&to=2026-05-31",
]) {
  test(`${path} loads in the frame without a word of the shop`, async ({ page }) => {
    const shop = findShop("juniper");
    const app = await openShop(page, shop);
    await expectNewDocument(page, app, () => getFrame(page).evaluate((to) => location.assign(to), path));
    expect(readPath(page)).toBe(path);
    expect(new URL(getFrame(page).url()).searchParams.get("shop")).toBe(shop.domain);
    await expect(page.locator("#app-menu a")).not.toHaveCount(0);
  });
}

test("a script that a deploy has taken away makes the frame load the page anew", async ({ page }) => {
  const app = await openShop(page, mainShop, "/app?range=7");
  let isGone = false;
  await page.route(/\/assets\/app\.testimonials\.analytics-[^/]*\.js$/, async (route) => {
    if (isGone) return route.continue();
    isGone = true;
    await route.fulfill({ status: 404, body: "" });
  });
  await expectNewDocument(page, app, () => page.getByRole("link", { name: "Analytics" }).click());
  expect(isGone).toBe(true);
  await page.getByRole("link", { name: "Analytics" }).click();
  await expect.poll(() => readPath(page)).toBe("/app/testimonials/analytics?range=7");
});

test("a link that is followed before the page's script is there loads in the frame", async ({ page }) => {
  await page.route(/\/assets\/entry\.client[^/]*\.js$/, (route) => route.abort());
  await page.goto(`/admin?${new URLSearchParams({ shop: mainShop.domain, path: "/app" })}`);
  const app = page.frameLocator('iframe[title="Testimonials"]');
  await app.locator('a[href*="range=7"]').click();
  await expect.poll(() => readPath(page)).toBe("/app?range=7");
  await expect(app.getByRole("heading", { level: 1 })).toBeVisible();
});
