import { expect, type FrameLocator, type Locator, test } from "@playwright/test";
import {
  expectSentToday,
  findShop,
  getLastDays,
  getToday,
  keepPicture,
  mainShop,
  openShop,
  readToday,
  simulate,
} from "./support/admin";
import {
  expectCards,
  fetchRange,
  getDaysBefore,
  locateValue,
  readAgain,
  readRange,
  type Sums,
  toCustomPath,
  toDaysText,
  toDayText,
  toPercent,
} from "./support/report";

const shop = findShop("harbor");

/** Fills in the two days and asks for them. */
async function applyDays(app: FrameLocator, { from, to }: { from?: string; to?: string }): Promise<void> {
  if (from !== undefined) await app.getByLabel("From", { exact: true }).fill(from);
  if (to !== undefined) await app.getByLabel("To", { exact: true }).fill(to);
  await app.getByRole("button", { name: "Apply" }).click();
}

const dayMs = 24 * 3_600_000;

function countDays({ from, to }: { from: string; to: string }): number {
  return (Date.parse(to) - Date.parse(from)) / dayMs + 1;
}

/** What the card says of the days before. */
function locateChange(app: FrameLocator, label: string): Locator {
  return locateValue(app, label).locator("xpath=following-sibling::*[1]");
}

/** The change of what was sent, in percent of what was sent before. */
function toChangeText(now: Sums, before: Sums): string {
  const [count, base] = [now.totals.requestsSent, before.totals.requestsSent];
  expect(base).toBeGreaterThan(20);
  if (count === base) return "No change";
  return `${count > base ? "Up" : "Down"} ${toPercent(Math.abs(count - base), base)}`;
}

/** What a screen reader is told of the loading, beside Polaris's own word on the page. */
function locateStatus(app: FrameLocator): Locator {
  return app.locator('[role="status"][aria-live="polite"]');
}

test("presets change the range, the address and the numbers, and Back returns to the former ones", async ({ page }) => {
  const app = await openShop(page, shop);
  const presets = app.getByRole("navigation", { name: "Days shown" });
  const sums: Record<string, Sums> = {};
  for (const count of [7, 30, 90]) sums[count] = await fetchRange(page, getLastDays(count));
  expect(new Set(Object.values(sums).map(({ totals }) => totals.requestsSent)).size).toBe(3);

  async function expectRange(preset: string, range: Record<string, string>): Promise<void> {
    await expect.poll(() => readRange(page)).toEqual(range);
    await expect(presets.locator("[aria-current]")).toHaveText(`${preset} days`);
    const expected = sums[preset];
    if (!expected) throw new Error(`No sums of ${preset} days.`);
    await expectCards(app, expected);
  }

  await expectRange("30", {});
  await presets.getByRole("link", { name: "30 days" }).click();
  await expectRange("30", { range: "30" });
  await presets.getByRole("link", { name: "7 days" }).click();
  await expectRange("7", { range: "7" });
  await expect(page).toHaveURL(/path=%2Fapp%3Frange%3D7/);
  await presets.getByRole("link", { name: "90 days" }).click();
  await expectRange("90", { range: "90" });
  await page.goBack();
  await expectRange("7", { range: "7" });
  await page.goBack();
  await expectRange("30", { range: "30" });
  await page.goForward();
  await expectRange("7", { range: "7" });
});

test("each preset ends yesterday but for today, and says which days it shows and compares", async ({ page }) => {
  const app = await openShop(page, shop);
  const presets = app.getByRole("navigation", { name: "Days shown" });
  await expect(presets.getByRole("link")).toHaveText([
    "Today",
    "Yesterday",
    "7 days",
    "30 days",
    "90 days",
    "12 months",
    "All",
    "Custom",
  ]);
  const [today, yesterday] = [getToday(), getLastDays(1)];
  const yearAgo = new Date(today.to);
  yearAgo.setUTCFullYear(yearAgo.getUTCFullYear() - 1);
  const months = { from: yearAgo.toISOString().slice(0, 10), to: yesterday.to };
  for (const [name, range, days] of [
    ["12 months", "12m", months],
    ["Yesterday", "yesterday", yesterday],
    ["90 days", "90", getLastDays(90)],
  ] as const) {
    await presets.getByRole("link", { name }).click();
    await expect.poll(() => readRange(page)).toEqual({ range });
    const before = getDaysBefore(1 + countDays(days), countDays(days));
    await expect(app.getByText(`${toDaysText(days)}, compared with ${toDaysText(before)}`)).toBeVisible();
    await expectCards(app, await fetchRange(page, days));
  }
  await presets.getByRole("link", { name: "Today", exact: true }).click();
  await expect(app.getByText(`${toDaysText(today)}, so far`, { exact: true })).toBeVisible();
  await expectCards(app, await fetchRange(page, today));
  await expect(app.getByText("Nothing to compare with")).toHaveCount(5);
});

