import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toRangeChoice } from "~/http/range-choice.server";
import { toRangeSearch } from "~/report/range";
import { toProblemText } from "~/report/range-problem";
import type { Day } from "~/services/rollup/day";
import { english } from "~/texts/locale";

// What people read who choose days of their own: no field's name, no format, no count of days.

const today = "2026-11-26" as Day;
const lastMonth = { from: "2026-10-27", to: "2026-11-25" };

function choose(query: Record<string, string>, day: string = today, began: string | null = null) {
  return toRangeChoice(new URLSearchParams(query), day as Day, began as Day | null);
}

/** "2026-11-20 2026-11-26" of days, both inclusive. */
function toText(days: { from: string; to: string } | null): string | null {
  return days && `${days.from} ${days.to}`;
}

/** The days shown, and those that they are compared with: the ones just before, and those of the year before. */
function listDays(range: string, day: string, began?: string) {
  const [previous, year] = ["previous", "year"].map((compare) => choose({ range, compare }, day, began));
  if (!previous || !year) throw new Error("There are two comparisons.");
  expect([year.shown, year.whole, year.issues, previous.issues]).toEqual([previous.shown, previous.whole, [], []]);
  expect([previous.preset, previous.from, previous.to]).toEqual([range, previous.shown.from, previous.shown.to]);
  return [toText(previous.shown), toText(previous.whole), toText(previous.before), toText(year.before)];
}

describe("a preset ends yesterday", () => {
  test.each([
    ["2024-02-29", "yesterday", "2024-02-28 2024-02-28", "2024-02-27 2024-02-27", "2023-02-28 2023-02-28"],
    ["2024-02-29", "7", "2024-02-22 2024-02-28", "2024-02-15 2024-02-21", "2023-02-22 2023-02-28"],
    ["2024-02-29", "30", "2024-01-30 2024-02-28", "2023-12-31 2024-01-29", "2023-01-30 2023-02-28"],
    ["2024-02-29", "90", "2023-12-01 2024-02-28", "2023-09-02 2023-11-30", "2022-12-01 2023-02-28"],
    ["2024-02-29", "12m", "2023-02-28 2024-02-28", "2022-02-27 2023-02-27", "2022-02-28 2023-02-28"],
    ["2025-02-28", "yesterday", "2025-02-27 2025-02-27", "2025-02-26 2025-02-26", "2024-02-27 2024-02-27"],
    ["2025-02-28", "7", "2025-02-21 2025-02-27", "2025-02-14 2025-02-20", "2024-02-21 2024-02-27"],
    ["2025-02-28", "30", "2025-01-29 2025-02-27", "2024-12-30 2025-01-28", "2024-01-29 2024-02-27"],
    ["2025-02-28", "90", "2024-11-30 2025-02-27", "2024-09-01 2024-11-29", "2023-11-30 2024-02-27"],
    ["2025-02-28", "12m", "2024-02-28 2025-02-27", "2023-02-27 2024-02-27", "2023-02-28 2024-02-28"],
    ["2025-03-01", "yesterday", "2025-02-28 2025-02-28", "2025-02-27 2025-02-27", "2024-02-28 2024-02-28"],
    ["2025-03-01", "7", "2025-02-22 2025-02-28", "2025-02-15 2025-02-21", "2024-02-22 2024-02-28"],
    ["2025-03-01", "30", "2025-01-30 2025-02-28", "2024-12-31 2025-01-29", "2024-01-30 2024-02-28"],
    ["2025-03-01", "90", "2024-12-01 2025-02-28", "2024-09-02 2024-11-30", "2023-12-01 2024-02-28"],
    ["2025-03-01", "12m", "2024-03-01 2025-02-28", "2023-03-02 2024-02-29", "2023-03-01 2024-02-28"],
    ["2026-01-01", "7", "2025-12-25 2025-12-31", "2025-12-18 2025-12-24", "2024-12-25 2024-12-31"],
    ["2026-08-31", "30", "2026-08-01 2026-08-30", "2026-07-02 2026-07-31", "2025-08-01 2025-08-30"],
    ["2026-08-31", "12m", "2025-08-31 2026-08-30", "2024-08-31 2025-08-30", "2024-08-31 2025-08-30"],
  ])("on %s: %s", (day, range, shown, before, yearBefore) => {
    expect(listDays(range, day)).toEqual([shown, shown, before, yearBefore]);
  });

  test.each(["2024-02-29", "2025-02-28", "2025-03-01"])("but for today, of which no day is over (%s)", (day) => {
    expect(listDays("today", day)).toEqual([`${day} ${day}`, null, null, null]);
  });

  test("and an address that names none shows the last 30 days", () => {
    expect(choose({})).toEqual({ ...choose({ range: "30" }), preset: "30" });
    expect(choose({}).shown).toEqual(lastMonth);
  });
});

