import { describe, expect, test } from "vitest";
import { toRangeChoice } from "~/http/range-choice.server";
import { toCards } from "~/report/cards";
import { toCsv } from "~/report/csv";
import { toDailyCsv, toDailyTable } from "~/report/daily";
import { toFailureText } from "~/report/failure";
import { toFigureText, toLine, toSpokenText } from "~/report/figure";
import { type Figure, toValue } from "~/report/figures";
import { toFreshnessText } from "~/report/freshness";
import { toFunnelNote, toFunnels } from "~/report/funnel";
import { toMediaParts } from "~/report/media";
import { toProductLabel } from "~/report/product";
import { toPageUrl, toSearchWithProduct, toSearchWithRange } from "~/report/range";
import type { StepColumns } from "~/report/steps";
import { toTopItems } from "~/report/submissions";
import { toTrend } from "~/report/trend";
import type { Day } from "~/services/rollup/day";
import { english } from "~/texts/locale";
import { countsOf } from "../support/counts";
import { compare, makeDays, makeSteps, openFrom, sumsOf } from "../support/report-numbers";

const freshness = {
  asOf: "2026-06-15T14:05:09.000Z",
  liveDays: 0,
  oldestMark: null,
  lastRunAt: null,
  sealedUntil: null,
};
const sent: Figure = { key: "sent", label: "Sent", says: "", kind: "events", of: "requestsSent" };
const clickRate: Figure = {
  key: "clickRate",
  label: "Click rate",
  says: "",
  kind: "sent",
  of: "sentClicked",
  per: "requestsSent",
};

describe("a figure", () => {
  test("is of sums, not a mean of rates", () => {
    const days = [
      { requestsSent: 1, sentClicked: 1 },
      { requestsSent: 9, sentClicked: 0 },
    ];
    expect(days.map((day) => toValue(clickRate, day))).toEqual([1, 0]);
    expect(toValue(clickRate, { requestsSent: 10, sentClicked: 1 })).toBe(0.1);
  });

  test("is a dash where there is nothing to divide by", () => {
    expect(toFigureText(english, clickRate, { sentClicked: 3 })).toBe("–");
    expect(toFigureText(english, clickRate, {})).toBe("–");
  });

  test("of seven digits is readable", () => {
    expect(toFigureText(english, sent, { requestsSent: 1_234_567 })).toBe("1,234,567");
    expect(toFigureText(english, clickRate, { sentClicked: 2_749, requestsSent: 10_000 })).toBe("27.5%");
  });

  test("of few is told as these, not as a share", () => {
    const texts = [1, 5, 19, 20].map((requestsSent) =>
      toFigureText(english, clickRate, { sentClicked: 1, requestsSent }),
    );
    expect(texts).toEqual(["1 of 1", "1 of 5", "1 of 19", "5.0%"]);
  });
});

