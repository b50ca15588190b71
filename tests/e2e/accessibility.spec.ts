import { expect, test } from "@playwright/test";
import { expectAccessible } from "./support/accessible";
import { findShop, openShop, simulate } from "./support/admin";

for (const width of [1280, 400]) {
  test.describe(`at ${width} px`, () => {
    test.use({ viewport: { width, height: 900 } });

    test("the switcher open and a result shown", async ({ page }) => {
      await openShop(page, findShop("old-mill"));
      await simulate(page, "Send 50 requests");
      await page.locator(".switcher summary").click();
      await expectAccessible(page);
    });

    test("a shop without the app", async ({ page }) => {
      const app = await openShop(page, findShop("old-mill"));
      await page.getByRole("button", { name: "Uninstall the app" }).click();
      await expect(page.getByRole("button", { name: "Install the app", exact: true })).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("button", { name: "Install the app", exact: true }).click();
      await expect(app.getByRole("heading", { level: 1 })).toBeVisible();
    });
  });
}
