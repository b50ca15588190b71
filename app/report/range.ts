import type { RangeChoice } from "~/http/range-choice.server";

/** The ranges that can be chosen by name. All but today end yesterday: a day that is not over is in none of them. */
export const presets = ["today", "yesterday", "7", "30", "90", "12m", "all"] as const;
export type Preset = (typeof presets)[number];

/** What a page shows whose address names no range, to a merchant who has chosen none before. */
export const defaultPreset = "30";

/** What the days shown are compared with: as many days just before them, or the same days a year before. */
export const comparisons = ["previous", "year"] as const;
export type CompareWith = (typeof comparisons)[number];

/** All that an address says of the days shown, and of the numbers shown. */
export const rangeFields = ["range", "from", "to", "compare"];
export const shownFields = [...rangeFields, "product"];

type Shown = Pick<RangeChoice, "preset" | "shown" | "compare">;

/** The query of a page's address that shows the same days: those of a preset move on with today. */
export function toRangeSearch({ preset, shown, compare }: Shown): string {
  const query = new URLSearchParams({ range: preset });
  if (preset === "custom") {
    query.set("from", shown.from);
    query.set("to", shown.to);
  }
  if (compare !== "previous") query.set("compare", compare);
  return `?${query}`;
}

/** What else an address of a page may say. All other fields are Shopify's, or nobody's, and are in no link. */
const otherFields = ["product", "figure"];

/** The query of an address of the same page that shows these days, and what else the address says. */
export function toSearchWithRange(search: string, shown: Shown): string {
  return `?${pickFields(search, otherFields, new URLSearchParams(toRangeSearch(shown)))}`;
}

/** The fields of a query that are named, behind those that are there. */
function pickFields(search: string, names: string[], query = new URLSearchParams()): URLSearchParams {
  const given = new URLSearchParams(search);
  for (const name of names) {
    const value = given.get(name);
    if (value !== null) query.set(name, value);
  }
  return query;
}

/**
 * The address of another page of the app over the days shown on this one, whose query is `search`. Where that query is
 * wrong, `choice` has the days that are shown in its place. The path may have a query of its own.
 */
export function toPageUrl(path: string, search: string, choice: RangeChoice | null): string {
  const [pathname, ownQuery] = path.split("?");
  const query = new URLSearchParams(ownQuery);
  const shown = new URLSearchParams(choice && choice.issues.length > 0 ? toRangeSearch(choice) : search);
  const product = new URLSearchParams(search).get("product");
  if (product !== null) shown.set("product", product);
  for (const field of shownFields) {
    const value = shown.get(field);
    if (value !== null) query.set(field, value);
  }
  return query.size > 0 ? `${pathname}?${query}` : path;
}

/** The query of an address of the same page that shows the numbers of one product, or of all. */
export function toSearchWithProduct(search: string, productId: string | null): string {
  const query = pickFields(search, [...rangeFields, "figure"]);
  if (productId !== null) query.set("product", productId);
  return query.size > 0 ? `?${query}` : "";
}
