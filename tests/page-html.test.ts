import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { toDay } from "~/services/rollup/day";
import { openBuiltPage } from "./support/built-pages";
import { daysAgo, makeMerchant, type PageName } from "./support/pages";
import { addRequest, addSubmission, at, type TestShop } from "./support/shops";

// The pages as the built server writes them, before any script runs.

async function readPage(page: PageName, shop: TestShop, query?: Record<string, string>) {
  const response = await openBuiltPage(page, shop, query);
  const html = await response.text();
  expect(html).not.toMatch(/NaN|Infinity|\[object /);
  // React's mark between texts of one element, which it could not tell apart where a browser translates them.
  expect(html).not.toContain("<!-- -->");
  return { status: response.status, html };
}

/** The cells of the table that follows `before` in the page, row by row. */
function readTable(html: string, before: string): string[][] {
  const start = html.indexOf("<table", html.indexOf(before));
  const table = html.slice(start, html.indexOf("</table>", start));
  return table.split("<tr").slice(1).map(readCells);
}

function readCells(row: string): string[] {
  return [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => (cell ?? "").replace(/<[^>]*>/g, ""));
}

/** The label and the value of each card with one number. */
function readCards(html: string): string[][] {
  return html
    .split("<h2")
    .map((part) => part.replaceAll(/^[^>]*>|<[^>]*>/g, "|").split(/\|+/))
    .flatMap(([, label = "", value = ""]) => (/^[\d.,]+(%| of \d+)?$/.test(value) ? [[label, value]] : []));
}

/** "Nov 3 – Nov 9, 2026" of days before today, as an English calendar writes them. */
function toDaysText(from: number, to: number): string {
  const [first, last] = [from, to].map((days) => new Date(daysAgo(days)));
  const write = (day?: Date) =>
    day?.toLocaleDateString("en", { timeZone: "UTC", year: "numeric", month: "short", day: "numeric" }) ?? "";
  const isOneYear = first?.getUTCFullYear() === last?.getUTCFullYear();
  return `${isOneYear ? write(first).replace(/, \d+$/, "") : write(first)} – ${write(last)}`;
}

async function makeBusyShop(): Promise<TestShop> {
  const shop = await makeMerchant();
  for (const days of [0, 1, 1, 5]) await addRequest(shop, { sentAt: at(daysAgo(days)), clickedAt: at(daysAgo(days)) });
  await addSubmission(shop, {
    submittedAt: at(daysAgo(1)),
    mediaType: "video",
    headline: "<b>Bold & long</b>".repeat(9),
  });
  await addSubmission(shop, {
    submittedAt: at(daysAgo(1)),
    mediaType: "photo",
    shopifyProductId: "gid://shopify/Product/7",
  });
  return shop;
}

describe("the dashboard as it is sent", () => {
  test("has its numbers and its lines, and no row of the closed table", async () => {
    const { status, html } = await readPage("dashboard", await makeBusyShop(), { range: "7" });
    expect(status).toBe(200);
    expect(html.match(/preserveAspectRatio="none"/g)).toHaveLength(5);
    // Days with a rate between days without one: two of the click and the submission rate, and the one day of approvals.
    expect(html.match(/<path[^>]*d="M\d+,\d+h0(M\d+,\d+h0)?"/g)).toHaveLength(6);
    expect(html).toContain("<span>: 1 request sent · 1 clicked · 0 testimonials · 0 published</span>");
    expect(html).toMatch(/<details[^>]*><summary>The cards as a table<\/summary><\/details>/);
    expect(readCards(html)).toEqual([
      ["Requests sent", "3"],
      ["Click rate", "3 of 3"],
      ["Submission rate", "0 of 3"],
      ["Approval rate", "0 of 2"],
      ["Published testimonials", "0"],
    ]);
    expect(html).toContain("<span>2 testimonials wait for moderation.</span>");
    expect(html).toContain("Product 7");
    expect(html).toContain('title="&lt;b&gt;Bold &amp; long');
    expect(html).toContain('href="/app/testimonials?status=pending&amp;range=7"');
  });

  test("says how many days are counted live, and stops when a run has settled them", async () => {
    const shop = await makeBusyShop();
    expect((await readPage("dashboard", shop)).html).toContain("2 days are being recounted");
    await rollup.run({ trigger: "cron", today: toDay(new Date()) });
    expect((await readPage("dashboard", shop)).html).toMatch(/Days are UTC. Up to date as of \d\d:\d\d UTC\./);
  });
});

describe("the analytics page as it is sent", () => {
  test("has its funnels, its trend as one drawing for all widths, and no row of the closed table", async () => {
    const { html } = await readPage("analytics", await makeBusyShop(), { range: "7" });
    expect(readTable(html, "From request to")).toEqual([
      ["Stage", "Count", "Of first", "Of stage before"],
      ["Sent", "3", "", ""],
      ["Opened", "3", "3 of 3", "3 of 3"],
      ["Clicked", "3", "3 of 3", "3 of 3"],
      ["Submitted", "0", "0 of 3", "0 of 3"],
    ]);
    expect(readTable(html, 'aria-label="Testimonials submitted in these days"')).toEqual([
      ["Stage", "Count", "Of first", "Of stage before"],
      ["Submitted", "2", "", ""],
      ["Approved", "0", "0 of 2", "0 of 2"],
      ["Published", "0", "0 of 2", "–"],
    ]);
    expect(html).toContain("The latest are still open: most answers come within 7 days.");
    const [chart = ""] = html.slice(html.indexOf('role="slider"')).split("<details");
    expect(chart.match(/<svg/g)).toHaveLength(1);
    expect(html).toMatch(/<details[^>]*><summary>The same as a table<\/summary><\/details>/);
    expect(readTable(html, "Video and photo").slice(1)).toEqual([
      ["Video", "1", "50.0%"],
      ["Photo", "1", "50.0%"],
      ["Text", "0", "0.0%"],
    ]);
    expect(html).toContain('role="slider"');
    expect(html).toMatch(
      /<a[^>]*href="\/app\?range=7"[^>]*aria-label="Dashboard"|aria-label="Dashboard"[^>]*href="\/app\?range=7"/,
    );
  });
});

describe.each(["dashboard", "analytics"] as const)("the %s as it is sent", (page) => {
  test("says of days that are not over that they are so far, and which whole ones are compared", async () => {
    const shop = await makeBusyShop();
    const [from, to] = [daysAgo(3), daysAgo(0)];
    const { html } = await readPage(page, shop, { range: "custom", from, to });
    expect(html).toContain(
      `${toDaysText(3, 0)}, so far. Whole days are compared: ${toDaysText(3, 1)} with ${toDaysText(6, 4)}`,
    );
    const all = await readPage(page, shop, { range: "all" });
    expect(all.html).toContain(`>${toDaysText(5, 1)}<`);
    expect(all.html).toContain("Nothing to compare with");
    const empty = await makeMerchant();
    await addRequest(empty, { sentAt: at(daysAgo(0)) });
    expect((await readPage(page, empty, { range: "all" })).html).toMatch(/>\w{3} \d+, \d{4}, so far</);
  });

  test("has the message at the field of a wrong range, and the numbers", async () => {
    const query = { range: "custom", from: "2026-03-02", to: "2026-03-01" };
    const { html } = await readPage(page, await makeBusyShop(), query);
    expect(html).toContain("Choose Mar 2, 2026 or a later day.");
    expect(html).toMatch(/<input[^>]*name="to"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*name="to"/);
    expect(html).toMatch(/<input[^>]*name="from"[^>]*value="2026-03-02"|value="2026-03-02"[^>]*name="from"/);
    expect(html).toContain(`${toDaysText(30, 1)}, compared with ${toDaysText(60, 31)}`);
    expect(html).toMatch(page === "dashboard" ? "Top products" : "By day");
  });

  test("tells a new shop what will be there", async () => {
    expect((await readPage(page, await makeMerchant())).html).toContain("Your numbers will be here");
  });

  test("keeps its frame where the read fails", async () => {
    const shop = await makeBusyShop();
    await db.$executeRawUnsafe("alter table testimonial_daily_analytics rename to hidden");
    try {
      const { status, html } = await readPage(page, shop, { range: "90" });
      expect(status).toBe(500);
      expect(html).toContain("The numbers could not be read");
      expect(html).toContain("Try again");
      expect(html).toContain(`${toDaysText(90, 1)}, compared with ${toDaysText(180, 91)}`);
      expect(html).not.toContain("does not exist");
    } finally {
      await db.$executeRawUnsafe("alter table hidden rename to testimonial_daily_analytics");
    }
  });
});
