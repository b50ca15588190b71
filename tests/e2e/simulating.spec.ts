import { expect, test } from "@playwright/test";
import {
  expectCard,
  expectSentToday,
  findShop,
  getToday,
  keepPicture,
  openShop,
  readTotals,
  simulate,
} from "./support/admin";
import { getDaysBefore } from "./support/report";

const shop = findShop("little-fern");

test("50 requests show today at once, change no day that is over, and a run changes no number", async ({ page }) => {
  const app = await openShop(page, shop);
  const shown = (await readTotals(page, shop)).totals.requestsSent ?? 0;
  const sent = ((await readTotals(page, shop, getToday())).totals.requestsSent ?? 0) + 50;
  await expectSentToday(app, sent - 50);
  await expectCard(app, "Requests sent", shown);

  expect(await simulate(page, "Send 50 requests")).toContain("50 requests were sent");
  await expectSentToday(app, sent);
  await expectCard(app, "Requests sent", shown);
  await expect(page.locator("#marks")).toContainText("1 day is marked");
  expect((await readTotals(page, shop, getToday())).freshness.liveDays).toBe(1);
  expect((await readTotals(page, shop)).freshness.liveDays).toBe(0);
  await keepPicture(page, "simulated");

  expect(await simulate(page, "Run the rollup")).toContain("The numbers are the same");
  await expect(page.locator("#marks")).toContainText("No day is marked");
  await expectSentToday(app, sent);
  await expectCard(app, "Requests sent", shown);
  expect((await readTotals(page, shop, getToday())).freshness.liveDays).toBe(0);
});

test("500 old testimonials, an approval and a deleted customer are counted before any run", async ({ page }) => {
  await openShop(page, shop);
  // What is decided now is of today.
  const days = getDaysBefore(0, 31);
  const start = (await readTotals(page, shop, days)).totals;
  expect(await simulate(page, "Import 500 old testimonials")).toContain("500 testimonials");
  const imported = (await readTotals(page, shop, days)).totals;
  expect(imported.submissionsCount).toBeGreaterThan(start.submissionsCount ?? 0);
  await expect(page.locator("#marks")).toContainText(/\d+ days are marked/);

  expect(await simulate(page, "Approve the oldest pending")).toContain("is approved");
  const approved = (await readTotals(page, shop, days)).totals;
  expect(approved.approvedCount).toBe((imported.approvedCount ?? 0) + 1);

  expect(await simulate(page, "Delete a customer")).toContain("is deleted");
  const deleted = (await readTotals(page, shop, days)).totals;
  expect(deleted.submissionsCount).toBeLessThan(approved.submissionsCount ?? 0);

  await simulate(page, "Run the rollup");
  expect((await readTotals(page, shop, days)).totals).toEqual(deleted);
});

test("where there is nothing to change, it says so", async ({ page }) => {
  await openShop(page, findShop("quiet"));
  expect(await simulate(page, "Approve the oldest pending")).toContain("Nothing was written");
  expect(await simulate(page, "Delete a customer")).toContain("Nothing was written");
});

test("a button at work says so and keeps the focus; a failure is shown", async ({ page }) => {
  await openShop(page, shop);
  const button = page.getByRole("button", { name: "Send 50 requests" });
  let fail: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    fail = resolve;
  });
  await page.route("**/admin/simulate/*", async (route) => {
    await held;
    await route.fulfill({ status: 500, json: { error: "The database is away." } });
  });
  await button.click();
  for (const each of await page.locator("button[data-simulation]").all()) {
    await expect(each).toHaveAttribute("aria-disabled", "true");
  }
  fail();
  await expect(page.getByRole("alert")).toHaveText("“Send 50 requests” failed: The database is away.");
  await expect(button).toBeFocused();
  await expect(button).toHaveAttribute("aria-disabled", "false");
});
