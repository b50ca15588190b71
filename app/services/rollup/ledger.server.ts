import { randomUUID } from "node:crypto";
import type { Prisma, RollupRun } from "@prisma/client";
import { type DayRange, lastDayOf } from "./day";
import { db, log, settings } from "./host.server";
import { isOwned, leaseEnd, leaseOwner } from "./lease.server";

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

/**
 * Opens a run in the ledger: as this process's, but for a rebuild, which waits for its turn with whoever takes its lease.
 * Null: another process has the same slot of the schedule.
 */
export async function openRun(run: NewRun, tx: Prisma.TransactionClient = db): Promise<string | null> {
  const id = randomUUID();
  const opened = await tx.$executeRawUnsafe(
    `
insert into rollup_runs
  (id, kind, trigger, shop_id, from_date, to_date, dry_run, total, slot, lease_owner, lease_until)
select $1::text, $2::text, $3::text, $4::text, $5::date, $6::date, $7::boolean, $8::int, $9::text,
  $10::text, case when $10::text is not null then ${leaseEnd} end
on conflict do nothing`,
    id,
    run.kind,
    run.trigger,
    run.shopId ?? null,
    run.range?.from ?? null,
    run.range ? lastDayOf(run.range) : null,
    run.dryRun ?? false,
    run.total ?? null,
    run.slot ?? null,
    run.kind === "rebuild" ? null : leaseOwner,
  );
  return opened === 1 ? id : null;
}

/** Ends a run: its row in the ledger, where it is running still and this process's. One that was cancelled stays so. */
export async function closeRun(
  runId: string,
  outcome: RunOutcome,
  durationMs: number,
  report?: Prisma.InputJsonObject,
): Promise<void> {
  await db.$executeRawUnsafe(
    `
update rollup_runs
set status = $3::text,
  shops = $4::int,
  days = $5::int,
  rows_written = $6::int,
  rows_deleted = $7::int,
  failed_shops = $8::jsonb,
  remaining = $9::int,
  error = $10::text,
  report = coalesce($11::jsonb, report),
  duration_ms = $12::int,
  finished_at = timezone('utc', now()),
  lease_until = null
where ${isOwned}`,
    runId,
    leaseOwner,
    outcome.status,
    outcome.shops,
    outcome.days,
    outcome.rowsWritten,
    outcome.rowsDeleted,
    JSON.stringify(outcome.failedShops),
    outcome.remaining,
    outcome.error,
    report ? JSON.stringify(report) : null,
    durationMs,
  );
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
export async function getLastRun(): Promise<{ finishedAt: Date; failedShops: FailedShop[] } | null> {
  const [last] = await db.$queryRawUnsafe<{ finishedAt: Date; failedShops: FailedShop[] }[]>(`
select r.finished_at as "finishedAt", r.failed_shops as "failedShops"
from rollup_runs r
where r.kind = 'rollup'
  and r.status in ('ok', 'partial')
  and r.started_at <= timezone('utc', now())
order by r.started_at desc
limit 1`);
  return last ?? null;
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
