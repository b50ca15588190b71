import { expect, test } from "@playwright/test";
import { getFrame, keepPicture, mainShop, openShop } from "./support/admin";

test.use({ viewport: { width: 400, height: 860 } });

function overflow(): number {
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}

test("nothing is wider than a phone, neither the admin nor the app", async ({ page }) => {
  const app = await openShop(page, mainShop);
  expect(await page.evaluate(overflow)).toBe(0);
  expect(await getFrame(page).evaluate(overflow)).toBe(0);
  await expect(app.getByText("Requests sent", { exact: true }).first()).toBeVisible();
  await keepPicture(page, "dashboard-phone");
  const last = page.getByRole("button", { name: "Uninstall the app" });
  await last.scrollIntoViewIfNeeded();
  await expect(last).toBeInViewport();
  await keepPicture(page, "panel-phone");
});

test("what is waiting for the merchant comes before all numbers", async ({ page }) => {
  const app = await openShop(page, mainShop);
  const action = app.getByRole("link", { name: "Moderate" });
  await expect(action).toBeInViewport();
  await expect(app.getByRole("heading", { level: 2 })).toHaveText([
    "What to do next",
    "Requests sent",
    "Click rate",
    "Submission rate",
    "Approval rate",
    "Published testimonials",
    "Latest testimonials",
    "Top products",
  ]);
});
