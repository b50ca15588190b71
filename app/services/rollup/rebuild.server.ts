import { setImmediate as letOthersIn } from "node:timers/promises";
import type { Prisma, RollupRun } from "@prisma/client";
import { type Day, type DayRange, toDay, toRange } from "./day";
import { addComparisons, type Comparison, emptyComparison, findChanges, markDrift } from "./drift.server";
import { db, log, pingDatabase } from "./host.server";
import {
  closeRun,
  type FailedShop,
  getRun,
  holdLease,
  listAbandonedRebuilds,
  logRun,
  openRun,
  ownedBy,
  type RunOutcome,
  type RunStatus,
  releaseLease,
  toErrorMessage,
} from "./ledger.server";
import { countMarkedDays } from "./mark.server";
import { type Recount, recountRange } from "./recount.server";
import { isStopRequested } from "./stop.server";

export type RebuildRequest = { shopId?: string; range: DayRange; dryRun?: boolean };

/** Progress of a rebuild. `done` and `total` are shops; `etaMs` is null before the first shop and after the last. */
export type RebuildProgress = {
  runId: string;
  status: RunStatus;
  shopId: string | null;
  range: DayRange;
  dryRun: boolean;
  done: number;
  total: number;
  etaMs: number | null;
  days: number;
  rowsWritten: number;
  rowsDeleted: number;
  failedShops: FailedShop[];
  remaining: number | null;
  error: string | null;
  startedAt: Date;
  finishedAt: Date | null;
  durationMs: number | null;
  /** Dry run: how many days would change, and the first of them. */
  changed?: number;
  changes?: Comparison["examples"];
};

/** A rebuild refused because a running one covers some of the same shops and days. */
export type RebuildOverlap = { overlaps: string };

const workers = new Map<string, Promise<void>>();
const watchIntervalMs = 5_000;

/**
 * Opens a rebuild of the range, for one shop or for all, and starts to work on it in this process. A dry run says
 * what would change and changes nothing. The shop must exist.
 */
export async function startRebuild({
  shopId,
  range,
  dryRun = false,
}: RebuildRequest): Promise<string | RebuildOverlap> {
  const opened = await db.$transaction(async (tx) => {
    // One at a time: two calls at once must not both find nothing to overlap with. Held until this transaction ends.
    await tx.$executeRawUnsafe("select pg_advisory_xact_lock(hashtext('rollup_rebuild'))");
    const overlaps = dryRun ? null : await findOverlap(tx, range, shopId);
    if (overlaps) return { overlaps };
    const total = await tx.shop.count({ where: { id: shopId } });
    return openRun({ kind: "rebuild", trigger: "operator", range, shopId, dryRun, total }, tx);
  });
  if (opened === null) throw new Error("A rebuild was not opened in the ledger, although its id is new.");
  if (typeof opened === "string") continueRebuild(opened);
  return opened;
}

/** Progress of the rebuild, or null when there is none by that id. */
export async function getRebuild(runId: string): Promise<RebuildProgress | null> {
  const run = await getRun(runId);
  return run?.kind === "rebuild" ? toProgress(run) : null;
}

/**
 * Stops a running rebuild. The shop at work is rolled back; shops that are done keep their new rows, which are right.
 * Returns the rebuild as it is then, or null when there is none by that id.
 */
export async function cancelRebuild(runId: string): Promise<RebuildProgress | null> {
  const { count } = await db.rollupRun.updateMany({
    where: { id: runId, kind: "rebuild", status: "running" },
    data: { status: "cancelled", finishedAt: new Date(), leaseUntil: null },
  });
  const rebuild = await getRebuild(runId);
  if (rebuild && count > 0) {
    logRun(
      { ...rebuild, kind: "rebuild", trigger: "operator", shopId: rebuild.shopId ?? undefined },
      { ...rebuild, status: "cancelled", shops: rebuild.done },
      Date.now() - rebuild.startedAt.getTime(),
    );
  }
  return rebuild;
}

