import { type Definition, listMetrics } from "../definition/rollup";
import type { RebuildProgress } from "../jobs/rebuild.server";
import type { Drift } from "../verify/compare.server";
import { toRangeAnswer } from "./run-answer.server";

/** A rebuild as the routes tell it: its range with both ends inclusive, under the names of the request. */
export function toRebuildAnswer(definition: Definition, { range, error, changes, ...progress }: RebuildProgress) {
  const { from: fromDate, to: toDate } = toRangeAnswer(range);
  return {
    ...progress,
    fromDate,
    toDate,
    ...(changes && {
      changes: changes.map((change) => ({ ...change, metrics: listChangedMetrics(definition, change) })),
    }),
    ...(error !== null && { error }),
  };
}

function listChangedMetrics(definition: Definition, { stored, live }: Drift): string[] {
  const names = listMetrics(definition).map(([name]) => name);
  return names.filter((name) => (stored?.[name] ?? 0) !== (live?.[name] ?? 0));
}