test("all days begin with the shop's first, and are compared with the year before alone", async ({ page }) => {
  const app = await openShop(page, shop, "/app?range=all");
  const { series } = await fetchRange(page, getDaysBefore(1, 1_827));
  const first = series.find((day) => Object.values(day).some((value) => typeof value === "number" && value > 0));
  const shown = { from: first?.date ?? "", to: getLastDays(1).to };
  await expect(app.getByText(toDaysText(shown), { exact: true })).toBeVisible();
  await expectCards(app, await fetchRange(page, shown));
  await expect(app.getByText("Nothing to compare with")).toHaveCount(5);
  await app.getByRole("link", { name: "Year before" }).click();
  await expect.poll(() => readRange(page)).toEqual({ range: "all", compare: "year" });
  await expect(app.getByText(`${toDaysText(shown)}, compared with`)).toBeVisible();
  await expect(app.getByText("Nothing to compare with")).toHaveCount(0);
});

test("the year before is compared with in the cards, and stays when other days are chosen", async ({ page }) => {
  const app = await openShop(page, mainShop, "/app?range=90");
  const days = getLastDays(90);
  const from = new Date(days.from);
  from.setUTCFullYear(from.getUTCFullYear() - 1);
  const before = { from: from.toISOString().slice(0, 10), to: "" };
  before.to = new Date(Number(from) + 89 * dayMs).toISOString().slice(0, 10);
  await app.getByRole("link", { name: "Year before" }).click();
  await expect.poll(() => readRange(page)).toEqual({ range: "90", compare: "year" });
  await expect(app.getByText(`${toDaysText(days)}, compared with ${toDaysText(before)}`)).toBeVisible();
  const [now, then] = [await fetchRange(page, days), await fetchRange(page, before)];
  await expect(locateChange(app, "Requests sent")).toHaveText(toChangeText(now, then));
  await app.getByRole("link", { name: "7 days" }).click();
  await expect.poll(() => readRange(page)).toEqual({ range: "7", compare: "year" });
  await expect(app.getByRole("navigation", { name: "Compared with" }).locator("[aria-current]")).toHaveText(
    "Year before",
  );
});

test("the days chosen live on to a visit whose address names none, and wrong ones do not", async ({
  page,
  context,
}) => {
  const app = await openShop(page, shop);
  await app.getByRole("link", { name: "90 days" }).click();
  await expect.poll(() => readRange(page)).toEqual({ range: "90" });
  await app.getByRole("link", { name: "Year before" }).click();
  await expect.poll(() => readRange(page)).toEqual({ range: "90", compare: "year" });
  const kept = await fetchRange(page, getLastDays(90));
  await openShop(page, shop, "/app?range=14");
  await expect(app.getByText("This address names no range that there is.")).toBeVisible();

  const other = await context.newPage();
  for (const path of ["/app", "/app/testimonials/analytics"]) {
    const next = await openShop(other, shop, path);
    expect(readRange(other)).toEqual({});
    await expect(next.locator("[aria-current=true]")).toHaveText(["90 days", "Year before"]);
    if (path === "/app") await expectCards(next, kept);
  }
});

test("with today in the range whole days are compared, whatever the hour", async ({ page }) => {
  const days = getDaysBefore(0, 15);
  const [whole, before] = [getDaysBefore(1, 14), getDaysBefore(15, 14)];
  const app = await openShop(page, mainShop, toCustomPath("/app", days));
  await expect(
    app.getByText(
      `${toDaysText(days)}, so far. Whole days are compared: ${toDaysText(whole)} with ${toDaysText(before)}`,
    ),
  ).toBeVisible();
  await expectCards(app, await fetchRange(page, days));
  const text = toChangeText(await fetchRange(page, whole), await fetchRange(page, before));
  await expect(locateChange(app, "Requests sent")).toHaveText(text);
  // What is sent meanwhile belongs to the day that is not over.
  await simulate(page, "Send 50 requests");
  await expectCards(app, await fetchRange(page, days));
  await expect(locateChange(app, "Requests sent")).toHaveText(text);
});

