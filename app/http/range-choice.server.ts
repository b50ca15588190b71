import { defaultPreset, presets } from "~/report/range";
import {
  addDays,
  countDays,
  type Day,
  type DayRange,
  firstDay,
  isDay,
  lastDayOf,
  maxRangeDays,
  toRange,
  toWindow,
} from "~/services/rollup/day";

type Preset = (typeof presets)[number];

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
  shown: { from: Day; to: Day };
  /** The last day that can be chosen. */
  today: Day;
};

/**
 * Reads `range`, `from` and `to` of a page's address; the rest of it may hold what it likes. Nothing here throws: what is
 * wrong comes back as issues, beside a range that can be shown. `last` is what the form showed when it was sent.
 */
export function toRangeChoice(query: URLSearchParams, today: Day): RangeChoice {
  const asked = query.get("range") ?? defaultPreset;
  if (isPreset(asked)) return toPresetChoice(asked, today);
  if (asked !== "custom") {
    const problem = { code: "noSuchRange" as const, shownDays: Number(defaultPreset) };
    return { ...toPresetChoice(defaultPreset, today), issues: [{ field: "range", problem }] };
  }
  const [from, to] = [query.get("from") ?? "", query.get("to") ?? ""];
  const choice = { preset: "custom" as const, from, to, today };
  const custom = readDays(from, to, today);
  if ("shown" in custom) return { ...choice, issues: [], shown: custom.shown };
  return { ...choice, issues: custom.issues, shown: toLastShown(query.get("last"), today) };
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

function toLastShown(last: string | null, today: Day): RangeChoice["shown"] {
  const [from = "", to = ""] = last?.split("_") ?? [];
  const days = readDays(from, to, today);
  return "shown" in days ? days.shown : toPresetChoice(defaultPreset, today).shown;
}

function toPresetChoice(preset: Preset, today: Day): RangeChoice {
  const shown = toInclusive(toWindow(today, Number(preset) - 1));
  return { preset, ...shown, issues: [], shown, today };
}

function toInclusive(range: DayRange): RangeChoice["shown"] {
  return { from: range.from, to: lastDayOf(range) };
}

function isPreset(value: string): value is Preset {
  return (presets as readonly string[]).includes(value);
}
