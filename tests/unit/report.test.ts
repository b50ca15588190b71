import { describe, expect, test } from "vitest";
import { toRangeChoice } from "~/http/range-choice.server";
import { toCards } from "~/report/cards";
import { toCsv } from "~/report/csv";
import { toDailyCsv, toDailyTable } from "~/report/daily";
import { toFailureText } from "~/report/failure";
import { toChange, toFigureText, toLine, toSpokenText } from "~/report/figure";
import { type Figure, toValue } from "~/report/figures";
import { toFreshnessText } from "~/report/freshness";
import { toFunnel } from "~/report/funnel";
import { toMediaParts } from "~/report/media";
import { toProductLabel } from "~/report/product";
import { toPageUrl } from "~/report/range";
import { toSteps } from "~/report/steps";
import { toTopItems } from "~/report/submissions";
import { toTrend } from "~/report/trend";
import type { Day } from "~/services/rollup/day";
import { english } from "~/texts/locale";
import { countsOf } from "../support/counts";

const freshness = {
  asOf: "2026-06-15T14:05:09.000Z",
  liveDays: 0,
  oldestMark: null,
  lastRunAt: null,
  sealedUntil: null,
};
const sent: Figure = { key: "requestsSent", label: "Sent", says: "", of: "requestsSent" };
const clickRate: Figure = {
  key: "clickRate",
  label: "Click rate",
  says: "",
  of: "requestsClicked",
  per: "requestsSent",
};

function makeSeries(length: number, last: string, requestsSent = 1) {
  return Array.from({ length }, (_, index) => {
    const date = new Date(Date.parse(last) - (length - 1 - index) * 86_400_000).toISOString().slice(0, 10) as Day;
    return { ...countsOf({ requestsSent }), date };
  });
}

describe("a figure", () => {
  test("is of sums, not a mean of rates", () => {
    const days = [countsOf({ requestsSent: 1, requestsClicked: 1 }), countsOf({ requestsSent: 9 })];
    const sums = countsOf({ requestsSent: 10, requestsClicked: 1 });
    expect(days.map((day) => toValue(clickRate, day))).toEqual([1, 0]);
    expect(toValue(clickRate, sums)).toBe(0.1);
  });

  test("is a dash where there is nothing to divide by", () => {
    expect(toFigureText(english, clickRate, toValue(clickRate, countsOf({ requestsClicked: 3 })))).toBe("–");
  });

  test("of seven digits is readable", () => {
    expect(toFigureText(english, sent, 1_234_567)).toBe("1,234,567");
    expect(toFigureText(english, clickRate, 0.2749)).toBe("27.5%");
  });

  test.each([
    [sent, { requestsSent: 112 }, { requestsSent: 100 }, "up", "Up 12.0%"],
    [sent, { requestsSent: 50 }, { requestsSent: 100 }, "down", "Down 50.0%"],
    [sent, { requestsSent: 100 }, { requestsSent: 100 }, "level", "No change"],
    [sent, { requestsSent: 100 }, {}, "up", "Up from 0"],
    [sent, {}, {}, "level", "No change"],
    [sent, {}, { requestsSent: 100 }, "down", "Down 100.0%"],
    [clickRate, rate(31, 100), rate(30, 100), "up", "Up 1.0 points"],
    [clickRate, rate(1, 4), rate(1, 2), "down", "Down 25.0 points"],
    [sent, { requestsSent: 10_001 }, { requestsSent: 10_000 }, "up", "Up less than 0.1%"],
    [clickRate, rate(1, 4), rate(0, 2), "up", "Up 25.0 points"],
    [clickRate, rate(1, 4), rate(0, 0), "none", "No rate before"],
    [clickRate, rate(0, 0), rate(1, 2), "none", "No rate in these days"],
  ] as const)("changes in words (%#)", (figure, current, previous, direction, text) => {
    expect(toChange(english, figure, countsOf(current), countsOf(previous))).toEqual({ direction, text });
  });
});

function rate(requestsClicked: number, requestsSent: number) {
  return { requestsClicked, requestsSent };
}

