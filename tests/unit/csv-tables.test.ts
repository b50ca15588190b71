import { describe, expect, test } from "vitest";
import { toCsv } from "~/report/csv";
import { toCardsCsv, toFunnelCsv, toMediaCsv, toTopCsv, toTrendCsv } from "~/report/csv-tables";
import type { Line, Point } from "~/report/figure";
import { toFunnels } from "~/report/funnel";
import { toMediaParts } from "~/report/media";
import type { Days } from "~/report/steps";
import { toTopItems } from "~/report/submissions";
import type { Day } from "~/services/rollup/day";
import { english, getLocale } from "~/texts/locale";
import { cohortOf, countsOf } from "../support/counts";

const days: Days = { from: "2026-10-01" as Day, to: "2026-10-31" as Day };
const german = getLocale("de");

function makePoint(from: string, to: string, value: number | null): Point {
  return { from, to, value, label: "a label", tick: "a tick", text: "a text", isOpen: false };
}

function makeLine(points: Point[], before: Point[] | null = null): Line {
  const compared = before && { label: "Days before", points: before };
  return { key: "clickRate", label: "Click rate", says: "", isRate: true, points, before: compared };
}

describe("a file's values", () => {
  test("are plain: at most six digits after the point, and nothing for none", () => {
    const values = [1_234_567, 0, 1 / 3, 2 / 3, 1, 0.5, 0.000_000_4, 1 / 1_000_000, 0.1 + 0.2, null, ""];
    expect(toCsv([values])).toBe("1234567,0,0.333333,0.666667,1,0.5,0,0.000001,0.3,,\r\n");
  });
});

describe("the file of", () => {
  test("the cards has a day a line, and a column a card", () => {
    const points = (first: number | null, second: number | null) => [
      makePoint("2026-06-13", "2026-06-13", first),
      makePoint("2026-06-14", "2026-06-14", second),
    ];
    const cards = [
      { label: "Requests sent", line: makeLine(points(1_200, 0)) },
      { label: "Click rate", line: makeLine(points(1 / 3, null)) },
    ];
    const { fileName, rows } = toCardsCsv(english, cards, days);
    expect(fileName).toBe("cards_2026-10-01_2026-10-31.csv");
    expect(toCsv(rows)).toBe("Day (UTC),Requests sent,Click rate\r\n2026-06-13,1200,0.333333\r\n2026-06-14,0,\r\n");
  });

  test("a trend by week has the first and the last day of each", () => {
    const line = makeLine([makePoint("2026-06-01", "2026-06-03", 0.25), makePoint("2026-06-04", "2026-06-10", null)]);
    expect(toTrendCsv(english, line, days)).toEqual({
      fileName: "trend-clickRate_2026-10-01_2026-10-31.csv",
      rows: [
        ["From (UTC)", "To (UTC)", "Click rate"],
        ["2026-06-01", "2026-06-03", 0.25],
        ["2026-06-04", "2026-06-10", null],
      ],
    });
  });

  test("a trend has the days compared with beside its own, where there are such", () => {
    const points = [makePoint("2026-06-02", "2026-06-02", 1), makePoint("2026-06-03", "2026-06-03", 2)];
    expect(toTrendCsv(english, makeLine(points, [makePoint("2026-06-01", "2026-06-01", 3)]), days).rows).toEqual([
      ["Day (UTC)", "Click rate", "Day compared with", "Click rate before"],
      ["2026-06-02", 1, "2026-06-01", 3],
      ["2026-06-03", 2, null, null],
    ]);
    const weeks = [makePoint("2026-06-08", "2026-06-14", 1)];
    expect(toTrendCsv(english, makeLine(weeks, [makePoint("2026-06-01", "2026-06-07", 3)]), days).rows).toEqual([
      ["From (UTC)", "To (UTC)", "Click rate", "Compared with, from", "Compared with, to", "Click rate before"],
      ["2026-06-08", "2026-06-14", 1, "2026-06-01", "2026-06-07", 3],
    ]);
  });

  test("each funnel has its counts and shares, under headings in the merchant's language", () => {
    const totals = countsOf({ requestsSent: 3_000, submissionsCount: 0 });
    const cohort = cohortOf({ sentOpened: 2_000, sentClicked: 1_000, sentSubmitted: 7 });
    const [requests, testimonials] = toFunnels(german, { totals, cohort }).map((part) =>
      toFunnelCsv(german, part, days),
    );
    expect(requests?.fileName).toBe("funnel-requests_2026-10-01_2026-10-31.csv");
    expect(toCsv(requests?.rows ?? [])).toBe(
      "Stufe,Anzahl,Anteil an erster,Anteil an Stufe davor\r\nGesendet,3000,,\r\nGeöffnet,2000,0.666667,0.666667\r\n" +
        "Angeklickt,1000,0.333333,0.5\r\nEingereicht,7,0.002333,0.007\r\n",
    );
    expect(testimonials?.fileName).toBe("funnel-testimonials_2026-10-01_2026-10-31.csv");
    expect(testimonials?.rows.slice(1)).toEqual([
      ["Eingereicht", 0, null, null],
      ["Freigegeben", 0, null, null],
      ["Veröffentlicht", 0, null, null],
    ]);
  });

  test("video and photo has no share where there is nothing to divide by", () => {
    const { fileName, rows } = toMediaCsv(english, toMediaParts(english, countsOf({})), days);
    expect(fileName).toBe("media_2026-10-01_2026-10-31.csv");
    expect(toCsv(rows)).toBe("Testimonials with,Count,Share\r\nVideo,0,\r\nPhoto,0,\r\nText,0,\r\n");
    const totals = countsOf({ submissionsCount: 3, videoSubmissionsCount: 1, photoSubmissionsCount: 1 });
    expect(toMediaCsv(english, toMediaParts(english, totals), days).rows.slice(1)).toEqual([
      ["Video", 1, 1 / 3],
      ["Photo", 1, 1 / 3],
      ["Text", 1, 1 / 3],
    ]);
  });

  test("the top products has the host's ids, none of which a spreadsheet would run", () => {
    const unknown = { shopifyId: null, stored: "none", title: null, imageUrl: null, isDeleted: false } as const;
    const items = toTopItems(english, [
      { ...unknown, productId: "gid://shopify/Product/7001", count: 1_234 },
      { ...unknown, productId: '=HYPERLINK("http://x")', count: 1 },
    ]);
    const { fileName, rows } = toTopCsv(english, items, days);
    expect(fileName).toBe("top-products_2026-10-01_2026-10-31.csv");
    expect(toCsv(rows)).toBe(
      "Product,Product ID,Testimonials\r\nProduct 7001,gid://shopify/Product/7001,1234\r\n" +
        `"x"")","'=HYPERLINK(""http://x"")",1\r\n`,
    );
  });
});
