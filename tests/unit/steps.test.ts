import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type StepColumns, toStepColumns, toStepColumnsLike, toSteps } from "~/report/steps";
import type { Day } from "~/services/rollup/day";
import { cohortOf, countsOf } from "../support/counts";
import { plusDays } from "../support/report-numbers";

type Sums = { requestsSent: number; sentClicked: number };

/** Days that end with `last`, as a read gives them. */
function makeSeries(counts: Sums[], last: string) {
  return {
    series: counts.map(({ requestsSent }, index) => ({
      ...countsOf({ requestsSent }),
      date: plusDays(last, index + 1 - counts.length),
    })),
    cohortSeries: counts.map(({ sentClicked }) => cohortOf({ sentClicked })),
  };
}

const onesOf = (length: number): Sums[] => Array(length).fill({ requestsSent: 1, sentClicked: 1 });
const names = ["requestsSent", "sentClicked"] as const;

function listSteps(columns: StepColumns | null) {
  return (columns ? toSteps(columns) : []).map(({ from, to, isPartial, counts }) => [
    from,
    to,
    isPartial ? "partial" : "whole",
    counts.requestsSent,
  ]);
}

describe("the steps of a chart", () => {
  test("are days as long as there are not too many", () => {
    const columns = toStepColumns(makeSeries(onesOf(3), "2026-03-02"), [...names], 3);
    expect(columns).toEqual({
      from: "2026-02-28",
      to: "2026-03-02",
      first: 1,
      length: 1,
      columns: { requestsSent: [1, 1, 1], sentClicked: [1, 1, 1] },
    });
    expect(listSteps(columns)).toEqual([
      ["2026-02-28", "2026-02-28", "whole", 1],
      ["2026-03-01", "2026-03-01", "whole", 1],
      ["2026-03-02", "2026-03-02", "whole", 1],
    ]);
  });

  test("of many days are weeks that end with the last of them, the first of fewer days", () => {
    expect(listSteps(toStepColumns(makeSeries(onesOf(16), "2026-03-02"), [...names], 15))).toEqual([
      ["2026-02-15", "2026-02-16", "partial", 2],
      ["2026-02-17", "2026-02-23", "whole", 7],
      ["2026-02-24", "2026-03-02", "whole", 7],
    ]);
    expect(listSteps(toStepColumns(makeSeries(onesOf(14), "2026-03-02"), [...names], 13))).toEqual([
      ["2026-02-17", "2026-02-23", "whole", 7],
      ["2026-02-24", "2026-03-02", "whole", 7],
    ]);
    expect(listSteps(toStepColumns(makeSeries(onesOf(5), "2026-03-02"), [...names], 4))).toEqual([
      ["2026-02-26", "2026-03-02", "partial", 5],
    ]);
  });

  test("of days compared with begin as far from their first day as the others do", () => {
    const shown = toStepColumns(makeSeries(onesOf(16), "2026-03-02"), [...names], 15);
    const before = toStepColumnsLike(makeSeries(onesOf(15), "2025-03-01"), [...names], shown);
    expect(listSteps(before)).toEqual([
      ["2025-02-15", "2025-02-16", "partial", 2],
      ["2025-02-17", "2025-02-23", "whole", 7],
      ["2025-02-24", "2025-03-01", "partial", 6],
    ]);
    const few = toStepColumnsLike(makeSeries(onesOf(1), "2025-03-01"), [...names], shown);
    expect(listSteps(few)).toEqual([["2025-03-01", "2025-03-01", "partial", 1]]);
  });

  test("of no days are none", () => {
    const none = makeSeries([], "2026-03-02");
    expect(toStepColumns(none, [...names], 3)).toBeNull();
    expect(toStepColumnsLike(makeSeries(onesOf(2), "2026-03-02"), [...names], null)).toBeNull();
    const shown = toStepColumns(makeSeries(onesOf(2), "2026-03-02"), [...names], 3);
    expect(toStepColumnsLike(none, [...names], shown)).toBeNull();
  });

  test("follow each other without a gap and add up to the days, however many these are", () => {
    const count = fc.integer({ min: 0, max: 5_000 });
    const days = fc.array(fc.record({ requestsSent: count, sentClicked: count }), { minLength: 1, maxLength: 400 });
    const last = fc.integer({ min: 0, max: 20_000 }).map((offset) => plusDays("1980-01-01", offset));
    fc.assert(
      fc.property(days, days, last, fc.integer({ min: 1, max: 400 }), (shown, others, to, most) => {
        const before = others.slice(0, shown.length);
        const columns = toStepColumns(makeSeries(shown, to), [...names], most);
        const like = toStepColumnsLike(makeSeries(before, "2020-02-29"), [...names], columns);
        expectWhole(columns, shown, to);
        expectWhole(like, before, "2020-02-29" as Day);
        expect(listSteps(columns).filter(([, , part], index) => index > 0 && part === "partial")).toEqual([]);
        const ends = listEnds(like).slice(0, -1);
        expect(ends).toEqual(listEnds(columns).slice(0, ends.length));
      }),
      { numRuns: 60 },
    );
  });
});

/** The last day of each step, counted from the first day of all. */
function listEnds(columns: StepColumns | null): number[] {
  const steps = columns ? toSteps(columns) : [];
  return steps.map(({ to }) => (Date.parse(to) - Date.parse(columns?.from ?? "")) / 86_400_000);
}

function expectWhole(columns: StepColumns | null, days: Sums[], last: Day): void {
  const steps = columns ? toSteps(columns) : [];
  expect([steps[0]?.from, steps.at(-1)?.to]).toEqual([plusDays(last, 1 - days.length), last]);
  for (const [index, step] of steps.slice(1).entries()) expect(step.from).toBe(plusDays(steps[index]?.to ?? "", 1));
  for (const name of names) {
    const sum = steps.reduce((total, { counts }) => total + (counts[name] ?? 0), 0);
    expect(sum).toBe(days.reduce((total, day) => total + day[name], 0));
  }
}
