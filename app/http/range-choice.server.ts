import { z } from "zod";
import { type Day, type DayRange, lastDayOf, toWindow } from "~/services/rollup/day";
import { daySchema, withRange } from "./input.server";

const presets = ["7", "30", "90"] as const;
const defaultPreset = "30";

type Preset = (typeof presets)[number];

/** What is wrong with a field of the range control. */
export type RangeIssue = { field: string; message: string };

/** The range that a page's address asks for. */
export type RangeChoice = {
  preset: Preset | "custom";
  /** Of a custom range, as it was written; of a preset, its days. */
  from: string;
  to: string;
  issues: RangeIssue[];
  /** The days to show, both inclusive: those asked for or, where they make no range, the last that did. */
  shown: { from: Day; to: Day };
};

const customSchema = withRange(z.object({ from: daySchema, to: daySchema }), "from", "to");

/**
 * Reads `range`, `from` and `to` of a page's address; the rest of it may hold what it likes. Nothing here throws: what is
 * wrong comes back as issues, beside a range that can be shown. `last` is what the form showed when it was sent.
 */
export function toRangeChoice(query: URLSearchParams, today: Day): RangeChoice {
  const asked = query.get("range") ?? defaultPreset;
  if (isPreset(asked)) return toPresetChoice(asked, today);
  if (asked !== "custom") {
    const issues = [{ field: "range", message: `must be one of ${presets.join(", ")} or custom` }];
    return { ...toPresetChoice(defaultPreset, today), issues };
  }
  const [from, to] = [query.get("from") ?? "", query.get("to") ?? ""];
  const custom = customSchema.safeParse({ from, to });
  const choice = { preset: "custom" as const, from, to };
  if (custom.success) return { ...choice, issues: [], shown: toInclusive(custom.data.range) };
  return {
    ...choice,
    issues: custom.error.issues.map(({ path, message }) => ({ field: String(path[0]), message })),
    shown: toLastShown(query.get("last"), today),
  };
}

function toLastShown(last: string | null, today: Day): RangeChoice["shown"] {
  const [from, to] = last?.split("_") ?? [];
  const custom = customSchema.safeParse({ from, to });
  return custom.success ? toInclusive(custom.data.range) : toPresetChoice(defaultPreset, today).shown;
}

function toPresetChoice(preset: Preset, today: Day): RangeChoice {
  const shown = toInclusive(toWindow(today, Number(preset) - 1));
  return { preset, ...shown, issues: [], shown };
}

function toInclusive(range: DayRange): RangeChoice["shown"] {
  return { from: range.from, to: lastDayOf(range) };
}

function isPreset(value: string): value is Preset {
  return (presets as readonly string[]).includes(value);
}
