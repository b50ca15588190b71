import type { RebuildProgress } from "~/services/rollup/rebuild.server";
import { toRangeAnswer } from "./run-answer.server";

/** A rebuild as the routes tell it: its range with both ends inclusive, under the names of the request. */
export function toRebuildAnswer({ range, error, ...progress }: RebuildProgress) {
  const { from: fromDate, to: toDate } = toRangeAnswer(range);
  return { ...progress, fromDate, toDate, ...(error !== null && { error }) };
}
