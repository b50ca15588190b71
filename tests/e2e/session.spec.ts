import { expect, type Page, test } from "@playwright/test";
import {
  expectCard,
  findShop,
  getFrame,
  getToken,
  mainShop,
  openShop,
  readCard,
  readRangeSum,
  readTotals,
} from "./support/admin";

const shop = findShop("juniper");

/** What a merchant does who leaves the tab and returns to it. */
async function returnToTab(page: Page): Promise<void> {
  await getFrame(page).evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
}

test("a request with an expired session token is repeated with a fresh one", async ({ page }) => {
  const app = await openShop(page, shop);
  const { totals } = await readTotals(page, shop);
  let handedOut = 0;
  await page.route("**/admin/session-token*", (route) => {
    handedOut += 1;
    // The two loaders of the page ask side by side; both get an expired one first.
    if (handedOut > 2) return route.continue();
    return route.continue({ url: `${route.request().url()}&lifetime=-60` });
  });
  const statuses: number[] = [];
  page.on("response", (response) => {
    if (response.url().includes("_data=")) statuses.push(response.status());
  });
  await returnToTab(page);
  await expect.poll(() => statuses.filter((status) => status === 200).length).toBe(2);
  expect(statuses.filter((status) => status === 401)).toHaveLength(2);
  await expectCard(app, "Requests sent", totals.requestsSent ?? 0);
});

test("a page opened with an expired session token fetches another on its own", async ({ page }) => {
  const app = await openShop(page, shop);
  const { totals } = await readTotals(page, shop);
  const stale = new URL(getFrame(page).url());
  stale.searchParams.set("id_token", await getToken(page, shop, -60));
  const bounced = page.waitForRequest((request) => new URL(request.url()).pathname === "/auth/session-token");
  await getFrame(page).evaluate((href) => location.assign(href), stale.href);
  await bounced;
  await expectCard(app, "Requests sent", totals.requestsSent ?? 0);
});

test("a page opened without a session token fetches one", async ({ page }) => {
  const app = await openShop(page, shop);
  const bare = new URL(getFrame(page).url());
  bare.searchParams.delete("id_token");
  const bounced = page.waitForRequest((request) => new URL(request.url()).pathname === "/auth/session-token");
  await getFrame(page).evaluate((href) => location.assign(href), bare.href);
  await bounced;
  await expect(app.getByRole("heading", { level: 1 })).toBeVisible();
});

test("another shop's token shows that shop's numbers and never this one's", async ({ page }) => {
  const app = await openShop(page, mainShop);
  const other = await readTotals(page, shop);
  const mine = await readTotals(page, mainShop);
  expect(other.totals.requestsSent).not.toBe(mine.totals.requestsSent);
  await expectCard(app, "Requests sent", mine.totals.requestsSent ?? 0);
  await page.route("**/admin/session-token*", (route) =>
    route.continue({ url: route.request().url().replace(mainShop.domain, shop.domain) }),
  );
  await returnToTab(page);
  await expectCard(app, "Requests sent", other.totals.requestsSent ?? 0);
});

test("the shop in the query is not asked", async ({ page }) => {
  const token = await getToken(page, shop);
  for (const name of ["shop", "shopId"]) {
    const response = await readRangeSum(page, token, { [name]: mainShop.domain });
    // An unknown field may be refused; what must not come is the other shop.
    if (response.status() === 200) expect((await response.json()).shopId).toBe("juniper-skincare");
    else expect(response.status()).toBe(400);
  }
});

test("no token, a made-up one and an expired one show nothing", async ({ page }) => {
  const [head, body] = (await getToken(page, shop)).split(".");
  const [, otherBody] = (await getToken(page, mainShop)).split(".");
  const signature = (await getToken(page, shop)).split(".")[2];
  expect(otherBody).not.toBe(body);
  const tokens = [`${head}.${otherBody}.${signature}`, "nonsense", await getToken(page, shop, -60)];
  for (const token of tokens) expect((await readRangeSum(page, token)).status()).toBe(401);
  const bare = await page.request.get("/app/range-sum", { maxRedirects: 0 });
  expect(bare.status()).toBe(401);
  expect(await bare.text()).not.toContain("totals");
});

test("coming back to the tab reads the numbers again", async ({ page }) => {
  const app = await openShop(page, shop);
  const before = await readCard(app, "Requests sent");
  const read = page.waitForResponse((response) => response.url().includes("_data="));
  await returnToTab(page);
  expect((await read).status()).toBe(200);
  await expectCard(app, "Requests sent", before ?? 0);
});
