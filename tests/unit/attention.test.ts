import { describe, expect, test } from "vitest";
import { findFall } from "~/report/falls";
import { toLostFigures } from "~/report/lost-requests";
import { toNextItems } from "~/report/next";
import { toRatings } from "~/report/ratings";
import { toTimes } from "~/report/times";
import { toRecentWeeks } from "~/services/recent-weeks";
import type { Day } from "~/services/rollup/day";
import { english, getLocale } from "~/texts/locale";
import { noCohort, zeros } from "../support/counts";

const german = getLocale("de");
const typed = (text: string) => text.replaceAll("\u00a0", " ");
const none = { count: 0, long: 0, lowRated: 0 };

function sent(requestsSent: number, requestsClicked = 0) {
  return { ...zeros, requestsSent, requestsClicked };
}

describe("a fall", () => {
  test("is looked for in the last seven whole days, after the 28 before them", () => {
    expect(toRecentWeeks("2026-03-08" as Day)).toEqual({
      recentWeek: { from: "2026-03-01", until: "2026-03-08" },
      fourWeeksBefore: { from: "2026-02-01", until: "2026-03-01" },
    });
  });

  test("is told of where chance alone hardly makes it", () => {
    // At most 6 of 86 are a chance of 0.0007, at most 7 of 87 one of 0.002.
    expect(findFall(sent(6), sent(80))).toEqual({ of: "requestsSent", recent: 6, usual: 20 });
    expect(findFall(sent(7), sent(80))).toBeNull();
    expect(findFall(sent(0), sent(81))).toEqual({ of: "requestsSent", recent: 0, usual: 20.25 });
    expect(findFall(sent(20), sent(80))).toBeNull();
    expect(findFall(sent(400), sent(80))).toBeNull();
    expect(findFall(sent(900_000), sent(4_000_000))).toEqual({ of: "requestsSent", recent: 900_000, usual: 1_000_000 });
  });

  test("is not told of where fewer than 20 were to be expected", () => {
    expect(findFall(sent(0), sent(79))).toBeNull();
    expect(findFall(sent(0), sent(0))).toBeNull();
  });

  test("of clicks is told of where requests sent did not fall", () => {
    expect(findFall(sent(100, 5), sent(400, 200))).toEqual({ of: "requestsClicked", recent: 5, usual: 50 });
    expect(findFall(sent(5, 5), sent(400, 200))).toMatchObject({ of: "requestsSent" });
    expect(findFall(sent(100, 48), sent(400, 200))).toBeNull();
  });
});

describe("what to do next", () => {
  const still = { recent: zeros, before: zeros };
  const list = (waiting: typeof none, weeks = still, locale = english) =>
    toNextItems(locale, { weeks, extras: { waiting } });

  test("is nothing where nothing is", () => {
    expect(list(none)).toEqual([]);
    expect(list(none, { recent: sent(100), before: sent(400) })).toEqual([]);
  });

  test("names each thing in a sentence, with its own way there", () => {
    const fell = { recent: sent(100), before: sent(4_802) };
    const items = list({ count: 1_234, long: 3, lowRated: 1 }, fell);
    expect(items.map(({ sentence }) => sentence)).toEqual([
      "1,234 testimonials wait for moderation.",
      "3 testimonials have waited for more than 14 days.",
      "1 waiting testimonial has 1 or 2 stars.",
      "Fewer requests sent: 100 in the last 7 days, after 1,201 a week in the 4 weeks before.",
    ]);
    expect(new Set(items.map(({ url }) => url)).size).toBe(4);
    expect(new Set(items.map(({ link }) => link)).size).toBe(4);
    expect(list({ count: 2, long: 0, lowRated: 0 }).map(({ link }) => link)).toEqual(["Moderate"]);
  });

  test("is German in German", () => {
    const fell = { recent: sent(100, 2), before: sent(400, 200) };
    expect(list({ count: 1, long: 1, lowRated: 1 }, fell, german).map(({ sentence }) => sentence)).toEqual([
      "1 Kundenstimme wartet auf Freigabe.",
      "1 Kundenstimme wartet seit mehr als 14 Tagen.",
      "1 wartende Kundenstimme hat 1 oder 2 Sterne.",
      "Weniger Anfragen angeklickt: 2 in den letzten 7 Tagen, nach 50 je Woche in den 4 Wochen davor.",
    ]);
  });

  test("says that more wait than were counted", () => {
    expect(list({ count: 10_000, long: 0, lowRated: 0 })[0]?.sentence).toBe("10,000 testimonials wait for moderation.");
    expect(list({ count: 10_001, long: 9_000, lowRated: 0 }).map(({ sentence }) => sentence)).toEqual([
      "10,000+ testimonials wait for moderation.",
      "9,000+ testimonials have waited for more than 14 days.",
    ]);
  });
});