describe("a line", () => {
  test("has a point for each day, and says which is not over", () => {
    const steps = makeSteps(3, "2026-06-15", { requestsSent: 1 });
    expect(toLine(english, sent, { steps, before: null, openFrom: openFrom("2026-06-15") }).points).toEqual([
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

  test("of a rate says which days still await answers, of those compared with, too", () => {
    const counts = { requestsSent: 40, sentClicked: 10 };
    const steps = makeSteps(2, "2026-06-14", counts);
    const before = makeSteps(3, "2026-06-12", counts);
    const line = toLine(english, clickRate, { steps, before, openFrom: openFrom("2026-06-15", "2026-06-12") });
    expect(line.points.map(({ label, isOpen }) => [label, isOpen])).toEqual([
      ["Jun 13, 2026, still open", true],
      ["Jun 14, 2026, still open", true],
    ]);
    expect(line.before?.points.map(({ label, isOpen, text }) => [label, isOpen, text])).toEqual([
      ["Jun 10, 2026", false, "25.0%"],
      ["Jun 11, 2026", false, "25.0%"],
      ["Jun 12, 2026, still open", true, "25.0%"],
    ]);
  });

  test("is compared with nothing where there are no days before, and has gaps where nothing was sent", () => {
    const steps = makeSteps(2, "2026-06-14", { requestsSent: 5 });
    const before = makeSteps(2, "2026-06-12", {});
    const open = openFrom("2026-06-15");
    expect(toLine(english, clickRate, { steps, before: null, openFrom: open }).before).toBeNull();
    expect(toLine(english, clickRate, { steps, before, openFrom: open }).before).toEqual({
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

  test("draws a step of fewer days as one that is open, and says nothing of it", () => {
    const week = { from: "2026-06-08" as Day, to: "2026-06-14" as Day, isPartial: false, counts: {} };
    const part = { ...week, from: "2026-06-05" as Day, to: "2026-06-07" as Day, isPartial: true };
    const { points } = toLine(english, sent, { steps: [part, week], before: null, openFrom: openFrom("2026-06-15") });
    expect(points.map(({ label, tick, isOpen }) => [label, tick, isOpen])).toEqual([
      ["Jun 5 – Jun 7, 2026", "Jun 2026", true],
      ["Jun 8 – Jun 14, 2026", "Jun 2026", false],
    ]);
  });
});

test("the trend has a line for each metric and each rate, and says what its points stand for", () => {
  const numbers = { ...numbersOf(makeDays(3, "2026-06-14", { requestsSent: 1 })), stepsBefore: null };
  const days = toTrend(english, numbers);
  expect([days.unit, days.lines.map((line) => line.points.length)]).toEqual(["day", Array(10).fill(3)]);
  expect(days.lines.map(({ label, isRate }) => (isRate ? `${label}, a rate` : label))).toEqual([
    "Requests sent",
    "Requests clicked",
    "Submissions",
    "Approved",
    "Published",
    "Video submissions",
    "Photo submissions",
    "Click rate, a rate",
    "Submission rate, a rate",
    "Approval rate, a rate",
  ]);
  const weeks = { from: "2026-06-01" as Day, to: "2026-06-14" as Day, first: 7, length: 7, columns: {} };
  expect(toTrend(english, { ...numbers, steps: weeks }).unit).toBe("week");
});

/** The numbers of a page over these days, all of which are over and answered. */
function numbersOf(steps: StepColumns) {
  const sums = sumsOf({ requestsSent: 92 });
  const open = openFrom("2026-06-15");
  return {
    ...compare({}, {}),
    sums,
    today: sumsOf({}),
    openFrom: open,
    steps,
    stepsBefore: steps,
    latestDays: steps,
    freshness,
  };
}

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
  expect(toPageUrl("/app", "?range=7&compare=year", null)).toBe("/app?range=7&compare=year");
  const wrong = `${days.replace("2026-06-03", "2026-05-03")}&last=2026-01-01_2026-01-02`;
  expect(toPageUrl("/app", wrong, toRangeChoice(new URLSearchParams(wrong), today))).toBe(
    "/app?range=custom&from=2026-01-01&to=2026-01-02",
  );
});

test("a link of the same page keeps the product and the figure, and no field that the admin or anybody else has added", () => {
  const search =
    "?id_token=secret&hmac=1&shop=x&range=30&figure=clickRate&product=gid%3A%2F%2Fshopify%2FProduct%2F1&last=1";
  const shown = { from: "2026-06-01" as Day, to: "2026-06-03" as Day };
  expect(toSearchWithRange(search, { preset: "7", shown, compare: "year" })).toBe(
    "?range=7&compare=year&product=gid%3A%2F%2Fshopify%2FProduct%2F1&figure=clickRate",
  );
  expect(toSearchWithRange("?id_token=secret", { preset: "custom", shown, compare: "previous" })).toBe(
    "?range=custom&from=2026-06-01&to=2026-06-03",
  );
  expect(toSearchWithProduct(search, "7")).toBe("?range=30&figure=clickRate&product=7");
  expect(toSearchWithProduct(search, null)).toBe("?range=30&figure=clickRate");
  expect(toSearchWithProduct("?id_token=secret", null)).toBe("");
});

test("the cards' table holds the points of their lines", () => {
  const days = makeDays(92, "2026-06-14", { requestsSent: 30, sentClicked: 3, sentSubmitted: 1 });
  const { cards, table } = toCards(english, numbersOf(days));
  expect(table.headings).toEqual(["Day (UTC)", ...cards.map((card) => card.label)]);
  expect(table.rows).toHaveLength(92);
  expect(table.rows[0]).toEqual(["Mar 15, 2026", "30", "10.0%", "3.3%", "–", "0"]);
  expect(cards.map(({ line }) => line.before?.points.length)).toEqual(Array(5).fill(92));
});

describe("the funnels", () => {
  const counts = {
    requestsSent: 200,
    sentOpened: 100,
    sentClicked: 50,
    sentSubmitted: 20,
    submissionsCount: 25,
    submittedApproved: 15,
    submittedPublished: 6,
  };

  test("share each stage out over the first and the one before, and few of them are told as these", () => {
    const parts = toFunnels(english, sumsOf(counts)).map(({ title, rows }) => ({
      title,
      rows: rows.map((row) => [row.label, row.value, row.ofFirst, row.ofPrevious, row.width]),
    }));
    expect(parts).toEqual([
      {
        title: "Requests sent in these days",
        rows: [
          ["Sent", "200", "", "", 1],
          ["Opened", "100", "50.0%", "50.0%", 0.5],
          ["Clicked", "50", "25.0%", "50.0%", 0.25],
          ["Submitted", "20", "10.0%", "40.0%", 0.1],
        ],
      },
      {
        title: "Testimonials submitted in these days",
        rows: [
          ["Submitted", "25", "", "", 1],
          ["Approved", "15", "60.0%", "60.0%", 0.6],
          ["Published", "6", "24.0%", "6 of 15", 0.24],
        ],
      },
    ]);
  });

  test("of nothing are dashes without a bar", () => {
    const rows = toFunnels(english, sumsOf({})).flatMap((part) => part.rows);
    expect(rows.map((row) => `${row.value}${row.ofFirst}${row.ofPrevious}${row.width}`)).toEqual([
      "00",
      ...Array(3).fill("0––0"),
      "00",
      ...Array(2).fill("0––0"),
    ]);
  });

  test("say how long answers take only where some of the days shown await them", () => {
    const steps = makeDays(3, "2026-06-14", {});
    const ripening = { sent: 9, submitted: 7 };
    const note = "Each stage counts what has become of them until now, on whatever day that was.";
    expect(toFunnelNote(english, { steps, ripening, openFrom: openFrom("2026-06-15") })).toBe(note);
    expect(toFunnelNote(english, { steps, ripening, openFrom: openFrom("2026-06-15", "2026-06-14") })).toBe(
      `${note} The latest are still open: most answers come within 9 days.`,
    );
    expect(toFunnelNote(english, { steps: null, ripening, openFrom: openFrom("2026-06-15") })).toBe(note);
  });
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
  const days: StepColumns = {
    ...makeDays(2, "2026-06-15", {}),
    columns: {
      ...makeDays(2, "2026-06-15", {}).columns,
      requestsSent: [1_234, 3],
      requestsClicked: [7, 0],
      sentClicked: [617, 1],
      sentSubmitted: [1, 0],
      ratingsSum: [9, 0],
    },
  };

  test("has the days of the table, in the order of time, as plain numbers, with their cohorts, rates and sums", () => {
    const headings = [
      "Day (UTC)",
      ...["Requests sent", "Requests clicked", "Submissions", "Approved", "Published"],
      ...["Video submissions", "Photo submissions"],
      ...["Opened so far", "Clicked so far", "Answered so far"],
      ...["Approved so far", "Rejected so far", "Published so far"],
      ...["Sum of ratings", "Ratings", "1 star", "2 stars", "3 stars", "4 stars", "5 stars"],
      ...["Click rate", "Submission rate", "Approval rate"],
    ];
    expect(toDailyCsv(english, days).split("\r\n")).toEqual([
      headings.join(","),
      "2026-06-14,1234,7,0,0,0,0,0,0,617,1,0,0,0,9,0,0,0,0,0,0,0.5,0.00081,",
      "2026-06-15,3,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0.333333,0,",
      "Total,1237,7,0,0,0,0,0,0,618,1,0,0,0,9,0,0,0,0,0,0,0.499596,0.000808,",
      "",
    ]);
    expect(toDailyTable(english, days).rows).toEqual([
      ["Jun 15, 2026", "3", "0", "0", "0", "0", "0", "0"],
      ["Jun 14, 2026", "1,234", "7", "0", "0", "0", "0", "0"],
    ]);
  });

  test("of no days has its headings and a total of nothing", () => {
    const [headings = "", total = "", end] = toDailyCsv(english, null).split("\r\n");
    expect(total).toBe(`Total,${Array(20).fill("0").join(",")},,,`);
    expect(headings.split(",")).toHaveLength(total.split(",").length);
    expect(end).toBe("");
    expect(toDailyTable(english, null).rows).toEqual([]);
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
});

describe("the list of products", () => {
  const product = { productId: "7001", shopifyId: null, stored: "none", title: null, imageUrl: null } as const;

  test("has bars against its first", () => {
    const items = toTopItems(
      english,
      [4, 1].map((count) => ({ ...product, isDeleted: false, count })),
    );
    expect(items.map((item) => item.share)).toEqual([1, 0.25]);
  });

  test("shows titles, and ids where there is no title that anyone could see", () => {
    const titles = ["Cedar Candle", null, "", " \u200b ", " شمعة "];
    const items = toTopItems(
      english,
      titles.map((title) => ({ ...product, title, isDeleted: false, count: 1 })),
    );
    const id = "Product 7001";
    expect(items.map((item) => item.label)).toEqual(["Cedar Candle", id, id, id, "شمعة"]);
  });

  test("marks products that were deleted, but not those that Shopify never named", () => {
    const titles = ["Cedar Candle", null];
    const items = toTopItems(
      english,
      titles.map((title) => ({ ...product, title, isDeleted: true, count: 1 })),
    );
    expect(items.map((item) => item.badge)).toEqual(["Deleted", null]);
  });
});
