import { describe, expect, test } from "vitest";
import { toRangeChoice } from "~/http/range-choice.server";
import { toProblemText } from "~/report/range-problem";
import type { Day } from "~/services/rollup/day";
import { english } from "~/texts/locale";

// What people read who choose days of their own: no field's name, no format, no count of days.

const today = "2026-11-26" as Day;
const lastMonth = { from: "2026-10-28", to: today };

function choose(query: Record<string, string>) {
  return toRangeChoice(new URLSearchParams(query), today);
}

describe("a custom range", () => {
  test("is shown as it was asked for, up to today", () => {
    for (const [from, to] of [
      ["2026-11-20", "2026-11-26"],
      ["2026-11-26", "2026-11-26"],
      ["2021-11-26", "2026-11-26"],
      ["1970-01-01", "1970-01-01"],
    ] as const) {
      expect(choose({ range: "custom", from, to })).toEqual({
        preset: "custom",
        from,
        to,
        today,
        issues: [],
        shown: { from, to },
      });
    }
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
