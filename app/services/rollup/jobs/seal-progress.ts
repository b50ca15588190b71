import { addDays, type Day } from "../day";
import type { RunCounts, RunRow } from "./ledger.server";
import { toEtaMs } from "./sweep-progress";

/**
 * Progress of a seal. `done` and `total` are shops, `shops` those of them that have been sealed, and `days` their days that were
 * not sealed before; of a dry run, those that would be. `failedShops` stay as they were.
 */
export type SealProgress = Pick<RunCounts, "shops" | "days" | "failedShops"> &
  Pick<
    RunRow,
    "status" | "shopId" | "dryRun" | "done" | "error" | "startedAt" | "finishedAt" | "durationMs" | "pausedMs"
  > & {
    runId: string;
    before: Day;
    total: number;
    etaMs: number | null;
  };

/** The day up to which a seal goes: those before it are sealed. */
export function toSealedBefore(run: RunRow): Day {
  if (!run.toDate) throw new Error(`Seal ${run.id} has no day in the ledger.`);
  return addDays(run.toDate, 1);
}

/** Where a seal stands at `now`, the instant of the database's clock. */
export function toSealProgress(run: RunRow, now: Date): SealProgress {
  const { status, shopId, dryRun, done, shops, days, failedShops, error, startedAt, finishedAt, durationMs, pausedMs } =
    run;
  return {
    runId: run.id,
    ...{ status, shopId },
    before: toSealedBefore(run),
    ...{ dryRun, done, total: run.total ?? 0, etaMs: toEtaMs(run, now) },
    ...{ shops, days, failedShops, error, startedAt, finishedAt, durationMs, pausedMs },
  };
}
