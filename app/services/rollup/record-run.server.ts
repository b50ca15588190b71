import { DefinitionNotCurrent, requireCurrentDefinition } from "./definition-state.server";
import { toErrorMessage } from "./error.server";
import { settleFailingShops } from "./failing-shop.server";
import { log } from "./host.server";
import { deadRunError, failDeadRuns, keepLease } from "./lease.server";
import { closeRun, getOutcome, logRun, type NewRun, openRun, type RunOutcome, type RunRemains } from "./ledger.server";
import { countMarkedDays } from "./mark.server";
import { makeTally, type Tally, toRunCounts } from "./tally.server";
import { beginTrouble, endTrouble } from "./trouble.server";

type Ended = RunOutcome & { runId: string; durationMs: number };

/** The work of a run. It adds what it does to the tally, and returns what the run's row keeps beside that. */
type Work = (runId: string, tally: Tally) => Promise<Omit<RunRemains, "durationMs">>;

/**
 * Runs `work` as a run of the ledger: opened before, closed and logged after, whatever happens. A failure is the
 * run's outcome, not an exception. The outcome is what the ledger says.
 *
 * @returns null when another process runs the same slot of the schedule.
 * @throws when the run can't be opened in the ledger, that is, when the database is away or can't be written, or has another
 * definition than this code.
 */
export async function recordRun(run: NewRun, work: Work): Promise<Ended | null> {
  const runId = await begin(run);
  if (runId === null) return null;
  const startedAt = performance.now();
  let outcome: RunOutcome;
  try {
    outcome = await keepLease(runId, async () => {
      const { remains, ...counts } = await workAndSettle(runId, work);
      const status = counts.failedShops.length > 0 ? "partial" : "ok";
      const done: RunOutcome = { ...counts, status, remaining: await countMarkedDays(), error: null };
      return close(runId, done, { ...remains, durationMs: elapsedMs(startedAt) });
    });
  } catch (error) {
    outcome = failedOutcome(toErrorMessage(error));
    // With the database away the row stays "running"; failDeadRuns closes it when its lease has expired.
    await closeRun(runId, outcome, { durationMs: elapsedMs(startedAt) }).catch((cause: unknown) => {
      log.warn({ runId, error: toErrorMessage(cause) }, "a failed run could not be closed");
    });
  }
  if (outcome.status === "failed") await beginTrouble(run.kind, outcome.error ?? deadRunError);
  else await endTrouble(run.kind);
  const durationMs = elapsedMs(startedAt);
  logRun({ ...run, runId }, outcome, durationMs);
  return { runId, ...outcome, durationMs };
}

/** Opens the run, and closes those whose process died. */
async function begin(run: NewRun): Promise<string | null> {
  try {
    await requireCurrentDefinition();
    for (const kind of await failDeadRuns()) await beginTrouble(kind, deadRunError);
    return await openRun(run);
  } catch (error) {
    if (!(error instanceof DefinitionNotCurrent)) await beginTrouble(run.kind, toErrorMessage(error));
    throw error;
  }
}

/** Which shops fail is recorded of a run that fails itself, too. */
async function workAndSettle(runId: string, work: Work) {
  const tally = makeTally();
  const remains = await work(runId, tally).finally(() => settleFailingShops(runId, tally));
  return { remains, ...toRunCounts(tally) };
}

/**
 * Closes the run and returns what the ledger says of it then: another process may have taken this one for dead. Once
 * more where that fails, since a connection that is cut while it commits leaves open whether it did.
 */
async function close(runId: string, outcome: RunOutcome, remains: RunRemains): Promise<RunOutcome> {
  const isClosed = await closeRun(runId, outcome, remains).catch((error: unknown) => {
    log.warn({ runId, error: toErrorMessage(error) }, "closing a run failed and is tried once more");
    return closeRun(runId, outcome, remains);
  });
  return isClosed ? outcome : getOutcome(runId);
}

function failedOutcome(error: string): RunOutcome {
  return {
    status: "failed",
    shops: 0,
    days: 0,
    rowsWritten: 0,
    rowsDeleted: 0,
    failedShops: [],
    fallbacks: [],
    remaining: null,
    error,
  };
}

function elapsedMs(since: number): number {
  return Math.round(performance.now() - since);
}
