import { type Counts, type MetricName, metricNames } from "~/services/rollup/metrics";

type DayCounts = Counts & { date: string };

/** One point of a chart: some days in a row, both ends inclusive, and their sums. */
export type Step = { from: string; to: string; counts: Counts };

const stepDays = 7;

/**
 * The days as points of a chart: each day, or where there are more of them than `most`, weeks that end with the last day.
 * The first week may be shorter.
 */
export function toSteps(days: DayCounts[], most: number): Step[] {
  const length = days.length > most ? stepDays : 1;
  const first = days.length % length || length;
  const ends = Array.from({ length: Math.ceil(days.length / length) }, (_, index) => first + index * length);
  return ends.map((end) => toStep(days.slice(Math.max(0, end - length), end)));
}

function toStep(days: DayCounts[]): Step {
  const sum = (name: MetricName) => days.reduce((total, day) => total + day[name], 0);
  return {
    from: days[0]?.date ?? "",
    to: days.at(-1)?.date ?? "",
    counts: Object.fromEntries(metricNames.map((name) => [name, sum(name)])) as Counts,
  };
}
