import { recentDays, weeksBefore } from "~/services/recent-weeks";
import type { Counts } from "~/testimonial-rollup";
import { toChanceOfFall } from "./chance";

/** A fall is said where chance alone makes one so deep less often than this. */
const rareChance = 0.001;

/** Fewer than this in a week come and go too much to say anything of them. */
const leastExpected = 20;

/** What fell, to how many in the last week, from how many in a week before that. */
export type Fall = { of: "requestsSent" | "requestsClicked"; recent: number; usual: number };

/**
 * The fall to tell a merchant of, or null. Fewer clicks follow from fewer requests sent, so clicks are told of where
 * those did not fall.
 */
export function findFall(recent: Counts, before: Counts): Fall | null {
  for (const of of ["requestsSent", "requestsClicked"] as const) {
    if (isFall(recent[of], before[of])) return { of, recent: recent[of], usual: before[of] / weeksBefore };
  }
  return null;
}

function isFall(recent: number, before: number): boolean {
  if (before / weeksBefore < leastExpected) return false;
  const [later, earlier] = [
    { count: recent, days: recentDays },
    { count: before, days: recentDays * weeksBefore },
  ];
  return toChanceOfFall(later, earlier) < rareChance;
}
