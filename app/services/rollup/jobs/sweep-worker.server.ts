import pLimit from "p-limit";
import { compareDefinition } from "../definition/state.server";
import { type Engine, perEngine } from "../engine.server";
import { toErrorMessage } from "../error.server";
import { announceFailingShops } from "../health/failing-shop.server";
import { countMarkedDays } from "../marks/remaining.server";
import { readClock } from "../query.server";
import { endRunSpan, traceDetachedRun } from "../tracing.server";
import { bisectShops } from "./isolate.server";
import { holdLease, listAbandonedSweeps, NotOwned, releaseLease } from "./lease.server";
import { type Fallback, getRun, type RunOutcome, type RunRow } from "./ledger.server";
import { closeRun } from "./ledger-write.server";
import { inRun } from "./run-context.server";
import { logRun, pickCounts, toNewRun } from "./run-outcome.server";
import { listBatches } from "./shops.server";
import { StopRequested } from "./stop.server";
import { toWorkedMs } from "./sweep-progress";
import { skipFailedShop, sweepShops } from "./sweep-step.server";
import { toSweptShops } from "./swept-shops";
import { makeTally } from "./tally.server";

const workers = perEngine(() => new Map<string, Promise<void>>());

/** Sweeps that this process works on concurrently. Until its turn comes one has no lease, so that another process may take it. */
const limiter = perEngine(() => pLimit(2));

/** Continues, where they were, the sweeps whose process died. */
export async function resumeSweeps(engine: Engine): Promise<void> {
  const abandoned = await listAbandonedSweeps(engine);
  if (abandoned.length === 0 || (await compareDefinition(engine)) !== "current") return;
  for (const runId of abandoned) continueSweep(engine, runId);
}

/** Resolves when no sweep is at work in this process. */
export async function settleSweeps(engine: Engine): Promise<void> {
  await Promise.all(workers(engine).values());
}

/** Resolves when this process is not at work on that sweep any more. */
export async function settleSweep(engine: Engine, runId: string): Promise<void> {
  await workers(engine).get(runId);
}

/** Works on the sweep in this process, unless another one does or it has ended. */
export function continueSweep(engine: Engine, runId: string): void {
  if (workers(engine).has(runId)) return;
  const worker = limiter(engine)(() => holdLease(engine, runId, () => workThrough(engine, runId)))
    .then(() => undefined)
    .catch((error: unknown) => {
      if (error instanceof NotOwned) return;
      // Its row stays "running": the next look continues it after the last shop that was done.
      engine.log.error({ runId, error: toErrorMessage(error) }, "a sweep was interrupted");
    })
    .finally(() => workers(engine).delete(runId));
  workers(engine).set(runId, worker);
}

/** In a trace of its own: whoever began the sweep is answered long before its end. */
async function workThrough(engine: Engine, runId: string): Promise<void> {
  const run = await getRun(engine, runId);
  if (run?.status !== "running") return;
  const work = () =>
    traceDetachedRun({ ...toNewRun(run), rollup: engine.name }, async (span) => {
      const outcome = await sweepRest(engine, run);
      if (outcome) endRunSpan(span, runId, outcome);
    });
  await inRun({ runId, kind: run.kind }, work);
}

/**
 * Goes through the shops that are left, batch by batch, and ends the run. Null: the process is told to end and leaves it, or
 * it was ended by another.
 */
async function sweepRest(engine: Engine, run: RunRow): Promise<RunOutcome | null> {
  const runId = run.id;
  const tally = makeTally();
  const giveUp = (shopId: string, error: string) => skipFailedShop(engine, run, shopId, error);
  try {
    for await (const batch of listRemainingBatches(engine, run)) {
      await bisectShops(engine, batch, { tally, step: run.kind, giveUp }, (part) =>
        sweepShops(engine, runId, { batch, part }),
      );
    }
  } catch (cause) {
    if (!(cause instanceof StopRequested)) throw cause;
    await releaseLease(engine, runId);
    return null;
  }
  return finish(engine, runId, [...tally.fallbacks.values()]);
}

/** The shops after the sweep's cursor, in order. */
function listRemainingBatches(engine: Engine, run: RunRow): AsyncGenerator<string[]> {
  const stretches = [{ after: run.cursor, until: null }];
  return listBatches(engine, engine.settings.batchShops, stretches, toSweptShops(engine, run));
}

async function finish(engine: Engine, runId: string, fallbacks: Fallback[]): Promise<RunOutcome | null> {
  await announceFailingShops(engine);
  const run = await getRun(engine, runId);
  if (run?.status !== "running") return null;
  const outcome: RunOutcome = {
    ...pickCounts(run),
    fallbacks,
    status: run.failedShops.length > 0 ? "partial" : "ok",
    remaining: await countMarkedDays(engine),
    error: null,
  };
  const durationMs = toWorkedMs(run, await readClock(engine));
  await closeRun(engine, runId, outcome, { durationMs });
  logRun(engine, { ...toNewRun(run), runId }, outcome, durationMs);
  return outcome;
}
