import type { Compared } from "~/report/figure";
import type { Step, StepColumns, StepCounts } from "~/report/steps";
import type { Sums } from "~/services/report.server";
import type { Day } from "~/services/rollup/day";
import { type AllCounts, countNames } from "~/testimonial-rollup";
import { cohortOf, countsOf, noCohort, zeros } from "./counts";

/** The day so many days after another one. */
export function plusDays(day: string, days: number): Day {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10) as Day;
}

/** The sums of some days: the counts given, and zero for the rest. */
export function sumsOf(counts: Partial<AllCounts>): Sums {
  return { totals: pick(countsOf(counts), zeros), cohort: pick(cohortOf(counts), noCohort) };
}

function pick<Picked extends object>(counts: Picked, of: object): Picked {
  return Object.fromEntries(Object.entries(counts).filter(([name]) => name in of)) as Picked;
}

/** Days that end with `last`, each with the same counts, as a page's numbers have them. */
export function makeDays(length: number, last: string, counts: Partial<AllCounts>): StepColumns {
  const columns = Object.fromEntries(countNames.map((name) => [name, Array(length).fill(counts[name] ?? 0)]));
  return { from: plusDays(last, 1 - length), to: last as Day, first: 1, length: 1, columns };
}

/** The same as steps. */
export function makeSteps(length: number, last: string, counts: StepCounts): Step[] {
  return Array.from({ length }, (_, index) => {
    const day = plusDays(last, index + 1 - length);
    return { from: day, to: day, isPartial: false, counts };
  });
}

/** The same first days from which on a value can still change, for each kind of figure. */
export function openFrom(
  events: string,
  sent = events,
  submitted = events,
): Record<"events" | "sent" | "submitted", Day> {
  return { events: events as Day, sent: sent as Day, submitted: submitted as Day };
}

/** Days that are over and have all their answers, beside as many others. */
export function compare(now: Partial<AllCounts>, before: Partial<AllCounts>, days = 30): Compared {
  const comparison = { days, now: sumsOf(now), before: sumsOf(before) };
  return {
    compared: { events: comparison, sent: comparison, submitted: comparison },
    ripening: { sent: 7, submitted: 7 },
  };
}
