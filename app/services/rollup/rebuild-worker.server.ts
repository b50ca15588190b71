import { setImmediate as letOthersIn } from "node:timers/promises";
import type { Prisma, RollupRun } from "@prisma/client";
import { type DayRange, toDay, toRange } from "./day";
import { compareDefinition, DefinitionNotCurrent } from "./definition-state.server";
import { addComparisons, type Comparison, emptyComparison, findChanges, markDrift } from "./drift.server";
import { toErrorMessage } from "./error.server";
import { announceFailingShops, recordFailingShop } from "./failing-shop.server";
import { db, log, pingDatabase, settings } from "./host.server";
import { holdLease, listAbandonedRebuilds, ownedBy, releaseLease } from "./lease.server";
import { closeRun, type FailedShop, type Fallback, getRun, logRun, type RunOutcome } from "./ledger.server";
import { makeLine } from "./line.server";
import { countMarkedDays } from "./mark.server";
import { type Recount, recountRange } from "./recount.server";
import { isStopRequested } from "./stop.server";
import { addFallback } from "./tally.server";

const workers = new Map<string, Promise<void>>();
const watchIntervalMs = 2_000;

/** Rebuilds at work in this process at once. Until its turn comes one has no lease, so that another process may take it. */
const takeTurn = makeLine(2);

/** Continues, where they were, the rebuilds whose process died. */
export async function resumeRebuilds(): Promise<void> {
  const abandoned = await listAbandonedRebuilds();
  if (abandoned.length === 0 || (await compareDefinition()) !== "current") return;
  for (const runId of abandoned) continueRebuild(runId);
}

