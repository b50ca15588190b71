import { defaultPreset, presets } from "~/report/range";
import { toDayText } from "~/report/text";
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

/** What is wrong with a field of the range control, as a sentence to the person who filled it in. */
export type RangeIssue = { field: "range" | "from" | "to"; message: string };

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
    const message = `This address names no range that there is. The last ${defaultPreset} days are shown.`;
    return { ...toPresetChoice(defaultPreset, today), issues: [{ field: "range", message }] };
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
    const message = toOrderMessage(from, to);
    return message === null ? { shown: { from, to } } : { issues: [{ field: "to", message }] };
  }
  const fields = [
    { field: "from" as const, day: from },
    { field: "to" as const, day: to },
  ].filter(({ day }) => !hasBegun(day, today));
  return { issues: fields.map(({ field, day }) => ({ field, message: toDayMessage(day, today) })) };
}

function hasBegun(text: string, today: Day): text is Day {
  return isDay(text) && text <= today;
}

function toDayMessage(text: string, today: Day): string {
  if (text === "") return "Choose a day.";
  if (isDay(text)) return `Choose a day up to today, ${toDayText(today)} in UTC.`;
  return `Choose a day between ${toDayText(firstDay)} and today, ${toDayText(today)}.`;
}

function toOrderMessage(from: Day, to: Day): string | null {
  if (from > to) return `Choose ${toDayText(from)} or a later day.`;
  if (countDays(toRange(from, to)) <= maxRangeDays) return null;
  return `At most 5 years can be shown: choose a day up to ${toDayText(addDays(from, maxRangeDays - 1))}.`;
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
