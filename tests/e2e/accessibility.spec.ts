import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { findShop, mainShop, openShop, simulate } from "./support/admin";

/** Looks at the admin and the app in its frame together. */
async function expectNoViolations(page: Page): Promise<void> {
  const { violations, passes } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"])
    .analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    at: nodes.map(({ target }) => target.join(" ")),
  }));
  expect(found).toEqual([]);
  // Otherwise the frame was not looked at, and nothing found means nothing.
  const hasFrame = (await page.locator("iframe").count()) > 0;
  const inFrame = passes.some(({ nodes }) => nodes.some(({ target }) => target.length > 1));
  expect(inFrame).toBe(hasFrame);
}

for (const width of [1280, 400]) {
  test.describe(`at ${width} px`, () => {
    test.use({ viewport: { width, height: 900 } });

    test("the dashboard with data", async ({ page }) => {
      await openShop(page, mainShop);
      await expectNoViolations(page);
    });

    test("the dashboard of a shop with nothing", async ({ page }) => {
      await openShop(page, findShop("quiet"));
      await expectNoViolations(page);
    });

    test("the switcher open and a result shown", async ({ page }) => {
      await openShop(page, findShop("old-mill"));
      await simulate(page, "Send 50 requests");
      await page.locator(".switcher summary").click();
      await expectNoViolations(page);
    });

    test("a shop without the app", async ({ page }) => {
      const app = await openShop(page, findShop("old-mill"));
      await page.getByRole("button", { name: "Uninstall the app" }).click();
      await expect(page.getByRole("button", { name: "Install the app", exact: true })).toBeVisible();
      await expectNoViolations(page);
      await page.getByRole("button", { name: "Install the app", exact: true }).click();
      await expect(app.getByRole("heading", { level: 1 })).toBeVisible();
    });
  });
}