/** Looks for rebuilds to continue now and every few seconds. Returns the function that ends it. */
export function watchRebuilds(): () => void {
  async function look(): Promise<void> {
    try {
      await resumeRebuilds();
    } catch (error) {
      log.warn({ error: toErrorMessage(error) }, "could not look for rebuilds to continue");
    }
  }
  void look();
  const timer = setInterval(() => void look(), watchIntervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Resolves when no rebuild is at work in this process. */
export async function settleRebuilds(): Promise<void> {
  await Promise.all(workers.values());
}

/** Works on the rebuild in this process, unless another one does or it has ended. */
export function continueRebuild(runId: string): void {
  if (workers.has(runId)) return;
  const worker = takeTurn(() => holdLease(runId, () => workThrough(runId)))
    .then(() => undefined)
    .catch((error: unknown) => {
      if (error instanceof NotOwned) return;
      // Its row stays "running": the next look continues it behind the last shop that was done.
      log.error({ runId, error: toErrorMessage(error) }, "a rebuild was interrupted");
    })
    .finally(() => workers.delete(runId));
  workers.set(runId, worker);
}

/**
 * Goes through the shops, batch by batch. Each batch's new rows commit together with the cursor behind it. After a
 * failure the batch is halved, down to the one shop that fails, and doubled again after each success.
 */
async function workThrough(runId: string): Promise<void> {
  const startedAt = performance.now();
  let batchShops = settings.batchShops;
  let failedOnce: string | null = null;
  const fallbacks = new Map<string, Fallback>();
  while (true) {
    if (isStopRequested()) return releaseLease(runId);
    const run = await getRun(runId);
    if (run?.status !== "running") return;
    // The embedded database answers without leaving the event loop's turn.
    await letOthersIn();
    const shopIds = await listNextShops(run, batchShops);
    const [shopId] = shopIds;
    if (shopId === undefined) return finish(run, startedAt, [...fallbacks.values()]);
    const range = toRunRange(run);
    try {
      if (run.dryRun) await previewShops(run, shopIds, range);
      else await rebuildShops(run, shopIds, range);
      batchShops = Math.min(2 * batchShops, settings.batchShops);
    } catch (error) {
      if (error instanceof NotOwned || error instanceof DefinitionNotCurrent) throw error;
      await pingDatabase();
      addFallback({ fallbacks }, "rebuild of several shops", error);
      // A lone shop has a second try, since a connection that was cut, or a deadlock, is no fault of the shop.
      if (failedOnce === shopId && shopIds.length === 1) {
        await skipFailedShop(run, shopId, range, toErrorMessage(error));
      }
      if (shopIds.length === 1) failedOnce = shopId;
      batchShops = Math.ceil(shopIds.length / 2);
    }
  }
}

async function rebuildShops(run: RollupRun, shopIds: string[], range: DayRange): Promise<void> {
  await recountRange(shopIds, range, (tx, recount) => advance(tx, run, shopIds, recount));
}

async function previewShops(run: RollupRun, shopIds: string[], range: DayRange): Promise<void> {
  const previous = (run.report as Comparison | null) ?? emptyComparison();
  const found = await findChanges(shopIds, range);
  await updateOwned(db, run, { ...passed(shopIds), report: toReport(addComparisons(previous, found)) });
}

/** Where a run's row stands behind these shops. */
function passed(shopIds: string[]) {
  return { cursor: shopIds.at(-1), done: { increment: shopIds.length } };
}

/** Moves the cursor behind the shops and adds what was done. */
async function advance(
  tx: Prisma.TransactionClient,
  run: RollupRun,
  shopIds: string[],
  recount: Recount,
): Promise<void> {
  await updateOwned(tx, run, {
    ...passed(shopIds),
    shops: { increment: recount.shopIds.length },
    days: { increment: recount.days },
    rowsWritten: { increment: recount.rowsWritten },
    rowsDeleted: { increment: recount.rowsDeleted },
  });
}

/**
 * Writes the row of a run.
 *
 * @throws NotOwned when the run was cancelled or taken over: to go on would repeat the same shops for as long as nobody
 * else passes them.
 */
async function updateOwned(
  tx: Prisma.TransactionClient,
  run: RollupRun,
  data: Prisma.RollupRunUpdateManyMutationInput,
): Promise<void> {
  const { count } = await tx.rollupRun.updateMany({ where: ownedBy(run.id), data });
  if (count === 0) throw new NotOwned(run.id);
}

/** Records the failure and leaves what is wrong marked, so that reads are exact and the next runs try again. */
async function skipFailedShop(run: RollupRun, shopId: string, range: DayRange, error: string): Promise<void> {
  log.error({ runId: run.id, shopId, error }, "a shop failed in a rebuild");
  if (!run.dryRun) {
    await markDrift([shopId], range).catch((cause: unknown) => {
      log.error(
        { runId: run.id, shopId, error: toErrorMessage(cause) },
        "the days of a failed shop could not be marked",
      );
    });
  }
  await recordFailingShop(shopId, error);
  const failedShops = [...(run.failedShops as FailedShop[]), { shopId, error }];
  await updateOwned(db, run, { ...passed([shopId]), failedShops });
}

async function finish(run: RollupRun, startedAt: number, fallbacks: Fallback[]): Promise<void> {
  await announceFailingShops();
  const failedShops = run.failedShops as FailedShop[];
  const outcome: RunOutcome = {
    status: failedShops.length > 0 ? "partial" : "ok",
    shops: run.shops,
    days: run.days,
    rowsWritten: run.rowsWritten,
    rowsDeleted: run.rowsDeleted,
    failedShops,
    fallbacks,
    remaining: await countMarkedDays(),
    error: null,
  };
  const durationMs = Math.round(performance.now() - startedAt);
  await closeRun(run.id, outcome, { durationMs });
  const { dryRun, shopId } = run;
  const range = toRunRange(run);
  logRun(
    { runId: run.id, kind: "rebuild", trigger: "operator", range, dryRun, shopId: shopId ?? undefined },
    outcome,
    durationMs,
  );
}

async function listNextShops(run: RollupRun, limit: number): Promise<string[]> {
  // Ordered by the database in both places: its collation decides what "behind" means.
  const next = await db.$queryRawUnsafe<{ id: string }[]>(
    `
select s.id
from shops s
where ($1::text is null or s.id > $1::text)
  and ($2::text is null or s.id = $2::text)
order by s.id
limit $3::int`,
    run.cursor,
    run.shopId,
    limit,
  );
  return next.map((shop) => shop.id);
}

/** The days that a rebuild covers. */
export function toRunRange(run: RollupRun): DayRange {
  if (!run.fromDate || !run.toDate) throw new Error(`Rebuild ${run.id} has no range in the ledger.`);
  return toRange(toDay(run.fromDate), toDay(run.toDate));
}

function toReport(comparison: Comparison): Prisma.InputJsonObject {
  return { ...comparison, driftedShopIds: [] };
}

/** Thrown to end the work, and to roll back the shops at work, when the rebuild was cancelled, or another process took it over. */
class NotOwned extends Error {
  constructor(runId: string) {
    super(`The rebuild ${runId} is not this process's any more.`);
  }
}
