import type { Day, DayRange } from "../day";
import type { Marked } from "../recount/take-marks.server";

/** Up to which day shops are sealed, by their ids: days before it stay as stored. Shops without a seal are not in it. */
export type Sealed = Map<string, Day>;

/** Shops, and days of all of them. */
export type Scope = { shopIds: string[]; range: DayRange };

/** What is open of a range, by where it begins: shops whose every day in it is sealed are in none of the scopes. */
export function toOpenScopes(sealed: Sealed, shopIds: string[], { from, until }: DayRange): Scope[] {
  const starts = groupByDay(shopIds, (shopId) => getLater(from, sealed.get(shopId)));
  return starts
    .filter(({ day }) => isBefore(day, until))
    .map(({ day, shopIds: ofScope }) => ({ shopIds: ofScope, range: { from: day, until } }));
}

/**
 * What unsealing a range opens, by where it ends: a seal has no gaps, so what lies between the range and the end of a shop's
 * seal is unsealed with it.
 */
export function toUnsealedScopes(sealed: Sealed, shopIds: string[], { from, until }: DayRange): Scope[] {
  const ends = groupByDay(shopIds, (shopId) => getLater(until, sealed.get(shopId)));
  return ends.map(({ day, shopIds: ofScope }) => ({ shopIds: ofScope, range: { from, until: day } }));
}

function groupByDay(shopIds: string[], toDay: (shopId: string) => Day): { day: Day; shopIds: string[] }[] {
  const groups = new Map<Day, string[]>();
  for (const shopId of shopIds) {
    const day = toDay(shopId);
    const group = groups.get(day) ?? [];
    group.push(shopId);
    groups.set(day, group);
  }
  return [...groups].map(([day, ofDay]) => ({ day, shopIds: ofDay }));
}

function getLater(day: Day, other: Day | undefined): Day {
  return other !== undefined && isBefore(day, other) ? other : day;
}

/** Parts days that a recount has taken into those that it counts and those that are sealed, whose marks are dropped. */
export function partSealed(sealed: Sealed, days: Marked[]): { open: Marked[]; dropped: Marked[] } {
  if (sealed.size === 0) return { open: days, dropped: [] };
  const isOpen = ([shopId, date]: Marked) => isOpenDay(sealed, shopId, date);
  return { open: days.filter(isOpen), dropped: days.filter((day) => !isOpen(day)) };
}

/** True for a day of a shop that is not sealed. */
export function isOpenDay(sealed: Sealed, shopId: string, date: string): boolean {
  return !isBefore(date, sealed.get(shopId));
}

/** Days as the database writes them: one can be of a year before Christ or after 9999, and those don't compare as strings. */
function isBefore(date: string, day: string | undefined): boolean {
  if (day === undefined || date === day) return false;
  return toOrder(date) < toOrder(day);
}

function toOrder(date: string): number {
  if (date === "infinity") return Number.POSITIVE_INFINITY;
  const [year = "", month = "", day = ""] = date.replace(" BC", "").split("-");
  const ordered = Number(month) * 100 + Number(day);
  return (date.endsWith(" BC") ? 1 - Number(year) : Number(year)) * 10_000 + ordered;
}
