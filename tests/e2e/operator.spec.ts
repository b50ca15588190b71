import { expect, type Page, test } from "@playwright/test";
import { expectAccessible } from "./support/accessible";
import { findShop, keepPicture, openShop, simulate } from "./support/admin";
import { logIn } from "./support/operator";
import { getDaysBefore } from "./support/report";

const shop = findShop("saddle");

function listRefusals(page: Page): string[] {
  const refusals: string[] = [];
  page.on("console", (message) => {
    if (/Content Security Policy|hydrat/i.test(message.text())) refusals.push(message.text());
  });
  page.on("pageerror", (error) => refusals.push(error.message));
  return refusals;
}

test("an operator logs in, sees what waits, shows what a rebuild would change, and rebuilds it", async ({ page }) => {
  await openShop(page, shop);
  await simulate(page, "Send 50 requests");
  const refusals = listRefusals(page);
  await logIn(page);
  await expect(page.getByRole("region", { name: "Shops that have waited longest" })).toContainText(shop.domain);
  await expectAccessible(page);
  await keepPicture(page, "operator");

  await page.getByRole("link", { name: "Rebuild" }).click();
  await page.getByLabel("Shop", { exact: true }).fill(shop.domain);
  const { from, to } = getDaysBefore(0, 31);
  await page.getByLabel("First day").fill(to);
  await page.getByLabel("Last day").fill(from);
  await page.getByLabel("Last day").press("Enter");
  await expect(page.getByText(`Must not be before fromDate (${to}).`)).toBeVisible();
  await page.getByLabel("First day").fill(from);
  await page.getByLabel("Last day").fill(to);
  await page.getByRole("button", { name: "Show what would change" }).click();
  await expect(page.getByRole("heading", { name: "Dry run" })).toBeVisible();
  const sent = page.getByRole("row").filter({ hasText: "Requests sent" }).filter({ hasText: to });
  await expect(sent).toHaveCount(1);
  await expectAccessible(page);

  await page.getByRole("button", { name: "Rebuild these days" }).click();
  await expect(page.getByRole("heading", { name: "Rebuild", level: 2, exact: true })).toBeVisible();
  // It has run by then, or the page looks again until it has.
  await expect(page.getByText("1 of 1 shop")).toBeVisible();
  await page.getByRole("link", { name: "Runs" }).click();
  const row = page.getByRole("row").filter({ hasText: shop.domain }).first();
  await expect(row).toContainText("Done");
  await row.getByRole("link").click();
  await expect(page.getByText("Rows written")).toBeVisible();

  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.getByLabel("Admin token")).toBeVisible();
  await page.goto("/operator/runs");
  await expect(page.getByLabel("Admin token")).toBeVisible();
  expect(refusals).toEqual([]);
});
