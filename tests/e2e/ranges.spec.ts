import { expect, type FrameLocator, type Locator, test } from "@playwright/test";
import { findShop, getLastDays, keepPicture, openShop } from "./support/admin";
import {
  expectCards,
  fetchRange,
  getDaysBefore,
  locateValue,
  readAgain,
  readRange,
  toCustomPath,
  toDayText,
} from "./support/report";

const shop = findShop("harbor");

/** Fills in the two days and asks for them. */
async function applyDays(app: FrameLocator, { from, to }: { from?: string; to?: string }): Promise<void> {
  if (from !== undefined) await app.getByLabel("From", { exact: true }).fill(from);
  if (to !== undefined) await app.getByLabel("To", { exact: true }).fill(to);
  await app.getByRole("button", { name: "Apply" }).click();
}

/** "Nov 3 – Nov 9, 2026" of two days, both inclusive. */
function toDaysText({ from, to }: { from: string; to: string }): string {
  const isOneYear = from.slice(0, 4) === to.slice(0, 4);
  return `${isOneYear ? toDayText(from).replace(/, \d+$/, "") : toDayText(from)} – ${toDayText(to)}`;
}

/** What a screen reader is told of the loading, beside Polaris's own word on the page. */
function locateStatus(app: FrameLocator): Locator {
  return app.locator('[role="status"][aria-live="polite"]');
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
  const message = `Choose ${toDayText(valid.from)} or a later day.`;
  await expect(to).toHaveAccessibleDescription(message);
  await expect(to).toHaveAttribute("aria-invalid", "true");
  await expect(to).toHaveValue(wrong.to);
  await expect(app.getByText(message, { exact: true })).toBeVisible();
  await expectCards(app, totals);
  await keepPicture(page, "range-wrong");

  // Nothing but a right range makes it go.
  await readAgain(page);
  await expect(app.getByText(message, { exact: true })).toBeVisible();
  await expectCards(app, totals);
  await applyDays(app, { from: "" });
  await expect(app.getByLabel("From", { exact: true })).toHaveAccessibleDescription("Choose a day.");
  await expectCards(app, totals);
  await page.reload();
  await expect(app.getByLabel("From", { exact: true })).toHaveAccessibleDescription("Choose a day.");
  await expectCards(app, totals);

  const days = getDaysBefore(3, 9);
  await applyDays(app, days);
  await expectCards(app, (await fetchRange(page, days)).totals);
  await expect(app.getByText(/Choose /)).toHaveCount(0);
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

test("after Apply the focus stays on the button, and the end of loading is told with its days", async ({ page }) => {
  const days = getDaysBefore(40, 17);
  const app = await openShop(page, shop, toCustomPath("/app", getDaysBefore(10, 5)));
  const status = locateStatus(app);
  await expect(status).toBeEmpty();
  await applyDays(app, days);
  await expectCards(app, (await fetchRange(page, days)).totals);
  await expect(app.getByRole("button", { name: "Apply" })).toBeFocused();
  await expect(status).toHaveText(`Showing ${toDaysText(days)}`);

  // Enter in a field asks too, and the next day can be written there right away.
  const from = app.getByLabel("From", { exact: true });
  const next = getDaysBefore(40, 10);
  await from.fill(next.from);
  await from.press("Enter");
  await expect(status).toHaveText(`Showing ${toDaysText(next)}`);
  await expect(from).toBeFocused();
});

test("a wrong day is told, and its field gets the focus", async ({ page }) => {
  const app = await openShop(page, shop, toCustomPath("/app", getDaysBefore(10, 5)));
  const [from, to] = [app.getByLabel("From", { exact: true }), app.getByLabel("To", { exact: true })];
  await applyDays(app, { from: "", to: "" });
  await expect(from).toBeFocused();
  await expect(app.getByRole("alert").filter({ hasText: "Choose" })).toHaveText("From: Choose a day.To: Choose a day.");
  await expect(from).toHaveAccessibleDescription("Choose a day.");
  await expect(to).toHaveAttribute("aria-invalid", "true");

  const valid = getDaysBefore(40, 17);
  await applyDays(app, { from: valid.to, to: valid.from });
  const message = `Choose ${toDayText(valid.to)} or a later day.`;
  await expect(app.getByRole("alert").filter({ hasText: "Choose" })).toHaveText(`To: ${message}`);
  await expect(to).toBeFocused();

  // A read that nobody asked for takes the focus nowhere.
  await from.focus();
  await readAgain(page);
  await expect(to).toHaveAccessibleDescription(message);
  await expect(from).toBeFocused();
});

test("a day that has not begun in UTC can't be chosen", async ({ page }) => {
  const today = getLastDays(1).to;
  const { from: tomorrow } = getDaysBefore(-1, 1);
  const app = await openShop(page, shop, toCustomPath("/app", getDaysBefore(10, 5)));
  const { totals } = await fetchRange(page, getDaysBefore(10, 5));
  const [from, to] = [app.getByLabel("From", { exact: true }), app.getByLabel("To", { exact: true })];
  await expect(from).toHaveAttribute("max", today);
  await expect(to).toHaveAttribute("max", today);
  await applyDays(app, { to: tomorrow });
  await expect(to).toHaveAccessibleDescription(`Choose a day up to today, ${toDayText(today)} in UTC.`);
  await expectCards(app, totals);
  await applyDays(app, { to: today });
  await expect(to).toHaveAttribute("aria-invalid", "false");
});

test("a preset is marked as soon as it is tapped", async ({ page }) => {
  const app = await openShop(page, shop);
  const presets = app.getByRole("navigation", { name: "Days shown" });
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await page.route(
    (url) => url.searchParams.has("_data"),
    async (route) => {
      await held;
      await route.continue();
    },
  );
  await presets.getByRole("link", { name: "90 days" }).click();
  await expect(presets.locator("[aria-current]")).toHaveText("90 days");
  await expect(locateStatus(app)).toHaveText("Loading the numbers");
  await expect(app.locator('[aria-busy="true"]')).toHaveCount(1);
  expect(readRange(page)).toEqual({});
  goOn();
  await expect.poll(() => readRange(page)).toEqual({ range: "90" });
  await expect(app.locator('[aria-busy="true"]')).toHaveCount(0);
  await expect(locateStatus(app)).toHaveText(`Showing ${toDaysText(getLastDays(90))}`);
});

test("the range is kept from page to page", async ({ page }) => {
  const days = getDaysBefore(40, 17);
  const app = await openShop(page, shop, toCustomPath("/app", days));
  const range = { range: "custom", ...days };
  const menu = page.locator("#app-menu");
  async function expectPage(title: string): Promise<void> {
    await expect(app.getByRole("heading", { level: 1, name: title, exact: true })).toBeVisible();
    expect(readRange(page)).toEqual(range);
  }

  await menu.getByRole("link", { name: "Analytics" }).click();
  await expectPage("Analytics");
  await app.getByRole("link", { name: "Dashboard" }).click();
  await expectPage("Dashboard");
  await app.getByRole("link", { name: "Moderate" }).click();
  await expectPage("Testimonials");
  await menu.getByRole("link", { name: "Analytics" }).click();
  await expectPage("Analytics");
  await app.getByRole("link", { name: "Dashboard" }).click();
  await expectPage("Dashboard");
  await expectCards(app, (await fetchRange(page, days)).totals);

  // The menu of the frame's page moves on with its range.
  await app.getByRole("link", { name: "7 days" }).click();
  await expect(menu.getByRole("link", { name: "Analytics" })).toHaveAttribute("data-app-path", /analytics\?range=7$/);

  // Where the address makes no range, the days that are shown in its place go along.
  await app.getByRole("link", { name: "Custom" }).click();
  await applyDays(app, days);
  await expect.poll(() => readRange(page)).toEqual(range);
  await applyDays(app, { to: "" });
  await expect(app.getByLabel("To", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await menu.getByRole("link", { name: "Analytics" }).click();
  await expectPage("Analytics");
});
