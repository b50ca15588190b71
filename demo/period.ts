import { addDays, type Day, toDay } from "~/services/rollup/day";

/** Days with both ends inclusive, as the routes want them. */
export type Period = { from: Day; to: Day };

/** How far back the demo's history goes, today included. */
export const historyDays = 400;

/** The days of the whole history. */
export function toPeriod(now: Date): Period {
  const today = toDay(now);
  return { from: addDays(today, 1 - historyDays), to: today };
}
