import { randomUUID } from "node:crypto";
import { Prisma, type RollupRun } from "@prisma/client";
import { type Day, type DayRange, lastDayOf } from "./day";
import { db, log } from "./host.server";

export type RunKind = "rollup" | "verify" | "rebuild";
export type RunTrigger = "cron" | "operator" | "schedule";
export type RunStatus = "running" | "ok" | "partial" | "failed" | "cancelled";
export type FailedShop = { shopId: string; error: string };

/** What a run did, as the ledger and the answers tell it. `remaining` is in marked days of installed shops. */
export type RunOutcome = {
  status: Exclude<RunStatus, "running">;
  shops: number;
  days: number;
  rowsWritten: number;
  rowsDeleted: number;
  failedShops: FailedShop[];
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

const leaseSeconds = 15;
const leaseRenewalMs = 5_000;

/** Names this process in the lease of a run. */
const leaseOwner = randomUUID();

/** Runs at work in this process: their leases are renewed here, so they are never taken for dead here. */
const activeRunIds = new Set<string>();

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

/**
 * Takes the lease of a running run, so that this process alone works on it, and keeps it while `work` goes on.
 * Null: the run is not running any more, or another process has it.
 */
export async function holdLease<T>(runId: string, work: () => Promise<T>): Promise<T | null> {
  const taken = await db.$executeRawUnsafe(
    `
update rollup_runs
set lease_owner = $2::text,
  lease_until = timezone('utc', now()) + make_interval(secs => $3::int)
where id = $1::text
  and status = 'running'
  and (lease_until is null or lease_until < timezone('utc', now()))`,
    runId,
    leaseOwner,
    leaseSeconds,
  );
  if (taken === 0) return null;
  activeRunIds.add(runId);
  const renewal = setInterval(() => void renewLease(runId), leaseRenewalMs);
  renewal.unref();
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    activeRunIds.delete(runId);
  }
}

/** Gives up the lease of a run that goes on elsewhere, so that the next process need not wait for it to pass. */
export async function releaseLease(runId: string): Promise<void> {
  await db.rollupRun.updateMany({ where: ownedBy(runId), data: { leaseUntil: null } });
}

/** Where a run's own row may be written: it is running still, and this process has its lease. */
export function ownedBy(runId: string) {
  return { id: runId, status: "running", leaseOwner } as const;
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
      report: report,
      durationMs,
      finishedAt: new Date(),
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

/**
 * Closes, as failed, the rollup and verify runs whose process died: their marks are still there and the next run
 * takes them. A rebuild that lost its process is not closed but continued.
 */
export async function failDeadRuns(): Promise<void> {
  await db.$executeRawUnsafe(
    `
update rollup_runs
set status = 'failed',
  error = 'The process that ran it ended before it was done. The next run takes up what is left.',
  finished_at = timezone('utc', now()),
  lease_until = null
where status = 'running'
  and kind <> 'rebuild'
  and coalesce(lease_until, started_at + make_interval(secs => $2::int)) < timezone('utc', now())
  and id <> all($1::text[])`,
    [...activeRunIds],
    leaseSeconds,
  );
}

/** Rebuilds that are running by the ledger but have no live process. */
export async function listAbandonedRebuilds(): Promise<string[]> {
  const rows = await db.$queryRawUnsafe<{ id: string }[]>(
    `
select r.id
from rollup_runs r
where r.kind = 'rebuild'
  and r.status = 'running'
  and (r.lease_until is null or r.lease_until < timezone('utc', now()))
  and r.id <> all($1::text[])
order by r.started_at`,
    [...activeRunIds],
  );
  return rows.map((row) => row.id);
}

/** The row of a run, or null. */
export function getRun(runId: string): Promise<RollupRun | null> {
  return db.rollupRun.findUnique({ where: { id: runId } });
}

/** The shops that failed in the last rollup run that ended. */
export async function listLastFailedShops(): Promise<FailedShop[]> {
  const last = await db.rollupRun.findFirst({
    where: { kind: "rollup", status: { in: ["ok", "partial"] } },
    orderBy: { startedAt: "desc" },
    select: { failedShops: true },
  });
  return (last?.failedShops ?? []) as FailedShop[];
}

/** When the last rollup run ended that did its work (a failing shop aside), or null. */
export async function getLastRunEnd(): Promise<Date | null> {
  const last = await db.rollupRun.findFirst({
    where: { kind: "rollup", status: { in: ["ok", "partial"] } },
    orderBy: { startedAt: "desc" },
    select: { finishedAt: true },
  });
  return last?.finishedAt ?? null;
}

/** The message of a thrown value: for a failed statement the database's own words, and one line in any case. */
export function toErrorMessage(error: unknown): string {
  const message = toDatabaseMessage(error) ?? (error instanceof Error ? error.message : String(error));
  return message.trim().split("\n").at(-1) ?? "";
}

/** Prisma leaves the database's words out of its own message when the adapter gives them under another name. */
function toDatabaseMessage(error: unknown): string | undefined {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return undefined;
  const adapterError = error.meta?.driverAdapterError as { cause?: Record<string, unknown> } | undefined;
  const message = adapterError?.cause?.originalMessage ?? adapterError?.cause?.message;
  return typeof message === "string" ? message : undefined;
}

async function renewLease(runId: string): Promise<void> {
  try {
    await db.$executeRawUnsafe(
      `
update rollup_runs
set lease_until = timezone('utc', now()) + make_interval(secs => $3::int)
where id = $1::text
  and lease_owner = $2::text
  and status = 'running'`,
      runId,
      leaseOwner,
      leaseSeconds,
    );
  } catch (error) {
    log.warn({ runId, error: toErrorMessage(error) }, "could not renew the lease of a run");
  }
}

function toDate(day: Day): Date {
  return new Date(`${day}T00:00:00Z`);
}