describe("a line", () => {
  test("has a point for each day, and says which is not over", () => {
    const steps = toSteps({ series: makeSeries(3, "2026-06-15"), most: 3, asOf: freshness.asOf });
    expect(toLine(english, sent, steps).points).toEqual([
      {
        from: "2026-06-13",
        to: "2026-06-13",
        label: "Jun 13, 2026",
        tick: "Jun 13",
        value: 1,
        text: "1",
        isOpen: false,
      },
      {
        from: "2026-06-14",
        to: "2026-06-14",
        label: "Jun 14, 2026",
        tick: "Jun 14",
        value: 1,
        text: "1",
        isOpen: false,
      },
      {
        from: "2026-06-15",
        to: "2026-06-15",
        label: "Jun 15, 2026, so far",
        tick: "Jun 15",
        value: 1,
        text: "1",
        isOpen: true,
      },
    ]);
  });

  test("is compared with nothing, or with no more days than it has itself", () => {
    const [steps, before] = [makeSeries(2, "2026-06-14", 5), makeSeries(3, "2026-06-13", 0)].map((series) =>
      toSteps({ series, most: 3, asOf: freshness.asOf }),
    );
    expect(toLine(english, clickRate, steps ?? []).before).toBeNull();
    expect(toLine(english, clickRate, steps ?? [], before).before).toEqual({
      label: "Days before",
      points: [
        {
          from: "2026-06-11",
          to: "2026-06-11",
          label: "Jun 11, 2026",
          tick: "Jun 11",
          value: null,
          text: "–",
          isOpen: false,
        },
        {
          from: "2026-06-12",
          to: "2026-06-12",
          label: "Jun 12, 2026",
          tick: "Jun 12",
          value: null,
          text: "–",
          isOpen: false,
        },
      ],
    });
  });

  test("of many days has a point for each week, and their sums are those of the days", () => {
    const steps = toSteps({ series: makeSeries(16, "2026-03-02"), most: 15, asOf: freshness.asOf });
    expect(steps.map((step) => [step.from, step.to, step.counts.requestsSent])).toEqual([
      ["2026-02-15", "2026-02-16", 2],
      ["2026-02-17", "2026-02-23", 7],
      ["2026-02-24", "2026-03-02", 7],
    ]);
  });

  test("of five years is of weeks", () => {
    const { lines, unit } = toTrend(english, { series: makeSeries(1_827, "2026-06-15"), freshness });
    expect(unit).toBe("week");
    expect(lines.map((line) => line.points.length)).toEqual(Array(10).fill(261));
  });
});

test("a point is spoken with its day and its number, and a gap as none", () => {
  const point = { from: "2026-06-13", to: "2026-06-13", label: "Jun 13, 2026", tick: "Jun 13", isOpen: false };
  const some = { ...point, value: 1_234, text: "1,234" };
  const none = { ...point, label: "May 14, 2026", value: null, text: "–" };
  expect(toSpokenText(english, some)).toBe("Jun 13, 2026: 1,234");
  expect(toSpokenText(english, none)).toBe("May 14, 2026: none");
  expect(toSpokenText(english, some, none)).toBe("Jun 13, 2026: 1,234; before: none, May 14, 2026");
  expect(toSpokenText(english, none, some)).toBe("May 14, 2026: none; before: 1,234, Jun 13, 2026");
});

test("a link to another page keeps the days, and the page's own query", () => {
  const path = "/app/testimonials?status=pending";
  expect(toPageUrl("/app", "", null)).toBe("/app");
  expect(toPageUrl(path, "?embedded=1&id_token=secret", null)).toBe(path);
  expect(toPageUrl(path, "?range=7&shop=x", null)).toBe(`${path}&range=7`);
  const days = "?range=custom&from=2026-06-01&to=2026-06-03";
  expect(toPageUrl("/app", `${days}&last=2026-01-01_2026-01-02`, null)).toBe(`/app${days}`);
  const today = "2026-06-15" as Day;
  const wrong = `${days.replace("2026-06-03", "2026-05-03")}&last=2026-01-01_2026-01-02`;
  expect(toPageUrl("/app", wrong, toRangeChoice(new URLSearchParams(wrong), today))).toBe(
    "/app?range=custom&from=2026-01-01&to=2026-01-02",
  );
});

test("the cards' table holds the points of their lines", () => {
  const beside = { previous: { totals: countsOf({}) } };
  const series = makeSeries(92, "2026-06-14");
  const { cards, table } = toCards(english, { totals: countsOf({ requestsSent: 92 }), beside, series, freshness });
  expect(table.headings).toEqual(["Day (UTC)", ...cards.map((card) => card.label)]);
  expect(table.rows).toHaveLength(92);
  expect(table.rows[0]).toEqual(["Mar 15, 2026", "1", "0.0%", "0.0%", "–", "0"]);
});

test("the funnel shares each stage out over the first and the one before", () => {
  const totals = countsOf({ requestsSent: 200, requestsClicked: 50, submissionsCount: 20, approvedCount: 25 });
  const rows = toFunnel(english, totals, { opened: 100 });
  expect(rows.map((row) => [row.label, row.value, row.ofFirst, row.ofPrevious, row.width])).toEqual([
    ["Sent", "200", "100.0%", "", 1],
    ["Opened", "100", "50.0%", "50.0%", 0.5],
    ["Clicked", "50", "25.0%", "50.0%", 0.25],
    ["Submitted", "20", "10.0%", "40.0%", 0.1],
    ["Approved", "25", "12.5%", "125.0%", 0.125],
    ["Published", "0", "0.0%", "0.0%", 0],
  ]);
  expect(rows.filter((row) => row.isLive).map((row) => row.label)).toEqual(["Opened"]);
  expect(toFunnel(english, countsOf({}), { opened: 0 }).map((row) => `${row.ofFirst}${row.width}`)).toEqual(
    Array(6).fill("–0"),
  );
});

