import { expect, test } from "@playwright/test";
import { mainShop } from "./support/admin";
import { logIn } from "./support/operator";

// A trace takes its pictures by scripts in the page, and would wait for them for ever.
test.use({ viewport: { width: 360, height: 740 }, javaScriptEnabled: false, trace: "off", screenshot: "off" });

test("without any script, on a phone, no page of the operator's is wider than the screen, and its forms work", async ({
  page,
}) => {
  await logIn(page);
  for (const path of ["", "/runs", "/drift", "/seals", "/privacy", "/rebuild"]) {
    await page.goto(`/operator${path}`);
    expect([path, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([path, 360]);
  }
  await page.getByLabel("Shop", { exact: true }).fill(mainShop.domain);
  await page.getByLabel("First day").fill("2026-01-01");
  await page.getByLabel("Last day").fill("2026-01-31");
  await page.getByRole("button", { name: "Show what would change" }).click();
  await expect(page.getByRole("heading", { name: "Dry run" })).toBeVisible();
});
