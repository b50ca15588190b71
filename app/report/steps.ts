import { type Counts, type MetricName, metricNames } from "~/testimonial-rollup";

type DayCounts = Counts & { date: string };

/** One point of a chart: some days in a row, both ends inclusive, and their sums. `isOpen`: they are not over yet. */
export type Step = { from: string; to: string; isOpen: boolean; counts: Counts };

/** The days to show, how many of them can be points of their own, and the instant they were read. */
type Days = { series: DayCounts[]; most: number; asOf: string };

const stepDays = 7;

/**
 * The days as points of a chart: each day, or where there are more of them than `most`, weeks that end with the last day.
 * The first week may be shorter.
 */
export function toSteps({ series, most, asOf }: Days): Step[] {
  const length = series.length > most ? stepDays : 1;
  const first = series.length % length || length;
  const ends = Array.from({ length: Math.ceil(series.length / length) }, (_, index) => first + index * length);
  const today = asOf.slice(0, 10);
  return ends.map((end) => toStep(series.slice(Math.max(0, end - length), end), today));
}

function toStep(days: DayCounts[], today: string): Step {
  const to = days.at(-1)?.date ?? "";
  const sum = (name: MetricName) => days.reduce((total, day) => total + day[name], 0);
  return {
    from: days[0]?.date ?? "",
    to,
    isOpen: to >= today,
    counts: Object.fromEntries(metricNames.map((name) => [name, sum(name)])) as Counts,
  };
}
