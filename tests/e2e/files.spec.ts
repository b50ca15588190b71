import { readFile } from "node:fs/promises";
import { expect, type FrameLocator, type Page, test } from "@playwright/test";
import { findShop, getLastDays, openShop } from "./support/admin";
import { fetchRange } from "./support/report";

const shop = findShop("harbor");
const days = getLastDays(30);
const fileOf = (part: string) => `${part}_${days.from}_${days.to}.csv`;

/** The lines of the file that the button of a table saves, cut at commas: none of these has one in a cell. */
async function download(page: Page, app: FrameLocator, table: string): Promise<{ name: string; lines: string[][] }> {
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    app.getByRole("button", { name: `Download CSV: ${table}`, exact: true }).click(),
  ]);
  const text = await readFile(await saved.path(), "utf8");
  expect(text.endsWith("\r\n")).toBe(true);
  return {
    name: saved.suggestedFilename(),
    lines: text
      .split("\r\n")
      .slice(0, -1)
      .map((line) => line.split(",")),
  };
}

/** As a file has it: up to six digits, and nothing where there is nothing to divide by. */
function toShareText(part: number, whole: number): string {
  return whole === 0 ? "" : String(Math.round((part / whole) * 1_000_000) / 1_000_000);
}

test("the dashboard's tables are files of plain values", async ({ page }) => {
  const app = await openShop(page, shop);
  const { series, cohortSeries } = await fetchRange(page, days);
  await app.locator("summary", { hasText: "The cards as a table" }).click();
  const cards = await download(page, app, "The cards as a table");
  expect(cards.name).toBe(fileOf("cards"));
  expect(cards.lines.slice(1)).toEqual(
    series.map((day, index) => [
      day.date,
      String(day.requestsSent),
      toShareText(cohortSeries[index]?.sentClicked ?? 0, day.requestsSent),
      toShareText(cohortSeries[index]?.sentSubmitted ?? 0, day.requestsSent),
      toShareText(cohortSeries[index]?.submittedApproved ?? 0, day.submissionsCount),
      String(day.publishedCount),
    ]),
  );
  const products = await download(page, app, "Top products");
  expect(products.name).toBe(fileOf("top-products"));
  expect(products.lines[0]).toEqual(["Product", "Product ID", "Testimonials"]);
  const items = app
    .getByRole("heading", { name: "Top products" })
    .locator("xpath=ancestor::*[.//li][1]")
    .getByRole("listitem");
  await expect(items).not.toHaveCount(0);
  const shown = await items.evaluateAll((all) => all.map((item) => item.querySelector("bdi")?.textContent));
  expect(products.lines.slice(1).map(([label]) => label)).toEqual(shown);
  for (const [, id, count] of products.lines.slice(1)) {
    expect(id).toMatch(/^gid:\/\/shopify\/Product\/\d+$/);
    expect(Number(count)).toBeGreaterThan(0);
  }
});

test("the analytics' tables are files of plain values", async ({ page }) => {
  const app = await openShop(page, shop, "/app/testimonials/analytics?figure=approvalRate");
  const { series, cohortSeries, totals, cohort } = await fetchRange(page, days);
  const sent = totals.requestsSent;
  const requests = await download(page, app, "Requests sent in these days");
  expect(requests.name).toBe(fileOf("funnel-requests"));
  expect(requests.lines[1]).toEqual(["Sent", String(sent), "", ""]);
  expect(requests.lines[3]).toEqual([
    "Clicked",
    String(cohort.sentClicked),
    toShareText(cohort.sentClicked, sent),
    toShareText(cohort.sentClicked, cohort.sentOpened),
  ]);
  const testimonials = await download(page, app, "Testimonials submitted in these days");
  expect(testimonials.name).toBe(fileOf("funnel-testimonials"));
  expect(testimonials.lines[2]?.slice(0, 2)).toEqual(["Approved", String(cohort.submittedApproved)]);
  const media = await download(page, app, "Video and photo");
  expect(media.name).toBe(fileOf("media"));
  const [video, all] = [totals.videoSubmissionsCount, totals.submissionsCount];
  expect(media.lines[1]).toEqual(["Video", String(video), toShareText(video, all)]);
  await app.locator("summary", { hasText: "The same as a table" }).click();
  const trend = await download(page, app, "Approval rate by day");
  expect(trend.name).toBe(fileOf("trend-approvalRate"));
  expect(trend.lines.map((line) => line.slice(0, 2))).toEqual([
    ["Day (UTC)", "Approval rate"],
    ...series.map((day, index) => [
      day.date,
      toShareText(cohortSeries[index]?.submittedApproved ?? 0, day.submissionsCount),
    ]),
  ]);
});
