import { addDays, type Day, type DayRange } from "./rollup/day";

/** Days of the last week, and weeks before it. */
export const recentDays = 7;
export const weeksBefore = 4;

/** The weeks that a fall is looked for in, whatever range is shown: the last whole days, and those before them. */
export function toRecentWeeks(today: Day): { recentWeek: DayRange; fourWeeksBefore: DayRange } {
  const start = addDays(today, -recentDays);
  return {
    recentWeek: { from: start, until: today },
    fourWeeksBefore: { from: addDays(start, -recentDays * weeksBefore), until: start },
  };
}
