import { readFile } from "node:fs/promises";
import { expect, type FrameLocator, type Locator, type Page, test } from "@playwright/test";
import { findShop, getLastDays, openShop } from "./support/admin";
import {
  type Cohort,
  type Counts,
  expectCards,
  fetchRange,
  getDaysBefore,
  metricLabels,
  readRange,
  toCustomPath,
  toDayText,
  toShare,
} from "./support/report";

const shop = findShop("bluebird");
const path = "/app/testimonials/analytics";
const metricNames = Object.keys(metricLabels) as (keyof typeof metricLabels)[];

/** The texts of a table's body, row by row. */
function readRows(table: Locator): Promise<string[][]> {
  return table
    .locator("tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll("th, td")].map((cell) => cell.textContent?.trim() ?? "")),
    );
}

/** The point that the chart tells about: its value and its day. */
async function readPoint(app: FrameLocator): Promise<[value: string, day: string]> {
  const readout = app.locator("p:has(+ [role=slider])");
  return [
    (await readout.locator("b").textContent()) ?? "",
    (await readout.locator("span").first().textContent()) ?? "",
  ];
}

test("the funnels have their stages in order, with what has become of what was sent and submitted", async ({
  page,
}) => {
  const app = await openShop(page, shop, path);
  const { totals, cohort } = await fetchRange(page, getLastDays(30));
  const { sentOpened, sentClicked, sentSubmitted, submittedApproved, submittedPublished } = cohort;
  for (const [title, stages] of [
    [
      "Requests sent in these days",
      { Sent: totals.requestsSent, Opened: sentOpened, Clicked: sentClicked, Submitted: sentSubmitted },
    ],
    [
      "Testimonials submitted in these days",
      { Submitted: totals.submissionsCount, Approved: submittedApproved, Published: submittedPublished },
    ],
  ] as const) {
    const table = app.getByRole("region", { name: title }).getByRole("table");
    await expect(table.locator("thead th")).toHaveText(["Stage", "Count", "Of first", "Of stage before"]);
    const counts = Object.values(stages);
    expect(counts.at(-1)).toBeGreaterThan(0);
    expect(await readRows(table)).toEqual(
      Object.entries(stages).map(([stage, count], index) => [
        stage,
        count.toLocaleString("en"),
        index === 0 ? "" : toShare(count, counts[0] ?? 0),
        index === 0 ? "" : toShare(count, counts[index - 1] ?? 0),
      ]),
    );
  }
});

test("the trend shows the metric that is chosen", async ({ page }) => {
  const days = getDaysBefore(0, 7);
  const app = await openShop(page, shop, toCustomPath(path, days));
  const { series, cohortSeries, totals } = await fetchRange(page, days);
  const choice = app.getByLabel("Show", { exact: true });
  for (const name of metricNames) {
    await choice.selectOption(metricLabels[name]);
    await expect(app.getByRole("slider")).toHaveAccessibleName(new RegExp(`^${metricLabels[name]} by day`));
    const last = series.at(-1);
    expect(await readPoint(app)).toEqual([
      (last?.[name] ?? 0).toLocaleString("en"),
      `${toDayText(last?.date ?? "")}, so far`,
    ]);
  }
  await choice.selectOption("Click rate");
  await expect(app.getByRole("region", { name: "Click rate by day", includeHidden: true })).toHaveCount(0);
  await app.locator("summary", { hasText: "The same as a table" }).click();
  const rows = await readRows(app.getByRole("region", { name: "Click rate by day" }).getByRole("table"));
  expect(rows.map((row) => row.slice(0, 2))).toEqual(
    series.map((day, index) => [
      // Answers come for days: of none of these are most there.
      expect.stringMatching(new RegExp(`^${toDayText(day.date)}(, still open)?$`)),
      toShare(cohortSeries[index]?.sentClicked ?? 0, day.requestsSent),
    ]),
  );
  expect(rows.at(-1)?.[0]).toContain(", still open");
  expect(totals.requestsSent).toBeGreaterThan(0);
});

test("days compared with are a second line, and columns of the table", async ({ page }) => {
  const days = getLastDays(7);
  const app = await openShop(page, shop, `${path}?range=7&compare=year`);
  const from = new Date(days.from);
  from.setUTCFullYear(from.getUTCFullYear() - 1);
  const toDay = (index: number) => new Date(Number(from) + index * 86_400_000).toISOString().slice(0, 10);
  const before = await fetchRange(page, { from: toDay(0), to: toDay(6) });
  const { series } = await fetchRange(page, days);
  await expect(app.locator("[role=slider] svg g path").first()).toBeAttached();
  await expect(app.getByText("Year before", { exact: true }).last()).toBeVisible();
  await app.locator("summary", { hasText: "The same as a table" }).click();
  const rows = await readRows(app.getByRole("region", { name: "Requests sent by day" }).getByRole("table"));
  expect(rows).toEqual(
    series.map((day, index) => [
      toDayText(day.date),
      day.requestsSent.toLocaleString("en"),
      toDayText(before.series[index]?.date ?? ""),
      (before.series[index]?.requestsSent ?? 0).toLocaleString("en"),
    ]),
  );
});

