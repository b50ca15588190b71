import { expect, type Page } from "@playwright/test";

/** Logs in with the token that the demo's admin shows. */
export async function logIn(page: Page): Promise<void> {
  await page.goto("/admin");
  const token = (await page.locator("#admin-token").textContent()) ?? "";
  await page.goto("/operator");
  await page.getByLabel("Admin token").fill("not the admin token");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByText("This is not the admin token.")).toBeVisible();
  await page.getByLabel("Admin token").fill(token);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  expect(page.url()).not.toContain(token);
}