test("what is neither video nor photo is text", () => {
  const totals = countsOf({ submissionsCount: 10, videoSubmissionsCount: 3, photoSubmissionsCount: 5 });
  expect(toMediaParts(english, totals).map((part) => `${part.label} ${part.value} ${part.shareText}`)).toEqual([
    "Video 3 30.0%",
    "Photo 5 50.0%",
    "Text 2 20.0%",
  ]);
  expect(toMediaParts(english, countsOf({})).map((part) => part.shareText)).toEqual(["–", "–", "–"]);
});

describe("the file", () => {
  test("has the days of the table, in the order of time, as plain numbers", () => {
    const series = makeSeries(2, "2026-06-15", 1_234);
    expect(toDailyCsv(english, series)).toBe(
      "Day (UTC),Requests sent,Requests clicked,Submissions,Approved,Published,Video submissions,Photo submissions\r\n" +
        "2026-06-14,1234,0,0,0,0,0,0\r\n2026-06-15,1234,0,0,0,0,0,0\r\n",
    );
    expect(toDailyTable(english, series).rows[0]).toEqual(["Jun 15, 2026", "1,234", "0", "0", "0", "0", "0", "0"]);
  });

  test("holds no formula and no broken cell", () => {
    expect(toCsv([["=1+1", "+1", "-1", "@x", "\t=1", 'a "b"', "a,b", -1]])).toBe(
      `'=1+1,'+1,'-1,'@x,'\t=1,"a ""b""","a,b",-1\r\n`,
    );
  });
});

test("freshness is one line", () => {
  expect(toFreshnessText(english, freshness)).toBe("Days are UTC. Up to date as of 14:05 UTC.");
  expect(toFreshnessText(english, { ...freshness, liveDays: 1 })).toBe(
    "Days are UTC. 1 day is being recounted; the numbers already include it, as of 14:05 UTC.",
  );
  expect(toFreshnessText(english, { ...freshness, liveDays: 1_200 })).toBe(
    "Days are UTC. 1,200 days are being recounted; the numbers already include them, as of 14:05 UTC.",
  );
  expect(toFreshnessText(english, { ...freshness, sealedUntil: "2026-08-01" as Day })).toBe(
    "Days are UTC. Up to date as of 14:05 UTC. Days before Aug 1, 2026 are sealed: their numbers no longer change.",
  );
});

describe("a failed load", () => {
  const days = { from: "2026-10-28", to: "2026-11-26" };
  const remains = {
    state: "ready" as const,
    days,
    asOf: "2026-11-26T05:41:09.000Z",
    isOfOtherDays: false,
    failedAt: "2026-11-26T09:00:00.000Z",
  };

  test("says as of when the numbers are that stay", () => {
    expect(toFailureText(english, remains)).toEqual({
      title: "Could not refresh; numbers as of 05:41 UTC",
      text: "They are of Oct 28 – Nov 26, 2026. Nothing is lost, and this page keeps trying.",
    });
    const nextDay = { ...remains, failedAt: "2026-11-27T09:00:00.000Z" };
    expect(toFailureText(english, nextDay).title).toBe("Could not refresh; numbers as of Nov 26, 05:41 UTC");
  });

  test("says which days are shown where others were chosen", () => {
    expect(toFailureText(english, { ...remains, isOfOtherDays: true })).toEqual({
      title: "The days you chose could not be loaded",
      text: "Below are still the numbers of Oct 28 – Nov 26, 2026, as of 05:41 UTC. Nothing is lost, and this page keeps trying.",
    });
  });

  test("says so where there are no numbers", () => {
    expect(toFailureText(english, { ...remains, state: "failed", asOf: null }).title).toBe(
      "The numbers could not be read",
    );
    expect(toFailureText(english, { ...remains, state: "new", asOf: null }).title).toBe("Could not refresh");
  });
});

test("a product is called by what is readable of its id", () => {
  expect(
    ["gid://shopify/Product/7001", "7001", "cedar-candle", "gid://shopify/"].map((id) =>
      toProductLabel(english.texts, id),
    ),
  ).toEqual(["Product 7001", "Product 7001", "cedar-candle", "gid://shopify/"]);
  expect(
    toTopItems(english, [
      { productId: "a", count: 4 },
      { productId: "b", count: 1 },
    ]).map((item) => item.share),
  ).toEqual([1, 0.25]);
});
