import { readFile } from "node:fs/promises";
import { expect, type FrameLocator, type Locator, test } from "@playwright/test";
import { findShop, getLastDays, openShop } from "./support/admin";
import { expectCards, fetchRange, metricLabels, readRange, toDayText, toPercent } from "./support/report";

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
  return [(await readout.locator("b").textContent()) ?? "", (await readout.locator("span").textContent()) ?? ""];
}

test("the funnel has its stages in order, and says which one is live", async ({ page }) => {
  const app = await openShop(page, shop, path);
  const { totals } = await fetchRange(page, getLastDays(30));
  const rows = await readRows(app.getByRole("table").filter({ hasText: "Of stage before" }));
  expect(rows.map(([stage]) => stage)).toEqual(["Sent", "OpenedLive", "Clicked", "Submitted", "Approved", "Published"]);
  const opened = Number(rows[1]?.[1]?.replaceAll(",", ""));
  const counts = [
    totals.requestsSent,
    opened,
    totals.requestsClicked,
    totals.submissionsCount,
    totals.approvedCount,
    totals.publishedCount,
  ];
  expect(opened).toBeGreaterThan(0);
  expect(rows.map((row) => row.slice(1))).toEqual(
    counts.map((count, index) => [
      count.toLocaleString("en"),
      toPercent(count, totals.requestsSent),
      index === 0 ? "" : toPercent(count, counts[index - 1] ?? 0),
    ]),
  );
});

test("the trend shows the metric that is chosen", async ({ page }) => {
  const app = await openShop(page, shop, `${path}?range=7`);
  const { series, totals } = await fetchRange(page, getLastDays(7));
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
  expect(rows).toEqual(
    series.map((day, index) => [
      `${toDayText(day.date)}${index === 6 ? ", so far" : ""}`,
      toPercent(day.requestsClicked, day.requestsSent),
    ]),
  );
  expect(totals.requestsSent).toBeGreaterThan(0);
});

test("the arrow keys on the chart go from day to day", async ({ page }) => {
  const app = await openShop(page, shop, path);
  const { series } = await fetchRange(page, getLastDays(30));
  const chart = app.getByRole("slider");
  await chart.focus();
  const expectPoint = (index: number) => {
    const day = series[index];
    if (!day) throw new Error(`There is no day ${index}.`);
    const text = `${toDayText(day.date)}${index === series.length - 1 ? ", so far" : ""}`;
    const count = day.requestsSent.toLocaleString("en");
    return expect
      .poll(async () => [
        ...(await readPoint(app)),
        await chart.getAttribute("aria-valuenow"),
        await chart.getAttribute("aria-valuetext"),
      ])
      .toEqual([count, text, String(index + 1), `${text}: ${count}`]);
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

test("the CSV file has the numbers of the JSON, for each day and metric", async ({ page }) => {
  const days = getLastDays(90);
  const app = await openShop(page, shop, `${path}?range=90`);
  const { series } = await fetchRange(page, days);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    app.getByRole("button", { name: "Download CSV: By day" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(`testimonials-by-day_${days.from}_${days.to}.csv`);
  const lines = (await readFile(await download.path(), "utf8")).split("\r\n");
  expect(lines.pop(), "after the last line's end").toBe("");
  expect(lines.shift()).toBe(["Day (UTC)", ...Object.values(metricLabels)].join(","));
  const read = lines.map((line) => {
    const [date, ...cells] = line.split(",");
    return { date, ...Object.fromEntries(metricNames.map((name, index) => [name, Number(cells[index])])) };
  });
  expect(series).toHaveLength(90);
  expect(read).toEqual(series);
});

test("the back button goes to the dashboard, over the same days", async ({ page }) => {
  const app = await openShop(page, shop, path);
  await app.getByRole("link", { name: "90 days" }).click();
  await expect.poll(() => readRange(page)).toEqual({ range: "90" });
  await app.getByRole("link", { name: "Dashboard" }).click();
  await expect(app.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
  expect(readRange(page)).toEqual({ range: "90" });
  await expectCards(app, (await fetchRange(page, getLastDays(90))).totals);
});
