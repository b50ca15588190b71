import { expect, test } from "@playwright/test";
import { expectSentToday, findShop, getToday, mainShop, openShop, readTotals } from "./support/admin";

test("the admin works without a mouse: skip link, switcher, menu, panel", async ({ page }) => {
  await openShop(page, mainShop);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the app" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main").first()).toBeFocused();

  const switcher = page.locator(".switcher summary");
  await switcher.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: /^saddle-and-thread/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("link", { name: /^saddle-and-thread/ })).toBeHidden();
  await expect(switcher).toBeFocused();

  await page.keyboard.press("Enter");
  const target = page.getByRole("link", { name: /^saddle-and-thread/ });
  for (let presses = 0; presses < 7; presses += 1) await page.keyboard.press("Tab");
  await expect(target).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveTitle(/^saddle-and-thread/);
});

test("a simulation started with the keyboard shows in the frame and keeps the focus", async ({ page }) => {
  const shop = findShop("saddle");
  const app = await openShop(page, shop);
  const { totals } = await readTotals(page, shop, getToday());
  const button = page.getByRole("button", { name: "Send 50 requests" });
  await button.focus();
  await page.keyboard.press("Enter");
  await expectSentToday(app, (totals.requestsSent ?? 0) + 50);
  await expect(button).toBeFocused();
});
