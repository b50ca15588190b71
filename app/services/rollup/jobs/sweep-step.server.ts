import { setImmediate as yieldToEventLoop } from "node:timers/promises";
import type { Engine } from "../engine.server";
import { NotOwned } from "./lease.server";
import { getRun, type RunRow } from "./ledger.server";
import { leaveFailedShop, rebuildShops } from "./rebuild-step.server";
import { sealShopsOfRun } from "./seal-step.server";
import { isStopRequested, StopRequested } from "./stop.server";
import { passShops } from "./sweep-pass.server";

/**
 * Does what a sweep does for the shops of a part of a batch, and moves its cursor after them. Both commit together, so that
 * the cursor says so where the answer was lost: then there is nothing left to do.
 *
 * @throws StopRequested when the process is about to end; NotOwned when the sweep was cancelled or taken over.
 */
export async function sweepShops(
  engine: Engine,
  runId: string,
  { batch, part: shopIds }: { batch: string[]; part: string[] },
): Promise<void> {
  // The embedded database answers without leaving the event loop's turn.
  await yieldToEventLoop();
  if (isStopRequested(engine)) throw new StopRequested();
  const run = await getRun(engine, runId);
  if (run?.status !== "running") throw new NotOwned(runId);
  if (isPassed(run, batch, shopIds)) return;
  if (run.kind === "seal") await sealShopsOfRun(engine, run, shopIds);
  else await rebuildShops(engine, run, shopIds);
}

/** A part is done wholly or not at all. In the order of the batch, for the database's may be another than this code's. */
function isPassed({ cursor }: RunRow, batch: string[], part: string[]): boolean {
  return cursor !== null && batch.indexOf(part.at(-1) ?? "") <= batch.indexOf(cursor);
}

/** Passes a shop by that can't be done, and says so. */
export async function skipFailedShop(engine: Engine, run: RunRow, shopId: string, error: string): Promise<void> {
  engine.log.error({ runId: run.id, kind: run.kind, shopId, error }, "a shop failed in a sweep");
  if (run.kind === "rebuild") await leaveFailedShop(engine, run, shopId, error);
  await passShops(engine, run.id, [shopId], { failedShops: [{ shopId, error }] });
}