test("the arrow keys on the chart go from day to day", async ({ page }) => {
  const app = await openShop(page, shop, path);
  const { series } = await fetchRange(page, getLastDays(30));
  const before = await fetchRange(page, getDaysBefore(31, 30));
  const chart = app.getByRole("slider");
  await chart.focus();
  const expectPoint = (index: number) => {
    const [day, other] = [series[index], before.series[index]];
    if (!day || !other) throw new Error(`There is no day ${index}.`);
    const text = toDayText(day.date);
    const compared = `before: ${other.requestsSent.toLocaleString("en")}, ${toDayText(other.date)}`;
    const count = day.requestsSent.toLocaleString("en");
    return expect
      .poll(async () => [
        ...(await readPoint(app)),
        await chart.getAttribute("aria-valuenow"),
        await chart.getAttribute("aria-valuetext"),
      ])
      .toEqual([count, text, String(index + 1), `${text}: ${count}; ${compared}`]);
  };
  await expectPoint(29);
  for (const [key, index] of [
    ["ArrowLeft", 28],
    ["ArrowLeft", 27],
    ["ArrowRight", 28],
    ["PageDown", 21],
    ["Home", 0],
    ["ArrowLeft", 0],
    ["ArrowUp", 1],
    ["End", 29],
    ["ArrowRight", 29],
  ] as const) {
    await page.keyboard.press(key);
    await expectPoint(index);
  }
  await expect(chart).toBeFocused();
});

test("the daily table has each day, the latest first, a page at a time", async ({ page }) => {
  const app = await openShop(page, shop, path);
  const { series } = await fetchRange(page, getLastDays(30));
  const expected = series
    .map((day) => [toDayText(day.date), ...metricNames.map((name) => day[name].toLocaleString("en"))])
    .reverse();
  const table = app.getByRole("region", { name: "Counts by day" }).getByRole("table");
  await expect(table.locator("thead th")).toHaveText(["Day (UTC)", ...Object.values(metricLabels)]);
  expect(await readRows(table)).toEqual(expected.slice(0, 15));
  await app.getByRole("button", { name: "Next" }).click();
  await expect(app.getByText("16 to 30 of 30 days")).toBeVisible();
  expect(await readRows(table)).toEqual(expected.slice(15));
});

/** The file that the button gives: its name, its headings, and a row of cells for each line. */
async function saveCsv(page: Page, app: FrameLocator) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    app.getByRole("button", { name: "Download CSV: By day" }).click(),
  ]);
  const lines = (await readFile(await download.path(), "utf8")).split("\r\n");
  expect(lines.pop(), "after the last line's end").toBe("");
  const [headings = [], ...rows] = lines.map((line) => line.split(","));
  return { name: download.suggestedFilename(), headings, rows };
}

for (const days of [getLastDays(90), getDaysBefore(1, 400)]) {
  test(`the CSV file has the numbers of the JSON, for each day, metric and rate (${days.from})`, async ({ page }) => {
    const app = await openShop(page, shop, toCustomPath(path, days));
    const { series, cohortSeries, totals, cohort } = await fetchRange(page, days);
    const { name, headings, rows } = await saveCsv(page, app);
    expect(name).toBe(`testimonials-by-day_${days.from}_${days.to}.csv`);
    expect(headings.slice(0, 8)).toEqual(["Day (UTC)", ...Object.values(metricLabels)]);
    expect(headings.slice(-3)).toEqual(["Click rate", "Submission rate", "Approval rate"]);
    const toRate = (part: number, whole: number) => (whole === 0 ? "" : String(Number((part / whole).toFixed(6))));
    const toCells = (first: string, counts: Counts, of: Cohort) => [
      first,
      ...[...metricNames.map((metric) => counts[metric]), ...Object.values(of)].map(String),
      toRate(of.sentClicked, counts.requestsSent),
      toRate(of.sentSubmitted, counts.requestsSent),
      toRate(of.submittedApproved, counts.submissionsCount),
    ];
    expect(rows.pop()).toEqual(toCells("Total", totals, cohort));
    expect(rows).toEqual(series.map((day, index) => toCells(day.date, day, cohortSeries[index] as Cohort)));
  });
}

test("days further back than the page brings along are fetched when they are turned to", async ({ page }) => {
  const app = await openShop(page, shop, `${path}?range=12m`);
  const table = app.getByRole("region", { name: "Counts by day" }).getByRole("table");
  const next = app.getByRole("button", { name: "Next" });
  for (let first = 16; first <= 76; first += 15) {
    await next.click();
    await expect(app.getByText(new RegExp(`^${first} to ${first + 14} of 36\\d days$`))).toBeVisible();
  }
  let isAway = true;
  const asked: string[] = [];
  await page.route("**/app/range-sum?*", (route) => {
    asked.push(route.request().url());
    return isAway ? route.abort() : route.continue();
  });
  await next.click();
  await expect(app.getByText("The days could not be loaded. Try again.")).toBeVisible();
  isAway = false;
  await app.getByRole("button", { name: "Previous" }).click();
  await next.click();
  await expect(app.getByText("The days could not be loaded. Try again.")).toHaveCount(0);
  await expect(table.locator("tbody tr")).toHaveCount(15);
  const day = getDaysBefore(91, 1);
  const { series } = await fetchRange(page, day);
  const [row] = series;
  if (!row) throw new Error("There is no such day.");
  expect((await readRows(table))[0]).toEqual([
    toDayText(day.to),
    ...metricNames.map((metric) => row[metric].toLocaleString("en")),
  ]);
  expect(asked).toHaveLength(3);
});

test("the back button goes to the dashboard, over the same days", async ({ page }) => {
  const app = await openShop(page, shop, path);
  await app.getByRole("link", { name: "90 days" }).click();
  await expect.poll(() => readRange(page)).toEqual({ range: "90" });
  await app.getByRole("link", { name: "Dashboard" }).click();
  await expect(app.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
  expect(readRange(page)).toEqual({ range: "90" });
  await expectCards(app, await fetchRange(page, getLastDays(90)));
});