/** Continues, where they were, the rebuilds whose process died. */
export async function resumeRebuilds(): Promise<void> {
  for (const runId of await listAbandonedRebuilds()) continueRebuild(runId);
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

function continueRebuild(runId: string): void {
  if (workers.has(runId)) return;
  const worker = holdLease(runId, () => workThrough(runId))
    .then(() => undefined)
    .catch((error: unknown) => {
      // Its row stays "running": the next look continues it behind the last shop that was done.
      log.error({ runId, error: toErrorMessage(error) }, "a rebuild was interrupted");
    })
    .finally(() => workers.delete(runId));
  workers.set(runId, worker);
}

/** Goes from shop to shop. Each shop's new rows commit together with the cursor behind it. */
async function workThrough(runId: string): Promise<void> {
  const startedAt = performance.now();
  while (true) {
    if (isStopRequested()) return releaseLease(runId);
    const run = await getRun(runId);
    if (run?.status !== "running") return;
    // The embedded database answers without leaving the event loop's turn.
    await letOthersIn();
    const shopId = await findNextShop(run);
    if (shopId === null) return finish(run, startedAt);
    const range = toRunRange(run);
    try {
      if (run.dryRun) await previewShop(run, shopId, range);
      else await rebuildShop(run, shopId, range);
    } catch (error) {
      if (error instanceof NotOwned) return;
      await pingDatabase();
      await skipFailedShop(run, shopId, range, toErrorMessage(error));
    }
  }
}

async function rebuildShop(run: RollupRun, shopId: string, range: DayRange): Promise<void> {
  await recountRange(shopId, range, (tx, recount) => advance(tx, run, shopId, recount));
}

async function previewShop(run: RollupRun, shopId: string, range: DayRange): Promise<void> {
  const previous = (run.report as Comparison | null) ?? emptyComparison();
  const found = await findChanges([shopId], range);
  await db.rollupRun.updateMany({
    where: ownedBy(run.id),
    data: { cursor: shopId, done: { increment: 1 }, report: toReport(addComparisons(previous, found)) },
  });
}

/** Moves the cursor behind the shop and adds what was done. Rolls back when the run was cancelled or taken over. */
async function advance(tx: Prisma.TransactionClient, run: RollupRun, shopId: string, recount: Recount): Promise<void> {
  const { count } = await tx.rollupRun.updateMany({
    where: ownedBy(run.id),
    data: {
      cursor: shopId,
      done: { increment: 1 },
      shops: { increment: recount.shopIds.length },
      days: { increment: recount.days },
      rowsWritten: { increment: recount.rowsWritten },
      rowsDeleted: { increment: recount.rowsDeleted },
    },
  });
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
  const failedShops = [...(run.failedShops as FailedShop[]), { shopId, error }];
  await db.rollupRun.updateMany({
    where: ownedBy(run.id),
    data: { cursor: shopId, done: { increment: 1 }, failedShops },
  });
}

async function finish(run: RollupRun, startedAt: number): Promise<void> {
  const failedShops = run.failedShops as FailedShop[];
  const outcome: RunOutcome = {
    status: failedShops.length > 0 ? "partial" : "ok",
    shops: run.shops,
    days: run.days,
    rowsWritten: run.rowsWritten,
    rowsDeleted: run.rowsDeleted,
    failedShops,
    remaining: await countMarkedDays(),
    error: null,
  };
  const durationMs = Math.round(performance.now() - startedAt);
  await closeRun(run.id, outcome, durationMs);
  const { dryRun, shopId } = run;
  const range = toRunRange(run);
  logRun(
    { runId: run.id, kind: "rebuild", trigger: "operator", range, dryRun, shopId: shopId ?? undefined },
    outcome,
    durationMs,
  );
}

async function findNextShop(run: RollupRun): Promise<string | null> {
  // Ordered by the database in both places: its collation decides what "behind" means.
  const [next] = await db.$queryRawUnsafe<{ id: string }[]>(
    `
select s.id
from shops s
where s.id > $1::text
  and ($2::text is null or s.id = $2::text)
order by s.id
limit 1`,
    run.cursor ?? "",
    run.shopId,
  );
  return next?.id ?? null;
}

async function findOverlap(tx: Prisma.TransactionClient, range: DayRange, shopId?: string): Promise<string | null> {
  const [run] = await tx.$queryRawUnsafe<{ id: string }[]>(
    `
select r.id
from rollup_runs r
where r.kind = 'rebuild'
  and r.status = 'running'
  and not r.dry_run
  and r.from_date < $2::date
  and r.to_date >= $1::date
  and (r.shop_id is null or $3::text is null or r.shop_id = $3::text)
limit 1`,
    range.from,
    range.until,
    shopId ?? null,
  );
  return run?.id ?? null;
}

function toRunRange(run: RollupRun): DayRange {
  if (!run.fromDate || !run.toDate) throw new Error(`Rebuild ${run.id} has no range in the ledger.`);
  return toRange(toDay(run.fromDate) as Day, toDay(run.toDate) as Day);
}

function toProgress(run: RollupRun): RebuildProgress {
  const total = run.total ?? 0;
  const elapsedMs = Date.now() - run.startedAt.getTime();
  const isUnderWay = run.status === "running" && run.done > 0 && run.done < total;
  const report = run.report as Comparison | null;
  return {
    runId: run.id,
    status: run.status as RunStatus,
    shopId: run.shopId,
    range: toRunRange(run),
    dryRun: run.dryRun,
    done: run.done,
    total,
    etaMs: isUnderWay ? Math.round((elapsedMs / run.done) * (total - run.done)) : null,
    days: run.days,
    rowsWritten: run.rowsWritten,
    rowsDeleted: run.rowsDeleted,
    failedShops: run.failedShops as FailedShop[],
    remaining: run.remaining,
    error: run.error,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    durationMs: run.durationMs,
    ...(run.dryRun && { changed: report?.drifted ?? 0, changes: report?.examples ?? [] }),
  };
}

function toReport(comparison: Comparison): Prisma.InputJsonObject {
  return { ...comparison, driftedShopIds: [] };
}

/** Thrown to roll back the shop at work when the rebuild was cancelled, or another process took it over. */
class NotOwned extends Error {
  constructor(runId: string) {
    super(`The rebuild ${runId} is not this process's any more.`);
  }
}
