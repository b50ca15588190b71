import { type CompareWith, comparisons, defaultPreset, type Preset, presets } from "~/report/range";
import type { Days } from "~/report/steps";
import {
  addDays,
  countDays,
  type Day,
  type DayRange,
  firstDay,
  isDay,
  lastDayOf,
  maxRangeDays,
  previousRange,
  toRange,
  toYearBefore,
} from "~/services/rollup/day";
import { idSchema } from "~/services/rollup/http/schemas.server";

/** What is wrong with what was asked for. `latest` is the last day that makes a range of at most five years. */
export type RangeProblem =
  | { code: "noSuchRange"; shownDays: number }
  | { code: "missing" }
  | { code: "notBegun"; today: Day }
  | { code: "noDay"; first: Day; today: Day }
  | { code: "beforeFrom"; from: Day }
  | { code: "tooLong"; latest: Day };

/** What is wrong with a field of the range control. The page says it to the person who filled it in. */
export type RangeIssue = { field: "range" | "from" | "to"; problem: RangeProblem };

/** The range that a page's address asks for. */
export type RangeChoice = {
  preset: Preset | "custom";
  /** Of a custom range, as it was written; of a preset, its days. */
  from: string;
  to: string;
  issues: RangeIssue[];
  /** The days to show, both inclusive: those asked for or, where they make no range, the last that did. */
  shown: Days;
  /** Those of the days shown that are over: all but today. Null where there is none. */
  whole: Days | null;
  compare: CompareWith;
  /** As many days as are over, to compare them with, or null where there are none. */
  before: Days | null;
  /** The last day that can be chosen. */
  today: Day;
  /** The id of the product whose numbers alone are shown, or null for all. */
  product: string | null;
};

/**
 * Reads `range`, `from`, `to`, `compare` and `product` of a page's address; the rest of it may hold what it likes. Nothing here throws:
 * what is wrong comes back as issues, beside a range that can be shown. `last` is what the form showed when it was sent.
 * `began`: the first day with a record, from which on all days are shown; without it the longest range is.
 */
export function toRangeChoice(query: URLSearchParams, today: Day, began: Day | null = null): RangeChoice {
  const compare = comparisons.find((one) => one === query.get("compare")) ?? "previous";
  const asked = toAskedDays(query, today, began);
  const { shown } = asked;
  const whole = toWhole(shown, today);
  const hasBefore = asked.preset !== "all" || compare === "year";
  return {
    ...asked,
    whole,
    compare,
    before: whole && hasBefore ? toBefore(whole, compare) : null,
    today,
    product: readProduct(query),
  };
}

/** What can be no id is passed over: the numbers are those of all products then. */
function readProduct(query: URLSearchParams): string | null {
  return idSchema.safeParse(query.get("product")).data ?? null;
}

type AskedDays = Pick<RangeChoice, "preset" | "from" | "to" | "issues" | "shown">;

function toAskedDays(query: URLSearchParams, today: Day, began: Day | null): AskedDays {
  const asked = query.get("range") ?? defaultPreset;
  if (isPreset(asked)) return toPresetDays(asked, today, began);
  if (asked !== "custom") {
    const problem = { code: "noSuchRange" as const, shownDays: Number(defaultPreset) };
    return { ...toPresetDays(defaultPreset, today, began), issues: [{ field: "range", problem }] };
  }
  const [from, to] = [query.get("from") ?? "", query.get("to") ?? ""];
  const custom = readDays(from, to, today);
  if ("shown" in custom) return { preset: "custom", from, to, issues: [], shown: custom.shown };
  return { preset: "custom", from, to, issues: custom.issues, shown: toLastShown(query.get("last"), today) };
}

/** Without today, which is not over: a day that has just begun is not to be compared with whole ones. */
function toWhole({ from, to }: Days, today: Day): Days | null {
  if (to < today) return { from, to };
  return from < today ? { from, to: addDays(today, -1) } : null;
}

function toBefore(whole: Days, compare: CompareWith): Days {
  const range = toRange(whole.from, whole.to);
  if (compare === "previous") return toInclusive(previousRange(range));
  const from = toYearBefore(whole.from);
  return { from, to: addDays(from, countDays(range) - 1) };
}

/** The two days where they make a range of days that have begun, or what keeps them from it. */
function readDays(from: string, to: string, today: Day): Pick<RangeChoice, "shown"> | { issues: RangeIssue[] } {
  if (hasBegun(from, today) && hasBegun(to, today)) {
    const problem = findOrderProblem(from, to);
    return problem === null ? { shown: { from, to } } : { issues: [{ field: "to", problem }] };
  }
  const fields = [
    { field: "from" as const, day: from },
    { field: "to" as const, day: to },
  ].filter(({ day }) => !hasBegun(day, today));
  return { issues: fields.map(({ field, day }) => ({ field, problem: toDayProblem(day, today) })) };
}

function hasBegun(text: string, today: Day): text is Day {
  return isDay(text) && text <= today;
}

function toDayProblem(text: string, today: Day): RangeProblem {
  if (text === "") return { code: "missing" };
  return isDay(text) ? { code: "notBegun", today } : { code: "noDay", first: firstDay, today };
}

function findOrderProblem(from: Day, to: Day): RangeProblem | null {
  if (from > to) return { code: "beforeFrom", from };
  if (countDays(toRange(from, to)) <= maxRangeDays) return null;
  return { code: "tooLong", latest: addDays(from, maxRangeDays - 1) };
}

function toLastShown(last: string | null, today: Day): Days {
  const [from = "", to = ""] = last?.split("_") ?? [];
  const days = readDays(from, to, today);
  return "shown" in days ? days.shown : toPresetDays(defaultPreset, today, null).shown;
}

function toPresetDays(preset: Preset, today: Day, began: Day | null): AskedDays {
  const shown = toDaysOf(preset, today, began);
  return { preset, ...shown, issues: [], shown };
}

function toDaysOf(preset: Preset, today: Day, began: Day | null): Days {
  const yesterday = addDays(today, -1);
  if (preset === "today") return { from: today, to: today };
  if (preset === "yesterday") return { from: yesterday, to: yesterday };
  if (preset === "12m") return { from: toYearBefore(today), to: yesterday };
  if (preset !== "all") return { from: addDays(today, -Number(preset)), to: yesterday };
  const longest = addDays(yesterday, 1 - maxRangeDays);
  const from = began && began > longest ? began : longest;
  // A shop that began today has no day that is over.
  return from < today ? { from, to: yesterday } : { from: today, to: today };
}

function toInclusive(range: DayRange): Days {
  return { from: range.from, to: lastDayOf(range) };
}

function isPreset(value: string): value is Preset {
  return (presets as readonly string[]).includes(value);
}
