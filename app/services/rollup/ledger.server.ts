import { randomUUID } from "node:crypto";
import type { Prisma, RollupRun } from "@prisma/client";
import { type Day, type DayRange, lastDayOf } from "./day";
import { db, log, readClock, settings } from "./host.server";
import { ownedBy } from "./lease.server";

export type RunKind = "rollup" | "verify" | "rebuild";
export type RunTrigger = "cron" | "operator" | "schedule";
export type RunStatus = "running" | "ok" | "partial" | "failed" | "cancelled";
export type FailedShop = { shopId: string; error: string };

/** What was recounted: shops and days, and the daily rows written or deleted for it. */
export type RunCounts = {
  shops: number;
  days: number;
  rowsWritten: number;
  rowsDeleted: number;
  failedShops: FailedShop[];
};

/** What a run did, as the ledger and the answers tell it. `remaining` is in marked days of installed shops. */
export type RunOutcome = RunCounts & {
  status: Exclude<RunStatus, "running">;
  remaining: number | null;
  error: string | null;
};

export type NewRun = {
  kind: RunKind;
  trigger: RunTrigger;
  range: DayRange | null;
  shopId?: string;
  dryRun?: boolean;
  total?: number;
  /** Names one tick of the schedule: only one run can have it. */
  slot?: string;
};

/** Opens a run in the ledger. Null: another process has the same slot of the schedule. */
export async function openRun(run: NewRun, tx: Prisma.TransactionClient = db): Promise<string | null> {
  const id = randomUUID();
  const { count } = await tx.rollupRun.createMany({
    data: {
      id,
      kind: run.kind,
      trigger: run.trigger,
      shopId: run.shopId,
      fromDate: run.range && toDate(run.range.from),
      toDate: run.range && toDate(lastDayOf(run.range)),
      dryRun: run.dryRun,
      total: run.total,
      slot: run.slot,
    },
    skipDuplicates: true,
  });
  return count === 1 ? id : null;
}

/** Ends a run: its row in the ledger, and one line in the log. A run that was cancelled meanwhile stays cancelled. */
export async function closeRun(
  runId: string,
  outcome: RunOutcome,
  durationMs: number,
  report?: Prisma.InputJsonObject,
): Promise<void> {
  await db.rollupRun.updateMany({
    where: ownedBy(runId),
    data: {
      status: outcome.status,
      shops: outcome.shops,
      days: outcome.days,
      rowsWritten: outcome.rowsWritten,
      rowsDeleted: outcome.rowsDeleted,
      failedShops: outcome.failedShops,
      remaining: outcome.remaining,
      error: outcome.error,
      report,
      durationMs,
      finishedAt: await readClock(),
      leaseUntil: null,
    },
  });
}

/** The one log line of an ended run. */
export function logRun(run: NewRun & { runId: string }, outcome: RunOutcome, durationMs: number): void {
  const { status, shops, days, rowsWritten, rowsDeleted, failedShops, remaining, error } = outcome;
  const line = {
    runId: run.runId,
    kind: run.kind,
    trigger: run.trigger,
    ...(run.range && { from: run.range.from, to: lastDayOf(run.range) }),
    ...(run.shopId && { shopId: run.shopId }),
    ...(run.dryRun && { dryRun: true }),
    ...{ status, shops, days, rowsWritten, rowsDeleted, failedShops, remaining, error, durationMs },
  };
  if (status === "failed") log.error(line, "run failed");
  else if (failedShops.length > 0) log.warn(line, "run ended, some shops failed");
  else log.info(line, "run ended");
}

/** The row of a run, or null. */
export function getRun(runId: string): Promise<RollupRun | null> {
  return db.rollupRun.findUnique({ where: { id: runId } });
}

/**
 * The last rollup run that ended and did its work, a failing shop aside, or null before the first. A run of the future
 * is none: the clock was ahead then, and would hide every run since.
 */
export async function getLastRun(): Promise<{ finishedAt: Date | null; failedShops: FailedShop[] } | null> {
  const last = await db.rollupRun.findFirst({
    where: { kind: "rollup", status: { in: ["ok", "partial"] }, startedAt: { lte: await readClock() } },
    orderBy: { startedAt: "desc" },
    select: { finishedAt: true, failedShops: true },
  });
  return last && { finishedAt: last.finishedAt, failedShops: last.failedShops as FailedShop[] };
}

/** How many runs one call drops: a ledger that grew for years shrinks over many runs and holds up none of them. */
const droppedAtOnce = 1_000;

/** Drops runs that began before the retention. The last rollup that did its work stays, and so does a running one. */
export async function dropOldRuns(): Promise<void> {
  await db.$executeRawUnsafe(
    `
delete from rollup_runs r
where r.id in (
  select o.id
  from rollup_runs o
  where o.kind in ('rollup', 'verify', 'rebuild')
    and o.status <> 'running'
    and o.started_at < timezone('utc', now()) - make_interval(days => $1::int)
    and o.id is distinct from (
      select l.id
      from rollup_runs l
      where l.kind = 'rollup'
        and l.status in ('ok', 'partial')
      order by l.started_at desc
      limit 1
    )
  order by o.started_at
  limit $2::int
)`,
    settings.ledgerRetentionDays,
    droppedAtOnce,
  );
}

function toDate(day: Day): Date {
  return new Date(`${day}T00:00:00Z`);
}