describe("all days", () => {
  test("begin with the first of the shop, and are compared with those of the year before alone", () => {
    const shown = "2025-01-10 2026-11-25";
    expect(listDays("all", today, "2025-01-10")).toEqual([shown, shown, null, "2024-01-10 2025-11-24"]);
    expect(listDays("all", today, "2026-11-25")[0]).toBe("2026-11-25 2026-11-25");
  });

  test("are five years where the shop is older, or has no first day", () => {
    for (const began of [undefined, "1999-12-31", "2021-11-25"]) {
      expect(listDays("all", today, began)[0]).toBe("2021-11-25 2026-11-25");
    }
    expect(listDays("all", today, "2021-11-26")[0]).toBe("2021-11-26 2026-11-25");
  });

  test.each([today, "2026-11-27", "2999-12-31"])("of a shop that began on %s are today", (began) => {
    expect(listDays("all", today, began)).toEqual([`${today} ${today}`, null, null, null]);
  });
});

describe("a custom range", () => {
  test("is shown as it was asked for, up to today", () => {
    for (const [from, to] of [
      ["2026-11-20", "2026-11-26"],
      ["2026-11-25", "2026-11-26"],
      ["2021-11-26", "2026-11-26"],
      ["1970-01-01", "1970-01-01"],
    ] as const) {
      expect(choose({ range: "custom", from, to })).toEqual({
        preset: "custom",
        from,
        to,
        today,
        issues: [],
        product: null,
        shown: { from, to },
        whole: expect.anything(),
        before: expect.anything(),
        compare: "previous",
      });
    }
  });

  test("with today in it compares whole days alone", () => {
    const until = (to: string, from: string, compare = "previous") => {
      const choice = choose({ range: "custom", from, to, compare });
      expect(toText(choice.shown)).toBe(`${from} ${to}`);
      return [toText(choice.whole), toText(choice.before)];
    };
    expect(until("2026-11-25", "2026-11-20")).toEqual(["2026-11-20 2026-11-25", "2026-11-14 2026-11-19"]);
    expect(until(today, "2026-11-20")).toEqual(["2026-11-20 2026-11-25", "2026-11-14 2026-11-19"]);
    expect(until(today, "2026-11-20", "year")).toEqual(["2026-11-20 2026-11-25", "2025-11-20 2025-11-25"]);
    expect(until(today, "2026-11-25")).toEqual(["2026-11-25 2026-11-25", "2026-11-24 2026-11-24"]);
    expect(until(today, today)).toEqual([null, null]);
    expect(until("2024-03-01", "2024-02-29", "year")).toEqual(["2024-02-29 2024-03-01", "2023-02-28 2023-03-01"]);
  });

  const upToToday = "Choose a day up to today, Nov 26, 2026 in UTC.";
  const ofCalendar = "Choose a day between Jan 1, 1970 and today, Nov 26, 2026.";

  test.each([
    ["", "", { from: "Choose a day.", to: "Choose a day." }],
    ["2026-02-31", "2026-03-01", { from: ofCalendar }],
    ["0026-03-01", "2026-03-01", { from: ofCalendar }],
    ["yesterday", "", { from: ofCalendar, to: "Choose a day." }],
    ["2026-11-20", "2026-11-27", { to: upToToday }],
    ["2026-11-27", "2026-12-03", { from: upToToday, to: upToToday }],
    ["2999-12-31", "2026-11-01", { from: upToToday }],
    ["2026-01-03", "2026-01-02", { to: "Choose Jan 3, 2026 or a later day." }],
    ["2021-01-01", "2026-01-02", { to: "At most 5 years can be shown: choose a day up to Jan 1, 2026." }],
  ])("from %j to %j says what to choose, at the field that is wrong", (from, to, messages) => {
    const choice = choose({ range: "custom", from, to });
    const said = choice.issues.map(({ field, problem }) => [field, toProblemText(english, problem)]);
    expect(Object.fromEntries(said)).toEqual(messages);
    expect([choice.from, choice.to]).toEqual([from, to]);
    expect(choice.shown).toEqual(lastMonth);
  });

  test("that is wrong keeps the last one, unless that has not begun either", () => {
    const wrong = { range: "custom", from: "", to: "" };
    expect(choose({ ...wrong, last: "2026-06-01_2026-06-03" }).shown).toEqual({ from: "2026-06-01", to: "2026-06-03" });
    for (const last of ["2026-11-20_2026-11-27", "2026-06-03_2026-06-01", "2026-06-03", "_", "x"]) {
      expect(choose({ ...wrong, last }).shown).toEqual(lastMonth);
    }
  });
});

