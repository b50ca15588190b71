import { expect, test } from "@playwright/test";
import { mainShop, openShop, simulate } from "./support/admin";

// Draws docs/images anew. Not part of the suite: README_PICTURES=1 npm run test:e2e -- readme-pictures

test.describe("at 1280 px", () => {
  test.use({ viewport: { width: 1280, height: 800 } });

  test("the dashboard, after a simulated change", async ({ page }) => {
    await openShop(page, mainShop);
    await simulate(page, "Send 50 requests");
    await expect(page.locator("#marks")).toContainText("marked");
    await page.mouse.move(0, 0);
    await page.screenshot({ path: "docs/images/dashboard.png" });
  });

  test("the analytics", async ({ page }) => {
    const app = await openShop(page, mainShop, "/app/testimonials/analytics?range=90");
    await app.locator("h2", { hasText: "From request to published testimonial" }).scrollIntoViewIfNeeded();
    await page.screenshot({ path: "docs/images/analytics.png" });
  });

  test("the operator's page", async ({ page }) => {
    await page.goto("/admin");
    const token = (await page.locator("#admin-token").textContent()) ?? "";
    await page.goto("/operator");
    await page.getByLabel("Admin token").fill(token);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("button", { name: "Verify now" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Run", exact: true })).toBeVisible();
    await page.getByRole("link", { name: "Overview" }).click();
    await expect(page.getByRole("region", { name: "The last run of each kind" })).toContainText("Verification");
    await page.screenshot({ path: "docs/images/operator.png" });
  });
});

test.describe("at 400 px", () => {
  test.use({ viewport: { width: 400, height: 860 } });

  test("the dashboard", async ({ page }) => {
    await openShop(page, mainShop);
    await page.screenshot({ path: "docs/images/dashboard-phone.png" });
  });
});
