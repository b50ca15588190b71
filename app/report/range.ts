import type { RangeChoice } from "~/http/range-choice.server";

/** The query of a page's address that shows the same days: those of a preset move on with today. */
export function toRangeSearch({ preset, shown }: Pick<RangeChoice, "preset" | "shown">): string {
  return preset === "custom" ? `?range=custom&from=${shown.from}&to=${shown.to}` : `?range=${preset}`;
}
