import { randomUUID } from "node:crypto";
import { toErrorMessage } from "./error.server";
import { db, log, reservedDb } from "./host.server";
import type { RunKind } from "./ledger.server";

// A running run is leased to one process, which keeps pushing the end of the lease ahead. A run whose lease has passed
// has lost its process. The database's clock decides, since those of the processes may differ.

const leaseSeconds = 10;
const leaseRenewalMs = 3_000;

/**
 * SQL that is true where nobody has a run: it has no lease, or one that is over. That is one that has passed, or that
 * ends later than any lease given now, because the clock has been set back since.
 */
const isFree =
  "(lease_until is null or lease_until not between timezone('utc', now()) and timezone('utc', now()) + interval '1 minute')";

/** SQL of the contrary: a process has the run, and works on it. */
export const isLive = `not ${isFree}`;

/** Names this process in the lease of a run. */
export const leaseOwner = randomUUID();

/** SQL of the end of a lease that is given or renewed now. */
export const leaseEnd = `timezone('utc', now()) + interval '${leaseSeconds} seconds'`;

/** Runs at work in this process: their leases are renewed here, so they are never taken for dead here. */
const activeRunIds = new Set<string>();

/**
 * Takes the lease of a running run, so that this process alone works on it, and keeps it while `work` goes on.
 * Null: the run is not running any more, or another process has it.
 */
export async function holdLease<T>(runId: string, work: () => Promise<T>): Promise<T | null> {
  const taken = await db.$executeRawUnsafe(
    `
update rollup_runs
set lease_owner = $2::text,
  lease_until = ${leaseEnd}
where id = $1::text
  and status = 'running'
  and ${isFree}`,
    runId,
    leaseOwner,
  );
  return taken === 0 ? null : keepLease(runId, work);
}

/** Keeps a lease that this process has while `work` goes on. */
export async function keepLease<T>(runId: string, work: () => Promise<T>): Promise<T> {
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

/** SQL of the same, for the run $1 and the owner $2. */
export const isOwned = "id = $1::text and lease_owner = $2::text and status = 'running'";

/** Where a run's own row may be written: it is running still, and this process has its lease. */
export function ownedBy(runId: string) {
  return { id: runId, status: "running", leaseOwner } as const;
}

/**
 * Closes, as failed, the rollup and verify runs whose process died: their marks are still there and the next run
 * takes them. A rebuild that lost its process is not closed but continued. Returns the kinds of the runs it closed.
 */
export async function failDeadRuns(): Promise<RunKind[]> {
  const closed = await db.$queryRawUnsafe<{ kind: RunKind }[]>(
    `
update rollup_runs
set status = 'failed',
  error = $2::text,
  finished_at = timezone('utc', now()),
  lease_until = null
where status = 'running'
  and kind <> 'rebuild'
  and ${isFree}
  and id <> all($1::text[])
returning kind`,
    [...activeRunIds],
    deadRunError,
  );
  return closed.map(({ kind }) => kind);
}

/** What the ledger says of a run whose process died. */
export const deadRunError = "The process that ran it ended before it was done. The next run takes up what is left.";

/** Rebuilds that are running by the ledger but have no live process. */
export async function listAbandonedRebuilds(): Promise<string[]> {
  const rows = await db.$queryRawUnsafe<{ id: string }[]>(
    `
select r.id
from rollup_runs r
where r.kind = 'rebuild'
  and r.status = 'running'
  and ${isFree}
  and r.id <> all($1::text[])
order by r.started_at`,
    [...activeRunIds],
  );
  return rows.map((row) => row.id);
}

/** Over a connection that the work can't take: with all others at long recounts a living run would count as dead. */
async function renewLease(runId: string): Promise<void> {
  try {
    const renewed = await reservedDb.$executeRawUnsafe(
      `
update rollup_runs
set lease_until = ${leaseEnd}
where ${isOwned}`,
      runId,
      leaseOwner,
    );
    if (renewed === 0 && activeRunIds.has(runId))
      log.warn({ runId }, "the lease of a run is not this process's any more");
  } catch (error) {
    log.warn({ runId, error: toErrorMessage(error) }, "could not renew the lease of a run");
  }
}
