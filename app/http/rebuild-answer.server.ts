import type { Drift } from "~/services/rollup/drift.server";
import { metricNames } from "~/services/rollup/metrics";
import type { RebuildProgress } from "~/services/rollup/rebuild.server";
import { toRangeAnswer } from "./run-answer.server";

/** A rebuild as the routes tell it: its range with both ends inclusive, under the names of the request. */
export function toRebuildAnswer({ range, error, changes, ...progress }: RebuildProgress) {
  const { from: fromDate, to: toDate } = toRangeAnswer(range);
  return {
    ...progress,
    fromDate,
    toDate,
    ...(changes && { changes: changes.map((change) => ({ ...change, metrics: listChangedMetrics(change) })) }),
    ...(error !== null && { error }),
  };
}

function listChangedMetrics({ stored, live }: Drift): string[] {
  return metricNames.filter((name) => (stored?.[name] ?? 0) !== (live?.[name] ?? 0));
}
