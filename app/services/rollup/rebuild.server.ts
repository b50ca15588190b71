import type { Prisma, RollupRun } from "@prisma/client";
import type { DayRange } from "./day";
import { requireCurrentDefinition } from "./definition-state.server";
import type { Comparison } from "./drift.server";
import { db, readClock } from "./host.server";
import { type FailedShop, getRun, logRun, openRun, type RunCounts, type RunStatus } from "./ledger.server";
import { continueRebuild, toRunRange } from "./rebuild-worker.server";

export type RebuildRequest = { shopId?: string; range: DayRange; dryRun?: boolean };

/** Progress of a rebuild. `done` and `total` are shops; `etaMs` is null before the first shop and after the last. */
export type RebuildProgress = Omit<RunCounts, "shops" | "fallbacks"> & {
  runId: string;
  status: RunStatus;
  shopId: string | null;
  range: DayRange;
  dryRun: boolean;
  done: number;
  total: number;
  etaMs: number | null;
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

/** On the embedded database a recount under way holds the one connection for longer than Prisma waits by itself. */
const openingOptions = { maxWait: 60_000, timeout: 60_000 };

/**
 * Opens a rebuild of the range, for one shop or for all, and starts to work on it in this process. A dry run says
 * what would change and changes nothing. The shop must exist.
 */
export async function startRebuild({
  shopId,
  range,
  dryRun = false,
}: RebuildRequest): Promise<string | RebuildOverlap> {
  await requireCurrentDefinition();
  const opened = await db.$transaction(async (tx) => {
    // One at a time: two calls at once must not both find nothing to overlap with. Held until this transaction ends.
    await tx.$executeRawUnsafe("select pg_advisory_xact_lock(hashtext('rollup_rebuild'))");
    const overlaps = dryRun ? null : await findOverlap(tx, range, shopId);
    if (overlaps) return { overlaps };
    const total = await tx.shop.count({ where: { id: shopId } });
    return openRun({ kind: "rebuild", trigger: "operator", range, shopId, dryRun, total }, tx);
  }, openingOptions);
  if (opened === null) throw new Error("A rebuild was not opened in the ledger, although its id is new.");
  if (typeof opened === "string") continueRebuild(opened);
  return opened;
}

/** Progress of the rebuild, or null when there is none by that id. */
export async function getRebuild(runId: string): Promise<RebuildProgress | null> {
  const run = await getRun(runId);
  return run?.kind === "rebuild" ? toProgress(run, await readClock()) : null;
}

/**
 * Stops a running rebuild. The shops at work are rolled back; those that are done keep their new rows, which are right.
 * Returns the rebuild as it is then, or null when there is none by that id.
 */
export async function cancelRebuild(runId: string): Promise<RebuildProgress | null> {
  const now = await readClock();
  const { count } = await db.rollupRun.updateMany({
    where: { id: runId, kind: "rebuild", status: "running" },
    data: { status: "cancelled", finishedAt: now, leaseUntil: null },
  });
  const rebuild = await getRebuild(runId);
  if (rebuild && count > 0) {
    logRun(
      { ...rebuild, kind: "rebuild", trigger: "operator", shopId: rebuild.shopId ?? undefined },
      { ...rebuild, status: "cancelled", shops: rebuild.done, fallbacks: [] },
      now.getTime() - rebuild.startedAt.getTime(),
    );
  }
  return rebuild;
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

function toProgress(run: RollupRun, now: Date): RebuildProgress {
  const total = run.total ?? 0;
  const elapsedMs = Math.max(0, now.getTime() - run.startedAt.getTime());
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
