import { expect, type Frame, type FrameLocator, type Locator, type Page } from "@playwright/test";
import { type Days, getFrame } from "./admin";

/** The metrics as the JSON names them and as people read them, in the order of tables and files. */
export const metricLabels = {
  requestsSent: "Requests sent",
  requestsClicked: "Requests clicked",
  submissionsCount: "Submissions",
  approvedCount: "Approved",
  publishedCount: "Published",
  videoSubmissionsCount: "Video submissions",
  photoSubmissionsCount: "Photo submissions",
};

export type Counts = Record<keyof typeof metricLabels, number>;
export type Cohort = Record<
  "sentOpened" | "sentClicked" | "sentSubmitted" | "submittedApproved" | "submittedPublished",
  number
>;
export type Sums = { totals: Counts; cohort: Cohort };
export type RangeSeries = Days & Sums & { series: (Counts & { date: string })[]; cohortSeries: Cohort[] };

/** GET /app/range-sum by the frame's own script, with the token that App Bridge gives it. */
export function fetchRange(page: Page, { from, to }: Days): Promise<RangeSeries> {
  return getFrame(page).evaluate(
    async (address) => {
      const response = await fetch(address);
      if (!response.ok) throw new Error(`${address} answered ${response.status}.`);
      return response.json();
    },
    `/app/range-sum?${new URLSearchParams({ from, to, series: "1" })}`,
  );
}

/** Days that ended `daysAgo` days before today in UTC: `count` of them. */
export function getDaysBefore(daysAgo: number, count: number): Days {
  const toDay = (days: number) => new Date(Date.now() - days * 24 * 3_600_000).toISOString().slice(0, 10);
  return { from: toDay(daysAgo + count - 1), to: toDay(daysAgo) };
}

/** "Nov 3 – Nov 9, 2026" of two days, both inclusive, and "Nov 3, 2026" of one. */
export function toDaysText({ from, to }: Days): string {
  if (from === to) return toDayText(to);
  const isOneYear = from.slice(0, 4) === to.slice(0, 4);
  return `${isOneYear ? toDayText(from).replace(/, \d+$/, "") : toDayText(from)} – ${toDayText(to)}`;
}

/** The address of a page over days of one's own. */
export function toCustomPath(pathname: string, { from, to }: Days): string {
  return `${pathname}?${new URLSearchParams({ range: "custom", from, to })}`;
}

/** The value on a card of the dashboard. */
export function locateValue(app: FrameLocator, label: string): Locator {
  return app.getByRole("heading", { level: 2, name: label, exact: true }).locator("xpath=following-sibling::p[1]");
}

/** Waits until all five cards show what the counts come to. */
export async function expectCards(app: FrameLocator, { totals, cohort }: Sums): Promise<void> {
  const { requestsSent, submissionsCount, publishedCount } = totals;
  await expect(locateValue(app, "Requests sent")).toHaveText(requestsSent.toLocaleString("en"));
  await expect(locateValue(app, "Click rate")).toHaveText(toShare(cohort.sentClicked, requestsSent));
  await expect(locateValue(app, "Submission rate")).toHaveText(toShare(cohort.sentSubmitted, requestsSent));
  await expect(locateValue(app, "Approval rate")).toHaveText(toShare(cohort.submittedApproved, submissionsCount));
  await expect(locateValue(app, "Published testimonials")).toHaveText(publishedCount.toLocaleString("en"));
}

/** "Nov 3, 2026" of a day. */
export function toDayText(date: string): string {
  return new Date(date).toLocaleDateString("en", { timeZone: "UTC", year: "numeric", month: "short", day: "numeric" });
}

/** A share as the pages say it: of few, "1 of 5". */
export function toShare(part: number, whole: number): string {
  return whole > 0 && whole < 20 ? `${part} of ${whole}` : toPercent(part, whole);
}

/** One decimal, always. */
export function toPercent(part: number, whole: number): string {
  if (whole === 0) return "–";
  return `${((100 * part) / whole).toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 })}%`;
}

/** The fields of the frame's address that say which days it shows. */
export function readRange(page: Page): Record<string, string> {
  const { searchParams } = new URL(getFrame(page).url());
  const names = ["range", "from", "to", "compare"].filter((name) => searchParams.has(name));
  return Object.fromEntries(names.map((name) => [name, searchParams.get(name) ?? ""]));
}

/** Tells the frame's app that the merchant is back at the tab, and waits until it has read its data again. */
export async function readAgain(page: Page): Promise<void> {
  const answered = page.waitForResponse((response) => new URL(response.url()).searchParams.has("_data"));
  await getFrame(page).evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await (await answered).finished();
}

/** By how much the document is wider than its window, in px. */
export function measureOverflow(frame: Frame): Promise<number> {
  return frame.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
