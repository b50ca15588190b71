import { expect, test } from "@playwright/test";
import { expectSentToday, findShop, getToday, keepPicture, openShop, readTotals } from "./support/admin";

const shop = findShop("bluebird");

test("a shop that removes the app and comes back finds its history", async ({ page }) => {
  const app = await openShop(page, shop);
  const { totals } = await readTotals(page, shop, getToday());
  await page.getByRole("button", { name: "Uninstall the app" }).click();
  await expect(page.getByRole("heading", { name: "The app isn't installed in this shop" })).toBeVisible();
  await expect(page.locator("iframe")).toHaveCount(0);
  await keepPicture(page, "uninstalled");

  // Sources are written all the same, for a host app goes on; the shop's return brings the numbers up to date.
  await page.getByRole("button", { name: "Send 50 requests" }).click();
  await expect(page.getByRole("status")).toContainText("50 requests were sent");
  await page.getByRole("button", { name: "Install the app", exact: true }).click();
  await expectSentToday(app, (totals.requestsSent ?? 0) + 50);

  await page.goto(`/admin?shop=${shop.domain}`);
  await expect(page.getByRole("button", { name: "Uninstall the app" })).toBeVisible();
});
