import { randomUUID } from "node:crypto";
import { addDays } from "../day";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { execute } from "../query.server";
import { lastDoneRun } from "./last-run";
import { isOwned, leaseEnd, leaseOwner, ownedBy } from "./lease.server";
import { isSweep, type NewRun, type RunOutcome, runKinds } from "./ledger.server";
import { nextXid, seenXid } from "./quiet";

/**
 * Opens a run in the ledger: as this process's, but for a sweep, which waits for its turn with whoever takes its lease.
 * Null: another process has the same slot of the schedule.
 */
export async function openRun(engine: Engine, run: NewRun, client?: Statements): Promise<string | null> {
  const runId = randomUUID();
  const until = run.before ?? run.range?.until;
  const values = {
    runId,
    kind: run.kind,
    trigger: run.trigger,
    shopId: run.shopId ?? null,
    from: run.range?.from ?? null,
    to: until === undefined ? null : addDays(until, -1),
    dryRun: run.dryRun ?? false,
    unseal: run.unseal ?? false,
    total: run.total ?? null,
    slot: run.slot ?? null,
    owner: isSweep(run.kind) ? null : leaseOwner(engine),
  };
  const opened = await execute(engine, openStatement(engine), values, client);
  return opened === 1 ? runId : null;
}

const openStatement = perEngine(
  (engine) => `
insert into ${engine.names.runs}
  (id, kind, trigger, shop_id, from_date, to_date, dry_run, unseal, total, slot, lease_owner, lease_until,
    opened_at_xid)
select :runId::text, :kind::text, :trigger::text, :shopId, :from::date, :to::date, :dryRun::boolean, :unseal::boolean, :total::int,
  :slot::text, :owner::text, case when :owner::text is not null then ${leaseEnd} end,
  ${nextXid(engine)}
on conflict do nothing`,
);

/** What the row of an ended run keeps beside its outcome. */
export type RunRemains = {
  durationMs: number;
  report?: object;
  /** Where the next run continues. */
  cursor?: string | null;
  healCursor?: string | null;
  /** The next transaction's id when a rollup had seen all of its window, or null. */
  seenXid?: string | null;
};

/**
 * Ends a run: its row in the ledger, where it is running still and this process's. One that was cancelled, or taken for
 * dead, stays so. Returns whether it was this call that ended it.
 */
export async function closeRun(
  engine: Engine,
  runId: string,
  { failedShops, fallbacks, droppedDays, dropped, ...outcome }: RunOutcome,
  { durationMs, report, cursor = null, healCursor = null, seenXid: seen = null }: RunRemains,
): Promise<boolean> {
  const closed = await execute(engine, closeStatement(engine), {
    ...ownedBy(engine, runId),
    ...outcome,
    failedShops: JSON.stringify(failedShops),
    report: JSON.stringify({
      ...report,
      ...(fallbacks.length > 0 && { fallbacks }),
      ...(droppedDays > 0 && { droppedDays, dropped }),
    }),
    durationMs,
    cursor,
    healCursor,
    seenXid: seen,
  });
  return closed > 0;
}

const closeStatement = perEngine(
  (engine) => `
update ${engine.names.runs}
set status = :status::text,
  shops = :shops::int,
  days = :days::int,
  rows_written = :rowsWritten::int,
  rows_deleted = :rowsDeleted::int,
  failed_shops = :failedShops::jsonb,
  remaining = :remaining::int,
  error = :error::text,
  report = case when :report::jsonb = '{}' then report else coalesce(report, '{}') || :report::jsonb end,
  duration_ms = :durationMs::int,
  cursor = coalesce(:cursor::text, cursor),
  heal_cursor = coalesce(:healCursor::text, heal_cursor),
  seen_xid = ${seenXid(engine)},
  finished_at = timezone('utc', now()),
  lease_until = null
where ${isOwned}`,
);

/** How many runs one call drops: a ledger that grew for years shrinks over many runs and holds up none of them. */
const maxDropped = 1_000;

/** Drops runs that began before the retention. The last rollup and the last verification that did their work stay, and so does a running one. */
export async function dropOldRuns(engine: Engine): Promise<void> {
  const { ledgerRetentionDays } = engine.settings;
  await execute(engine, dropStatement(engine), { retentionDays: ledgerRetentionDays, limit: maxDropped });
}

const dropStatement = perEngine(
  (engine) => `
delete from ${engine.names.runs} r
where r.id in (
  select o.id
  from ${engine.names.runs} o
  where o.kind in ${runKinds}
    and o.status <> 'running'
    and o.started_at < timezone('utc', now()) - make_interval(days => :retentionDays::int)
    and o.id is distinct from ${lastDoneRun(engine, "rollup")}
    and o.id is distinct from ${lastDoneRun(engine, "verify")}
  order by o.started_at
  limit :limit::int
)`,
);
