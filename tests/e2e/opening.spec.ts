import { expect, test } from "@playwright/test";
import {
  expectCard,
  findShop,
  getFrame,
  getLastDays,
  keepPicture,
  mainShop,
  openShop,
  readCard,
  readTotals,
} from "./support/admin";

test("the demo's first page is the admin, with the app open on data", async ({ page, baseURL }) => {
  const strangers: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(`${baseURL}/`) && !request.url().startsWith("data:")) strangers.push(request.url());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  await page.goto("/");
  await expect(page).toHaveURL(/\/admin/);
  const app = await openShop(page, mainShop);
  const { totals } = await readTotals(page, mainShop);
  expect(totals.requestsSent).toBeGreaterThan(0);
  await expectCard(app, "Requests sent", totals.requestsSent ?? 0);
  await keepPicture(page, "dashboard");
  expect(strangers, "requests to other hosts").toEqual([]);
  expect(complaints, "lines on the browser's console").toEqual([]);
});

test("the page in the frame lets nobody but the shop, Shopify and the demo embed it", async ({ page }) => {
  const answered = page.waitForResponse((response) => new URL(response.url()).pathname === "/app");
  await openShop(page, mainShop);
  const policy = (await answered).headers()["content-security-policy"];
  expect(policy).toMatch(
    /^frame-ancestors 'self' https:\/\/northwind-candles\.myshopify\.com https:\/\/admin\.shopify/,
  );
});

test("another shop from the switcher shows its own numbers", async ({ page }) => {
  await openShop(page, mainShop);
  const other = findShop("harbor");
  await page.locator(".switcher summary").click();
  await page.getByRole("link", { name: /^harbor-and-pine/ }).click();
  await expect(page).toHaveTitle(/^harbor-and-pine/);
  const app = await openShop(page, other);
  const [mine, others] = [await readTotals(page, other), await readTotals(page, mainShop)];
  expect(mine.totals.requestsSent).not.toBe(others.totals.requestsSent);
  await expectCard(app, "Requests sent", mine.totals.requestsSent ?? 0);
});

test("a shop with nothing yet says what will appear", async ({ page }) => {
  const app = await openShop(page, findShop("quiet"));
  await expect(app.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(app.locator("body")).toContainText(/no testimonials|nothing|first|as soon as|appear/i);
  await expect(app.locator("body")).not.toContainText("NaN");
  await keepPicture(page, "dashboard-nothing-yet");
});

test("reloading the frame, or all of it, comes back to the same page", async ({ page }) => {
  const app = await openShop(page, mainShop, "/app?range=7");
  await getFrame(page).evaluate(() => location.reload());
  await expect(app.getByRole("heading", { level: 1 })).toBeVisible();
  await page.reload();
  await expect(app.getByRole("heading", { level: 1 })).toBeVisible();
  const url = new URL(getFrame(page).url());
  expect([url.pathname, url.searchParams.get("range")]).toEqual(["/app", "7"]);
  expect(new URL(page.url()).searchParams.get("path")).toBe("/app?range=7");
});

test("the admin's menu goes to the app's pages without loading the frame anew, and Back goes back", async ({
  page,
}) => {
  const app = await openShop(page, mainShop);
  await getFrame(page).evaluate(() => Object.assign(window, { isSameDocument: true }));
  await page.getByRole("link", { name: "Analytics" }).click();
  await expect.poll(() => new URL(getFrame(page).url()).pathname).toBe("/app/testimonials/analytics");
  expect(await getFrame(page).evaluate(() => "isSameDocument" in window)).toBe(true);
  await expect(page).toHaveURL(/path=%2Fapp%2Ftestimonials%2Fanalytics/);
  await page.goBack();
  await expectCard(app, "Requests sent", (await readTotals(page, mainShop)).totals.requestsSent ?? 0);
  await expect(page).toHaveURL(/path=%2Fapp$/);
});

test("the JSON of the last 30 days is of these days and this shop", async ({ page }) => {
  const app = await openShop(page, mainShop);
  expect(await readTotals(page, mainShop)).toMatchObject({ ...getLastDays(30), shopId: "northwind-candles" });
  expect(await readCard(app, "Requests sent")).not.toBeNull();
});
