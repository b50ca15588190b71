import { addDays, lastDayOf, toRange } from "../day";
import type { Engine } from "../engine.server";
import { tell } from "../observer.server";
import { getRun, type NewRun, type RunCounts, type RunOutcome, type RunRow } from "./ledger.server";

/** The outcome of an ended run as the ledger has it. Throws where it has none. */
export async function getOutcome(engine: Engine, runId: string): Promise<RunOutcome> {
  const run = await getRun(engine, runId);
  if (!run || run.status === "running") throw new Error(`The ledger has no end of the run ${runId}.`);
  return { ...pickCounts(run), status: run.status, remaining: run.remaining, error: run.error };
}

/** What a run has done so far, as its row counts it. */
export function pickCounts({ shops, days, rowsWritten, rowsDeleted, failedShops, report }: RunRow): RunCounts {
  const { fallbacks = [], droppedDays = 0, dropped = [] } = (report ?? {}) as Partial<RunCounts>;
  return { shops, days, rowsWritten, rowsDeleted, failedShops, fallbacks, droppedDays, dropped };
}

/** What a run in the ledger was opened with. */
export function toNewRun({ kind, trigger, fromDate, toDate, shopId, dryRun, unseal }: RunRow): NewRun {
  return {
    ...{ kind, trigger, dryRun, unseal },
    range: fromDate && toDate ? toRange(fromDate, toDate) : null,
    before: !fromDate && toDate ? addDays(toDate, 1) : undefined,
    shopId: shopId ?? undefined,
  };
}

/** Says that a run has ended: one line of the log, and the observer's event. */
export function logRun(engine: Engine, run: NewRun & { runId: string }, outcome: RunOutcome, durationMs: number): void {
  const { status, shops, days, rowsWritten, rowsDeleted, failedShops, fallbacks, droppedDays, remaining, error } =
    outcome;
  tell(engine, "runEnded", { kind: run.kind, trigger: run.trigger, status, durationMs });
  const { log } = engine;
  const fields = {
    runId: run.runId,
    kind: run.kind,
    trigger: run.trigger,
    ...(run.range && { from: run.range.from, to: lastDayOf(run.range) }),
    ...(run.before && { before: run.before }),
    ...(run.shopId && { shopId: run.shopId }),
    ...(run.dryRun && { dryRun: true }),
    ...(run.unseal && { unseal: true }),
    ...{ status, shops, days, rowsWritten, rowsDeleted, failedShops, remaining, error, durationMs },
    ...(fallbacks.length > 0 && { fallbacks }),
    ...(droppedDays > 0 && { droppedDays }),
  };
  if (status === "failed") log.error(fields, "run failed");
  else if (failedShops.length > 0) log.warn(fields, "run ended, some shops failed");
  else log.info(fields, "run ended");
}
