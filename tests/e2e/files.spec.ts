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
  const { series } = await fetchRange(page, days);
  await app.locator("summary", { hasText: "The cards as a table" }).click();
  const cards = await download(page, app, "The cards as a table");
  expect(cards.name).toBe(fileOf("cards"));
  expect(cards.lines.slice(1)).toEqual(
    series.map((day) => [
      day.date,
      String(day.requestsSent),
      toShareText(day.requestsClicked, day.requestsSent),
      toShareText(day.submissionsCount, day.requestsSent),
      toShareText(day.approvedCount, day.submissionsCount),
      String(day.publishedCount),
    ]),
  );
  const products = await download(page, app, "Top products");
  expect(products.name).toBe(fileOf("top-products"));
  expect(products.lines[0]).toEqual(["Product", "Product ID", "Testimonials"]);
  const shown = await app
    .getByRole("listitem")
    .filter({ hasText: "Product " })
    .evaluateAll((items) => items.map((item) => [...item.querySelectorAll("[data-shape]")].map((e) => e.textContent)));
  expect(products.lines.length).toBeGreaterThan(2);
  expect(products.lines.slice(1).map(([label, , count]) => [label, Number(count).toLocaleString("en"), ""])).toEqual(
    shown,
  );
  for (const [label, id] of products.lines.slice(1))
    expect(id).toBe(label?.replace("Product ", "gid://shopify/Product/"));
});

test("the analytics' tables are files of plain values", async ({ page }) => {
  const app = await openShop(page, shop, "/app/testimonials/analytics?figure=approvalRate");
  const { series, totals } = await fetchRange(page, days);
  const funnel = await download(page, app, "From request to published testimonial");
  expect(funnel.name).toBe(fileOf("funnel"));
  const sent = totals.requestsSent;
  expect(funnel.lines[1]).toEqual(["Sent", String(sent), "1", ""]);
  expect(funnel.lines[3]?.slice(0, 3)).toEqual([
    "Clicked",
    String(totals.requestsClicked),
    toShareText(totals.requestsClicked, sent),
  ]);
  const media = await download(page, app, "Video and photo");
  expect(media.name).toBe(fileOf("media"));
  const [video, all] = [totals.videoSubmissionsCount, totals.submissionsCount];
  expect(media.lines[1]).toEqual(["Video", String(video), toShareText(video, all)]);
  await app.locator("summary", { hasText: "The same as a table" }).click();
  const trend = await download(page, app, "Approval rate by day");
  expect(trend.name).toBe(fileOf("trend-approvalRate"));
  expect(trend.lines.map((line) => line.slice(0, 2))).toEqual([
    ["Day (UTC)", "Approval rate"],
    ...series.map((day) => [day.date, toShareText(day.approvedCount, day.submissionsCount)]),
  ]);
});
