import { expect, test } from "@playwright/test";
import { expectCard, findShop, keepPicture, openShop, readTotals, simulate } from "./support/admin";

const shop = findShop("little-fern");

test("50 requests show at once, and a run changes no number", async ({ page }) => {
  const app = await openShop(page, shop);
  const { totals } = await readTotals(page, shop);
  const sent = (totals.requestsSent ?? 0) + 50;
  await expectCard(app, "Requests sent", sent - 50);

  expect(await simulate(page, "Send 50 requests")).toContain("50 requests were sent");
  await expectCard(app, "Requests sent", sent);
  await expect(page.locator("#marks")).toContainText("1 day is marked");
  expect((await readTotals(page, shop)).freshness.liveDays).toBe(1);
  await keepPicture(page, "simulated");

  expect(await simulate(page, "Run the rollup")).toContain("The numbers are the same");
  await expect(page.locator("#marks")).toContainText("No day is marked");
  await expectCard(app, "Requests sent", sent);
  expect((await readTotals(page, shop)).freshness.liveDays).toBe(0);
});

test("500 old testimonials, an approval and a deleted customer are counted before any run", async ({ page }) => {
  await openShop(page, shop);
  const start = (await readTotals(page, shop)).totals;
  expect(await simulate(page, "Import 500 old testimonials")).toContain("500 testimonials");
  const imported = (await readTotals(page, shop)).totals;
  expect(imported.submissionsCount).toBeGreaterThan(start.submissionsCount ?? 0);
  await expect(page.locator("#marks")).toContainText(/\d+ days are marked/);

  expect(await simulate(page, "Approve the oldest pending")).toContain("is approved");
  const approved = (await readTotals(page, shop)).totals;
  expect(approved.approvedCount).toBe((imported.approvedCount ?? 0) + 1);

  expect(await simulate(page, "Delete a customer")).toContain("is deleted");
  const deleted = (await readTotals(page, shop)).totals;
  expect(deleted.submissionsCount).toBeLessThan(approved.submissionsCount ?? 0);

  await simulate(page, "Run the rollup");
  expect((await readTotals(page, shop)).totals).toEqual(deleted);
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
