import { randomUUID } from "node:crypto";
import type { Prisma, RollupRun } from "@prisma/client";
import { type DayRange, lastDayOf } from "./day";
import { db, log, settings } from "./host.server";
import { isOwned, leaseEnd, leaseOwner } from "./lease.server";

export type RunKind = "rollup" | "verify" | "rebuild";
export type RunTrigger = "cron" | "operator" | "schedule";
export type RunStatus = "running" | "ok" | "partial" | "failed" | "cancelled";
export type FailedShop = { shopId: string; error: string };
/** A step that failed with this error so many times, and was done another way. */
export type Fallback = { step: string; error: string; count: number };

/** What was recounted: shops and days, and the daily rows written or deleted for it. */
export type RunCounts = {
  shops: number;
  days: number;
  rowsWritten: number;
  rowsDeleted: number;
  failedShops: FailedShop[];
  fallbacks: Fallback[];
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

/** What the row of an ended run keeps beside its outcome. */
export type RunRemains = {
  durationMs: number;
  report?: Prisma.InputJsonObject;
  /** Where the next run goes on. */
  cursor?: string | null;
  healCursor?: string | null;
};

/**
 * Ends a run: its row in the ledger, where it is running still and this process's. One that was cancelled, or taken for
 * dead, stays so. Returns whether it was this call that ended it.
 */
export async function closeRun(
  runId: string,
  outcome: RunOutcome,
  { durationMs, report, cursor, healCursor }: RunRemains,
): Promise<boolean> {
  const kept = { ...report, ...(outcome.fallbacks.length > 0 && { fallbacks: outcome.fallbacks }) };
  const closed = await db.$executeRawUnsafe(
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
  report = case when $11::jsonb = '{}' then report else coalesce(report, '{}') || $11::jsonb end,
  duration_ms = $12::int,
  cursor = coalesce($13::text, cursor),
  heal_cursor = coalesce($14::text, heal_cursor),
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
    JSON.stringify(kept),
    durationMs,
    cursor ?? null,
    healCursor ?? null,
  );
  return closed > 0;
}

/** The outcome of an ended run as the ledger has it. Throws where it has none. */
export async function getOutcome(runId: string): Promise<RunOutcome> {
  const run = await getRun(runId);
  if (!run || run.status === "running") throw new Error(`The ledger has no end of the run ${runId}.`);
  return {
    status: run.status as RunOutcome["status"],
    shops: run.shops,
    days: run.days,
    rowsWritten: run.rowsWritten,
    rowsDeleted: run.rowsDeleted,
    failedShops: run.failedShops as FailedShop[],
    fallbacks: (run.report as { fallbacks?: Fallback[] } | null)?.fallbacks ?? [],
    remaining: run.remaining,
    error: run.error,
  };
}

/** The one log line of an ended run. */
export function logRun(run: NewRun & { runId: string }, outcome: RunOutcome, durationMs: number): void {
  const { status, shops, days, rowsWritten, rowsDeleted, failedShops, fallbacks, remaining, error } = outcome;
  const line = {
    runId: run.runId,
    kind: run.kind,
    trigger: run.trigger,
    ...(run.range && { from: run.range.from, to: lastDayOf(run.range) }),
    ...(run.shopId && { shopId: run.shopId }),
    ...(run.dryRun && { dryRun: true }),
    ...{ status, shops, days, rowsWritten, rowsDeleted, failedShops, remaining, error, durationMs },
    ...(fallbacks.length > 0 && { fallbacks }),
  };
  if (status === "failed") log.error(line, "run failed");
  else if (failedShops.length > 0) log.warn(line, "run ended, some shops failed");
  else log.info(line, "run ended");
}

/** The row of a run, or null. */
export function getRun(runId: string): Promise<RollupRun | null> {
  return db.rollupRun.findUnique({ where: { id: runId } });
}

/** The ends that the health check judges by. */
export type LastRuns = {
  /** Of the last rollup run and the last verification that did their work, a failing shop aside; null before the first. */
  rollupAt: Date | null;
  verifyAt: Date | null;
  /** When the first rollup run that the ledger knows began. */
  firstAt: Date | null;
};

/** The end of the last run of a kind that did its work. A run of the future is none: it would hide every run since. */
const lastEnd = (kind: RunKind) => `(
    select r.finished_at
    from rollup_runs r
    where r.kind = '${kind}'
      and r.status in ('ok', 'partial')
      and r.started_at <= timezone('utc', now())
    order by r.started_at desc
    limit 1
  )`;

/** When runs last did their work. */
export async function getLastRuns(client: Prisma.TransactionClient = db): Promise<LastRuns> {
  const [last] = await client.$queryRawUnsafe<LastRuns[]>(`
select
  ${lastEnd("rollup")} as "rollupAt",
  ${lastEnd("verify")} as "verifyAt",
  (select r.started_at from rollup_runs r where r.kind = 'rollup' order by r.started_at limit 1) as "firstAt"`);
  return last ?? { rollupAt: null, verifyAt: null, firstAt: null };
}

/** How many runs one call drops: a ledger that grew for years shrinks over many runs and holds up none of them. */
const droppedAtOnce = 1_000;

/** Drops runs that began before the retention. The last rollup and the last verification that did their work stay, and so does a running one. */
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
    and o.id not in (
      select l.id
      from (values ('rollup'), ('verify')) as k (kind)
      cross join lateral (
        select r.id
        from rollup_runs r
        where r.kind = k.kind
          and r.status in ('ok', 'partial')
        order by r.started_at desc
        limit 1
      ) l
    )
  order by o.started_at
  limit $2::int
)`,
    settings.ledgerRetentionDays,
    droppedAtOnce,
  );
}
