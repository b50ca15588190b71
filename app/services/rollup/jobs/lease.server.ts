import { randomUUID } from "node:crypto";
import { z } from "zod";
import { type Engine, perEngine } from "../engine.server";
import { toErrorMessage } from "../error.server";
import { execute, queryRows } from "../query.server";
import { type RunKind, sweepKinds } from "./ledger.server";

// A running run is leased to one process, which keeps pushing the end of the lease ahead. A run whose lease has expired
// has lost its process. The database's clock decides, since those of the processes may differ.

const leaseSeconds = 10;
const leaseRenewalMs = 3_000;

/**
 * SQL that is true where nobody has a run: it has no lease, or one that has expired, or one that ends later than any
 * lease given now, because the clock has been set back since.
 */
const isFree =
  "(lease_until is null or lease_until not between timezone('utc', now()) and timezone('utc', now()) + interval '1 minute')";

/** SQL of the contrary: a process has the run, and works on it. */
export const isLive = `not ${isFree}`;

/** SQL of the end of a lease that is given or renewed now. */
export const leaseEnd = `timezone('utc', now()) + interval '${leaseSeconds} seconds'`;

/** Names this process in the lease of a run. */
export const leaseOwner = perEngine(() => randomUUID());

/** Runs at work in this process: their leases are renewed here, so they are never taken for dead here. */
const activeRunIds = perEngine(() => new Set<string>());

/**
 * Takes the lease of a running run, so that this process alone works on it, and keeps it while `work` goes on.
 * Null: the run is not running any more, or another process has it.
 */
export async function holdLease<T>(engine: Engine, runId: string, work: () => Promise<T>): Promise<T | null> {
  const taken = await execute(engine, takeStatement(engine), ownedBy(engine, runId));
  return taken === 0 ? null : keepLease(engine, runId, work);
}

const takeStatement = perEngine(
  ({ names }) => `
update ${names.runs}
set lease_owner = :owner::text,
  lease_until = ${leaseEnd}
where id = :runId::text
  and status = 'running'
  and ${isFree}`,
);

/** Keeps a lease that this process has while `work` goes on. */
export async function keepLease<T>(engine: Engine, runId: string, work: () => Promise<T>): Promise<T> {
  activeRunIds(engine).add(runId);
  const renewal = setInterval(() => void renewLease(engine, runId), leaseRenewalMs);
  renewal.unref();
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    activeRunIds(engine).delete(runId);
  }
}

/** Gives up the lease of a run that goes on elsewhere, so that the next process need not wait until it expires. */
export async function releaseLease(engine: Engine, runId: string): Promise<void> {
  await execute(engine, releaseStatement(engine), ownedBy(engine, runId));
}

/** SQL that is true where a run's own row may be written: it is running still, and this process has its lease. */
export const isOwned = "id = :runId::text and lease_owner = :owner::text and status = 'running'";

/** The values of that condition's parameters. */
export function ownedBy(engine: Engine, runId: string): { runId: string; owner: string } {
  return { runId, owner: leaseOwner(engine) };
}

/** Thrown to end the work on a run that was cancelled, or taken over by another process. */
export class NotOwned extends Error {
  constructor(runId: string) {
    super(`The run ${runId} is not this process's any more.`);
  }
}

const releaseStatement = perEngine(({ names }) => `update ${names.runs} set lease_until = null where ${isOwned}`);

/** Over a connection that the work can't take: with all others at long recounts a living run would count as dead. */
async function renewLease(engine: Engine, runId: string): Promise<void> {
  const { log, reservedDb } = engine;
  try {
    const renewed = await execute(engine, renewStatement(engine), ownedBy(engine, runId), reservedDb);
    if (renewed === 0 && activeRunIds(engine).has(runId))
      log.warn({ runId }, "the lease of a run is not this process's any more");
  } catch (error) {
    log.warn({ runId, error: toErrorMessage(error) }, "could not renew the lease of a run");
  }
}

const renewStatement = perEngine(({ names }) => `update ${names.runs} set lease_until = ${leaseEnd} where ${isOwned}`);

/** What the ledger says of a run whose process died. */
export const deadRunError = "The process that ran it ended before it was done. The next run takes up what is left.";

/**
 * Closes, as failed, the rollup and verify runs whose process died: their marks are still there and the next run
 * takes them. A sweep that lost its process is not closed but continued. Returns the kinds of the runs it closed.
 */
export async function failDeadRuns(engine: Engine): Promise<RunKind[]> {
  const values = { activeRunIds: [...activeRunIds(engine)], error: deadRunError };
  const closed = await queryRows(
    engine,
    z.object({ kind: z.enum(["rollup", "verify"]) }),
    failStatement(engine),
    values,
  );
  return closed.map(({ kind }) => kind);
}

const failStatement = perEngine(
  ({ names }) => `
update ${names.runs}
set status = 'failed',
  error = :error::text,
  finished_at = timezone('utc', now()),
  lease_until = null
where status = 'running'
  and kind not in ${sweepKinds}
  and ${isFree}
  and id <> all(:activeRunIds::text[])
returning kind`,
);

/** Sweeps that are running by the ledger but have no live process. */
export async function listAbandonedSweeps(engine: Engine): Promise<string[]> {
  const values = { activeRunIds: [...activeRunIds(engine)] };
  const rows = await queryRows(engine, z.object({ id: z.string() }), listStatement(engine), values);
  return rows.map(({ id }) => id);
}

const listStatement = perEngine(
  ({ names }) => `
select r.id
from ${names.runs} r
where r.kind in ${sweepKinds}
  and r.status = 'running'
  and ${isFree}
  and r.id <> all(:activeRunIds::text[])
order by r.started_at`,
);
