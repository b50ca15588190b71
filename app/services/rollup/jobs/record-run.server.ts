import { DefinitionNotCurrent, requireCurrentDefinition } from "../definition/state.server";
import type { Engine } from "../engine.server";
import { toErrorMessage } from "../error.server";
import { settleFailingShops } from "../health/failing-shop.server";
import { beginTrouble, endTrouble } from "../health/trouble.server";
import { countMarkedDays } from "../marks/remaining.server";
import { tell } from "../observer.server";
import { endRunSpan, traceRun } from "../tracing.server";
import { deadRunError, failDeadRuns, keepLease } from "./lease.server";
import type { NewRun, RunOutcome } from "./ledger.server";
import { closeRun, openRun, type RunRemains } from "./ledger-write.server";
import { inRun } from "./run-context.server";
import { getOutcome, logRun } from "./run-outcome.server";
import { makeTally, type Tally, toRunCounts } from "./tally.server";

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
export function recordRun(engine: Engine, run: NewRun, work: Work): Promise<Ended | null> {
  return traceRun({ ...run, rollup: engine.name }, async (span) => {
    const runId = await begin(engine, run);
    if (runId === null) return null;
    const ended = await inRun({ runId, kind: run.kind }, () => workThrough(engine, { ...run, runId }, work));
    endRunSpan(span, runId, ended);
    return ended;
  });
}

/** Does the work of a run that is open, and closes it. */
async function workThrough(engine: Engine, run: NewRun & { runId: string }, work: Work): Promise<Ended> {
  const { runId } = run;
  const startedAt = performance.now();
  const tally = makeTally();
  let outcome: RunOutcome;
  try {
    outcome = await keepLease(engine, runId, async () => {
      const { remains, ...counts } = await workAndSettle(engine, runId, tally, work);
      const status = counts.failedShops.length > 0 ? "partial" : "ok";
      const done: RunOutcome = { ...counts, status, remaining: await countMarkedDays(engine), error: null };
      return close(engine, runId, done, { ...remains, durationMs: elapsedMs(startedAt) });
    });
  } catch (error) {
    // Marks that were dropped are nowhere else.
    const { droppedDays, dropped } = tally;
    const counts = { ...toRunCounts(makeTally()), droppedDays, dropped };
    outcome = { ...counts, status: "failed", remaining: null, error: toErrorMessage(error) };
    // With the database away the row stays "running"; failDeadRuns closes it when its lease has expired.
    await closeRun(engine, runId, outcome, { durationMs: elapsedMs(startedAt) }).catch((cause: unknown) => {
      engine.log.warn({ runId, error: toErrorMessage(cause) }, "a failed run could not be closed");
    });
  }
  if (outcome.status === "failed") await beginTrouble(engine, run.kind, outcome.error ?? deadRunError);
  else await endTrouble(engine, run.kind);
  const durationMs = elapsedMs(startedAt);
  logRun(engine, run, outcome, durationMs);
  return { runId, ...outcome, durationMs };
}

/** Opens the run, and closes those whose process died. */
async function begin(engine: Engine, run: NewRun): Promise<string | null> {
  const startedAt = performance.now();
  try {
    await requireCurrentDefinition(engine);
    for (const kind of await failDeadRuns(engine)) await beginTrouble(engine, kind, deadRunError);
    return await openRun(engine, run);
  } catch (error) {
    const { kind, trigger } = run;
    tell(engine, "runEnded", { kind, trigger, status: "unopened", durationMs: elapsedMs(startedAt) });
    if (!(error instanceof DefinitionNotCurrent)) await beginTrouble(engine, kind, toErrorMessage(error));
    throw error;
  }
}

/** Which shops fail is recorded of a run that fails itself, too. */
async function workAndSettle(engine: Engine, runId: string, tally: Tally, work: Work) {
  const remains = await work(runId, tally).finally(() => settleFailingShops(engine, runId, tally));
  return { remains, ...toRunCounts(tally) };
}

/**
 * Closes the run and returns what the ledger says of it then: another process may have taken this one for dead. Once
 * more where that fails, since a connection that is cut while it commits leaves open whether it did.
 */
async function close(engine: Engine, runId: string, outcome: RunOutcome, remains: RunRemains): Promise<RunOutcome> {
  const isClosed = await closeRun(engine, runId, outcome, remains).catch((error: unknown) => {
    tell(engine, "fellBack", { step: "close of a run" });
    engine.log.warn({ runId, error: toErrorMessage(error) }, "closing a run failed and is tried once more");
    return closeRun(engine, runId, outcome, remains);
  });
  return isClosed ? outcome : getOutcome(engine, runId);
}

function elapsedMs(since: number): number {
  return Math.round(performance.now() - since);
}