test("requests sent today change neither values nor changes of days that are over", async ({ page }) => {
  for (const path of ["/app?range=30", "/app?range=yesterday", "/app?range=90&compare=year"]) {
    const app = await openShop(page, mainShop, path);
    const cards = () =>
      app
        .locator("h2")
        .filter({ hasText: /Requests sent|rate$|Published/ })
        .locator("xpath=..")
        .allTextContents();
    const [before, today] = [await cards(), await readToday(app)];
    expect(before).toHaveLength(5);
    await simulate(page, "Send 50 requests");
    await expectSentToday(app, (today[0] ?? 0) + 50);
    expect(await cards()).toEqual(before);
  }
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
  await expectCards(app, await fetchRange(page, days));
  await expect(app.getByText(`${toDaysText(days)}, compared with ${toDaysText(getDaysBefore(57, 17))}`)).toBeVisible();
});

test("a custom range that is wrong says so at its field and keeps the last valid numbers", async ({ page }) => {
  const valid = getDaysBefore(40, 17);
  const wrong = getDaysBefore(60, 1);
  const app = await openShop(page, shop, toCustomPath("/app", valid));
  const sums = await fetchRange(page, valid);
  await expectCards(app, sums);

  await applyDays(app, { to: wrong.to });
  const to = app.getByLabel("To", { exact: true });
  const message = `Choose ${toDayText(valid.from)} or a later day.`;
  await expect(to).toHaveAccessibleDescription(message);
  await expect(to).toHaveAttribute("aria-invalid", "true");
  await expect(to).toHaveValue(wrong.to);
  await expect(app.getByText(message, { exact: true })).toBeVisible();
  await expectCards(app, sums);
  await keepPicture(page, "range-wrong");

  // Nothing but a right range makes it go.
  await readAgain(page);
  await expect(app.getByText(message, { exact: true })).toBeVisible();
  await expectCards(app, sums);
  await applyDays(app, { from: "" });
  await expect(app.getByLabel("From", { exact: true })).toHaveAccessibleDescription("Choose a day.");
  await expectCards(app, sums);
  await page.reload();
  await expect(app.getByLabel("From", { exact: true })).toHaveAccessibleDescription("Choose a day.");
  await expectCards(app, sums);

  const days = getDaysBefore(3, 9);
  await applyDays(app, days);
  await expectCards(app, await fetchRange(page, days));
  await expect(app.getByText(/Choose /)).toHaveCount(0);
});

test("a link with a custom range shows the same when it is opened", async ({ page, context }) => {
  const days = getDaysBefore(100, 45);
  const app = await openShop(page, shop);
  await app.getByRole("link", { name: "Custom" }).click();
  await applyDays(app, days);
  await expectCards(app, await fetchRange(page, days));
  await expect(page).toHaveURL(/from%3D/);

  const other = await context.newPage();
  await other.goto(page.url());
  const opened = other.frameLocator("iframe");
  await expectCards(opened, await fetchRange(page, days));
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
  await expectCards(app, await fetchRange(page, days));
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
  const today = getToday().to;
  const { from: tomorrow } = getDaysBefore(-1, 1);
  const app = await openShop(page, shop, toCustomPath("/app", getDaysBefore(10, 5)));
  const sums = await fetchRange(page, getDaysBefore(10, 5));
  const [from, to] = [app.getByLabel("From", { exact: true }), app.getByLabel("To", { exact: true })];
  await expect(from).toHaveAttribute("max", today);
  await expect(to).toHaveAttribute("max", today);
  await applyDays(app, { to: tomorrow });
  await expect(to).toHaveAccessibleDescription(`Choose a day up to today, ${toDayText(today)} in UTC.`);
  await expectCards(app, sums);
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
  await expectCards(app, await fetchRange(page, days));

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
