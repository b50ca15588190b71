import type { RangeChoice } from "~/http/range-choice.server";

/** The ranges of so many days that can be chosen by name. */
export const presets = ["7", "30", "90"] as const;

/** What a page shows whose address names no range. */
export const defaultPreset = "30";

const rangeFields = ["range", "from", "to"];

/** The query of a page's address that shows the same days: those of a preset move on with today. */
export function toRangeSearch({ preset, shown }: Pick<RangeChoice, "preset" | "shown">): string {
  return preset === "custom" ? `?range=custom&from=${shown.from}&to=${shown.to}` : `?range=${preset}`;
}

/** Which of the ranges a query asks for, whether there is such a one or not. */
export function readPreset(search: string): string {
  return new URLSearchParams(search).get("range") ?? defaultPreset;
}

/**
 * The address of another page of the app over the days shown on this one, whose query is `search`. Where that query is
 * wrong, `choice` has the days that are shown in its place. The path may have a query of its own.
 */
export function toPageUrl(path: string, search: string, choice: RangeChoice | null): string {
  const [pathname, ownQuery] = path.split("?");
  const query = new URLSearchParams(ownQuery);
  const shown = new URLSearchParams(choice && choice.issues.length > 0 ? toRangeSearch(choice) : search);
  for (const field of rangeFields) {
    const value = shown.get(field);
    if (value !== null) query.set(field, value);
  }
  return query.size > 0 ? `${pathname}?${query}` : path;
}