describe("ratings", () => {
  const ratings = (submissionsCount: number, stars: number[], locale = english) => {
    const [one = 0, two = 0, three = 0, four = 0, five = 0] = stars;
    const ratingsCount = one + two + three + four + five;
    const ratingsSum = one + 2 * two + 3 * three + 4 * four + 5 * five;
    const spread = { ratings1: one, ratings2: two, ratings3: three, ratings4: four, ratings5: five };
    const cohort = { ...noCohort, ratingsSum, ratingsCount, ...spread };
    return toRatings(locale, { totals: { ...zeros, submissionsCount }, cohort });
  };

  test("are an average with one decimal, and the share of each number of stars", () => {
    const { average, note, unrated, rows } = ratings(25, [1, 0, 2, 7, 10]);
    expect([average, note, unrated]).toEqual([
      "4.3 of 5",
      "From 20 ratings of testimonials submitted in these days.",
      "5 testimonials came without a rating.",
    ]);
    expect(rows.map(({ label, value, share, shareText }) => [label, value, share, shareText])).toEqual([
      ["5 stars", "10", 0.5, "50.0%"],
      ["4 stars", "7", 0.35, "35.0%"],
      ["3 stars", "2", 0.1, "10.0%"],
      ["2 stars", "0", 0, "0.0%"],
      ["1 star", "1", 0.05, "5.0%"],
    ]);
    expect(ratings(20, [0, 0, 0, 0, 20])).toMatchObject({ average: "5.0 of 5", unrated: null });
  });

  test("of fewer than 20 have no percentages", () => {
    const { rows } = ratings(19, [0, 0, 0, 12, 7]);
    expect(rows.map(({ value, shareText }) => [value, shareText]).slice(0, 2)).toEqual([
      ["7 of 19", null],
      ["12 of 19", null],
    ]);
    expect(ratings(2, [0, 0, 0, 1, 0], german)).toMatchObject({
      average: "4,0 von 5",
      unrated: "1 Kundenstimme kam ohne Bewertung.",
    });
  });

  test("of none say so", () => {
    const note = "No testimonial of these days has a rating.";
    expect(ratings(0, [])).toEqual({ average: null, note, unrated: null, rows: [] });
    expect(ratings(1, [])).toMatchObject({ note, unrated: "1 testimonial came without a rating.", rows: [] });
  });
});

describe("times", () => {
  const totals = { ...zeros, submissionsCount: 6 };

  test("are said with what they are of, where that is little", () => {
    const times = {
      looked: 6,
      untilSubmitted: { count: 4, medianSeconds: 15_600 },
      untilApproved: { count: 5, medianSeconds: 276_480 },
    };
    const { note, figures } = toTimes(english, times, totals);
    expect(note).not.toContain("latest");
    expect(figures.map(({ value, hint }) => [typed(value), hint])).toEqual([
      ["4 hr 20 min", "Of 4 testimonials"],
      ["3.2 days", null],
    ]);
  });

  test("of none are a dash with a word", () => {
    const unknown = { count: 0, medianSeconds: null };
    const { figures } = toTimes(german, { looked: 0, untilSubmitted: unknown, untilApproved: unknown }, zeros);
    expect(figures.map(({ value, hint }) => [value, hint])).toEqual([
      ["–", "In diesen Tagen keine"],
      ["–", "In diesen Tagen keine"],
    ]);
  });

  test("of seconds are less than a minute", () => {
    const time = { count: 9, medianSeconds: 0 };
    const { figures } = toTimes(english, { looked: 9, untilSubmitted: time, untilApproved: time }, totals);
    expect(figures.map(({ value }) => typed(value))).toEqual(["less than 1 min", "less than 1 min"]);
  });

  test("say where they are of the latest testimonials alone", () => {
    const time = { count: 2_000, medianSeconds: 60 };
    const times = { looked: 2_000, untilSubmitted: time, untilApproved: time };
    expect(toTimes(english, times, { ...zeros, submissionsCount: 2_001 }).note).toContain(
      "the latest 2,000 of 2,001 testimonials",
    );
  });

  test.each([
    [60, "1 min", "1 Min."],
    [90, "2 min", "2 Min."],
    [3_569, "59 min", "59 Min."],
    [3_599, "1 hr", "1 Std."],
    [7_200, "2 hr", "2 Std."],
    [172_740, "47 hr 59 min", "47 Std. 59 Min."],
    [172_800, "2 days", "2 Tage"],
    [86_400 * 45.26, "45.3 days", "45,3 Tage"],
  ])("of %d seconds are %s", (seconds, inEnglish, inGerman) => {
    expect(typed(english.formatDuration(seconds))).toBe(inEnglish);
    expect(typed(german.formatDuration(seconds))).toBe(inGerman);
  });
});

test("failed and expired requests are said where there are any", () => {
  expect(toLostFigures(english, { failed: 0, expired: 0 })).toEqual([]);
  expect(toLostFigures(english, { failed: 0, expired: 1_500 }).map(({ label, value }) => [label, value])).toEqual([
    ["Failed", "0"],
    ["Expired", "1,500"],
  ]);
});