test("a range that there is not says what is shown in its place", () => {
  const { preset, issues, shown } = choose({ range: "14" });
  expect([preset, shown]).toEqual(["30", lastMonth]);
  expect(issues.map(({ field, problem }) => [field, toProblemText(english, problem)])).toEqual([
    ["range", "This address names no range that there is. The last 30 days are shown."],
  ]);
});

test("a comparison that there is not is the one with the days before", () => {
  for (const compare of ["", "YEAR", "years", "previous ", "__proto__", "constructor"]) {
    expect(choose({ range: "7", compare })).toEqual(choose({ range: "7" }));
  }
});

test("whatever an address says, days are shown that have begun, and the address of these shows them again", () => {
  const day = fc.date({ min: new Date("1960-01-01"), max: new Date("3005-01-01"), noInvalidDate: true });
  const word = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("today", "yesterday", "7", "30", "90", "12m", "all", "custom", "year", "previous", "__proto__"),
    day.map((date) => date.toISOString().slice(0, 10)),
    fc.tuple(day, day).map((days) => days.map((date) => date.toISOString().slice(0, 10)).join("_")),
  );
  const name = fc.constantFrom("range", "from", "to", "compare", "last");
  const last = Date.parse(today);
  fc.assert(
    fc.property(fc.array(fc.tuple(name, word)), fc.option(day), (fields, began) => {
      const first = began && (began.toISOString().slice(0, 10) as Day);
      const choice = toRangeChoice(new URLSearchParams(fields), today, first);
      const [from, to] = [Date.parse(choice.shown.from), Date.parse(choice.shown.to)];
      const count = (to - from) / 86_400_000 + 1;
      expect(from <= to && to <= last && count <= 1_827).toBe(true);
      expect(choice.whole === null || choice.whole.to < today).toBe(true);
      const countOf = (days: { from: string; to: string } | null) =>
        days && (Date.parse(days.to) - Date.parse(days.from)) / 86_400_000;
      if (choice.before) expect(countOf(choice.before)).toBe(countOf(choice.whole));
      const again = toRangeChoice(new URLSearchParams(toRangeSearch(choice)), today, first);
      if (choice.issues.length === 0) expect(again).toEqual(choice);
      else expect(again.issues).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
