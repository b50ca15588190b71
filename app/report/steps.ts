import { addDays, countDays, type Day, toRange } from "~/services/rollup/day";
import type { AllCounts, CountName, RangeNumbers } from "~/testimonial-rollup";

/** Days in a row, both ends inclusive. */
export type Days = { from: Day; to: Day };

/** One point of a chart: some days in a row and their sums. `isPartial`: there are fewer of them than in other points. */
export type Step = Days & { isPartial: boolean; counts: StepCounts };

/** The counts that a chart needs. */
export type StepCounts = Partial<AllCounts>;

/**
 * Steps as they are sent to the browser: the sums of a count are one list. Each step has `length` days but for the first,
 * which has `first`, and for the last where the days end before it does.
 */
export type StepColumns = Days & { first: number; length: number; columns: Partial<Record<CountName, number[]>> };

const weekDays = 7;

/** The counts of each day of a range. */
type Series = Pick<RangeNumbers, "series" | "cohortSeries">;

/**
 * The counts `names` of the days as points of a chart: each day or, where there are more of them than `most`, weeks that
 * end with the last day. The first week may be shorter.
 */
export function toStepColumns(series: Series, names: CountName[], most: number): StepColumns | null {
  const count = series.series.length;
  const length = count > most ? weekDays : 1;
  return toColumns(series, names, { first: count % length || length, length });
}

/** The same of days that others are compared with: the steps begin as many days after the first as theirs do. */
export function toStepColumnsLike(series: Series, names: CountName[], other: StepColumns | null): StepColumns | null {
  return other && toColumns(series, names, other);
}

function toColumns(
  { series, cohortSeries }: Series,
  names: CountName[],
  { first, length }: Pick<StepColumns, "first" | "length">,
): StepColumns | null {
  const [from, to] = [series[0]?.date, series.at(-1)?.date];
  if (!from || !to) return null;
  const days = series.map((day, index): Record<string, unknown> => ({ ...day, ...cohortSeries[index] }));
  const bounds = listBounds(days.length, first, length);
  const sum = (name: CountName) =>
    bounds.map(([start, end]) => days.slice(start, end).reduce((total, day) => total + Number(day[name]), 0));
  return { from, to, first, length, columns: Object.fromEntries(names.map((name) => [name, sum(name)])) };
}

/** The steps that were sent. */
export function toSteps({ from, to, first, length, columns }: StepColumns): Step[] {
  return listBounds(countDays(toRange(from, to)), first, length).map(([start, end], index) => ({
    from: addDays(from, start),
    to: addDays(from, end - 1),
    isPartial: end - start < length,
    counts: Object.fromEntries(Object.entries(columns).map(([name, sums]) => [name, sums[index] ?? 0])),
  }));
}

/** Where each step begins and, excluded, ends, counted in days from the first. */
function listBounds(days: number, first: number, length: number): [start: number, end: number][] {
  const steps = 1 + Math.max(0, Math.ceil((days - first) / length));
  return Array.from({ length: steps }, (_, index) => [
    index === 0 ? 0 : first + (index - 1) * length,
    Math.min(days, first + index * length),
  ]);
}
