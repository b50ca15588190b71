import { type DayRange, toRange } from "../day";
import type { Comparison } from "../verify/compare.server";
import type { RunRow } from "./ledger.server";
import type { RebuildProgress } from "./rebuild.server";
import { toEtaMs } from "./sweep-progress";

/** The days that a rebuild covers. */
export function toRunRange(run: RunRow): DayRange {
  if (!run.fromDate || !run.toDate) throw new Error(`Rebuild ${run.id} has no range in the ledger.`);
  return toRange(run.fromDate, run.toDate);
}

/** Where a rebuild stands at `now`, the instant of the database's clock. */
export function toProgress(run: RunRow, now: Date): RebuildProgress {
  const report = run.report as Comparison | null;
  return {
    runId: run.id,
    status: run.status,
    shopId: run.shopId,
    range: toRunRange(run),
    dryRun: run.dryRun,
    unseal: run.unseal,
    done: run.done,
    total: run.total ?? 0,
    etaMs: toEtaMs(run, now),
    days: run.days,
    rowsWritten: run.rowsWritten,
    rowsDeleted: run.rowsDeleted,
    failedShops: run.failedShops,
    remaining: run.remaining,
    error: run.error,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    durationMs: run.durationMs,
    pausedMs: run.pausedMs,
    ...(run.dryRun && { changed: report?.drifted ?? 0, changes: report?.examples ?? [] }),
  };
}
