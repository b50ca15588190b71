import { setImmediate as yieldToEventLoop } from "node:timers/promises";
import type { DayRange } from "../day";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { toErrorMessage } from "../error.server";
import { recordFailingShop } from "../health/failing-shop.server";
import { execute } from "../query.server";
import { recountRange } from "../recount/recount.server";
import { addComparisons, type Comparison, emptyComparison, findChanges, markDrift } from "../verify/compare.server";
import { isOwned, NotOwned, ownedBy } from "./lease.server";
import { getRun, type RunRow } from "./ledger.server";
import { toRunRange } from "./rebuild-progress";
import { isStopRequested, StopRequested } from "./stop.server";

/**
 * Recounts the range of a rebuild for the shops of a part of a batch, or says what that would change, and moves the
 * rebuild's cursor after them. The new rows commit together with the cursor, which says so where the answer was lost: then
 * there is nothing left to do.
 *
 * @throws StopRequested when the process is about to end; NotOwned when the rebuild was cancelled or taken over.
 */
export async function rebuildShops(
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
  const range = toRunRange(run);
  if (run.dryRun) return previewShops(engine, run, shopIds, range);
  await recountRange(engine, shopIds, range, (tx, { shopIds: counted, ...recount }) =>
    passShops(engine, runId, shopIds, { ...recount, shops: counted.length }, tx),
  );
}

/** A part is done wholly or not at all. In the order of the batch, for the database's may be another than this code's. */
function isPassed({ cursor }: RunRow, batch: string[], part: string[]): boolean {
  return cursor !== null && batch.indexOf(part.at(-1) ?? "") <= batch.indexOf(cursor);
}

async function previewShops(engine: Engine, run: RunRow, shopIds: string[], range: DayRange): Promise<void> {
  const previous = (run.report as Comparison | null) ?? emptyComparison();
  const found = addComparisons(previous, await findChanges(engine, shopIds, range));
  await passShops(engine, run.id, shopIds, { report: { ...found, driftedShopIds: [] } });
}

/** Records the failure and leaves what is wrong marked, so that reads are exact and the next runs try again. */
export async function skipFailedShop(engine: Engine, run: RunRow, shopId: string, error: string): Promise<void> {
  const { log } = engine;
  log.error({ runId: run.id, shopId, error }, "a shop failed in a rebuild");
  if (!run.dryRun) {
    await markDrift(engine, [shopId], toRunRange(run)).catch((cause: unknown) => {
      const fields = { runId: run.id, shopId, error: toErrorMessage(cause) };
      log.error(fields, "the days of a failed shop could not be marked");
    });
  }
  await recordFailingShop(engine, shopId, error);
  await passShops(engine, run.id, [shopId], { failedShops: [{ shopId, error }] });
}

/** What is added to a rebuild's row with some shops. A report replaces the one before. */
type Passed = Partial<Pick<RunRow, "shops" | "days" | "rowsWritten" | "rowsDeleted" | "failedShops">> & {
  report?: object;
};

/**
 * Moves the rebuild's cursor after these shops and adds what was done.
 *
 * @throws NotOwned when the rebuild was cancelled or taken over: to go on would repeat the same shops for as long as
 * nobody else passes them.
 */
async function passShops(
  engine: Engine,
  runId: string,
  shopIds: string[],
  { shops = 0, days = 0, rowsWritten = 0, rowsDeleted = 0, failedShops = [], report }: Passed,
  client?: Statements,
): Promise<void> {
  const values = {
    ...ownedBy(engine, runId),
    ...{ shops, days, rowsWritten, rowsDeleted },
    cursor: shopIds.at(-1) ?? null,
    done: shopIds.length,
    failedShops: JSON.stringify(failedShops),
    report: report ? JSON.stringify(report) : null,
  };
  const written = await execute(engine, passStatement(engine), values, client);
  if (written === 0) throw new NotOwned(runId);
}

const passStatement = perEngine(
  ({ names }) => `
update ${names.runs}
set cursor = :cursor::text,
  done = done + :done::int,
  shops = shops + :shops::int,
  days = days + :days::int,
  rows_written = rows_written + :rowsWritten::int,
  rows_deleted = rows_deleted + :rowsDeleted::int,
  failed_shops = failed_shops || :failedShops::jsonb,
  report = coalesce(:report::jsonb, report)
where ${isOwned}`,
);
