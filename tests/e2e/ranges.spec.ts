import { expect, type FrameLocator, test } from "@playwright/test";
import { findShop, getLastDays, keepPicture, openShop } from "./support/admin";
import {
  expectCards,
  fetchRange,
  getDaysBefore,
  locateValue,
  readAgain,
  readRange,
  toCustomPath,
} from "./support/report";

const shop = findShop("harbor");

/** Fills in the two days and asks for them. */
async function applyDays(app: FrameLocator, { from, to }: { from?: string; to?: string }): Promise<void> {
  if (from !== undefined) await app.getByLabel("From", { exact: true }).fill(from);
  if (to !== undefined) await app.getByLabel("To", { exact: true }).fill(to);
  await app.getByRole("button", { name: "Apply" }).click();
}

test("presets change the range, the address and the numbers, and Back returns to the former ones", async ({ page }) => {
  const app = await openShop(page, shop);
  const presets = app.getByRole("navigation", { name: "Days shown" });
  const totals: Record<string, Parameters<typeof expectCards>[1]> = {};
  for (const count of [7, 30, 90]) totals[count] = (await fetchRange(page, getLastDays(count))).totals;
  expect(new Set(Object.values(totals).map(({ requestsSent }) => requestsSent)).size).toBe(3);

  async function expectRange(preset: string, range: Record<string, string>): Promise<void> {
    await expect.poll(() => readRange(page)).toEqual(range);
    await expect(presets.locator("[aria-current]")).toHaveText(`${preset} days`);
    const expected = totals[preset];
    if (!expected) throw new Error(`No totals of ${preset} days.`);
    await expectCards(app, expected);
  }

  await expectRange("30", {});
  await presets.getByRole("link", { name: "7 days" }).click();
  await expectRange("7", { range: "7" });
  await expect(page).toHaveURL(/path=%2Fapp%3Frange%3D7/);
  await presets.getByRole("link", { name: "90 days" }).click();
  await expectRange("90", { range: "90" });
  await page.goBack();
  await expectRange("7", { range: "7" });
  await page.goBack();
  await expectRange("30", {});
  await page.goForward();
  await expectRange("7", { range: "7" });
});

test("a custom range shows the numbers that the JSON of its days has", async ({ page }) => {
  const days = getDaysBefore(40, 17);
  const app = await openShop(page, shop);
  await app.getByRole("link", { name: "Custom" }).click();
  // It begins with the days that were shown.
  await expect(app.getByLabel("From", { exact: true })).toHaveValue(getLastDays(30).from);
  await expect(app.getByLabel("To", { exact: true })).toHaveValue(getLastDays(30).to);

  await applyDays(app, days);
  await expect.poll(() => readRange(page)).toEqual({ range: "custom", ...days });
  await expectCards(app, (await fetchRange(page, days)).totals);
  await expect(app.getByText("compared with the 17 days before")).toBeVisible();
});

test("a custom range that is wrong says so at its field and keeps the last valid numbers", async ({ page }) => {
  const valid = getDaysBefore(40, 17);
  const wrong = getDaysBefore(60, 1);
  const app = await openShop(page, shop, toCustomPath("/app", valid));
  const { totals } = await fetchRange(page, valid);
  await expectCards(app, totals);

  await applyDays(app, { to: wrong.to });
  const to = app.getByLabel("To", { exact: true });
  const message = `Must not be before from (${valid.from}).`;
  await expect(to).toHaveAccessibleDescription(message);
  await expect(to).toHaveAttribute("aria-invalid", "true");
  await expect(to).toHaveValue(wrong.to);
  await expect(app.getByText(message)).toBeVisible();
  await expectCards(app, totals);
  await keepPicture(page, "range-wrong");

  // Nothing but a right range makes it go.
  await readAgain(page);
  await expect(app.getByText(message)).toBeVisible();
  await expectCards(app, totals);
  await applyDays(app, { from: "" });
  await expect(app.getByLabel("From", { exact: true })).toHaveAccessibleDescription(/^Must be a day as YYYY-MM-DD/);
  await expectCards(app, totals);
  await page.reload();
  await expect(app.getByLabel("From", { exact: true })).toHaveAccessibleDescription(/^Must be a day as YYYY-MM-DD/);
  await expectCards(app, totals);

  const days = getDaysBefore(3, 9);
  await applyDays(app, days);
  await expectCards(app, (await fetchRange(page, days)).totals);
  await expect(app.getByText(/^Must /)).toHaveCount(0);
});

test("a link with a custom range shows the same when it is opened", async ({ page, context }) => {
  const days = getDaysBefore(100, 45);
  const app = await openShop(page, shop);
  await app.getByRole("link", { name: "Custom" }).click();
  await applyDays(app, days);
  await expectCards(app, (await fetchRange(page, days)).totals);
  await expect(page).toHaveURL(/from%3D/);

  const other = await context.newPage();
  await other.goto(page.url());
  const opened = other.frameLocator("iframe");
  await expectCards(opened, (await fetchRange(page, days)).totals);
  await expect(opened.getByLabel("From", { exact: true })).toHaveValue(days.from);
  await expect(opened.getByLabel("To", { exact: true })).toHaveValue(days.to);
  const value = await locateValue(app, "Click rate").textContent();
  await expect(locateValue(opened, "Click rate")).toHaveText(value ?? "");
});
