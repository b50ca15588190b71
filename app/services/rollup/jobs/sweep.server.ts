import { z } from "zod";
import type { Day } from "../day";
import { requireCurrentDefinition } from "../definition/state.server";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { execute, queryRow, queryRows } from "../query.server";
import { shopTable } from "../shop-sql";
import { getRun, type NewRun, type RunRow, type RunStatus, type SweepKind, sweepKinds } from "./ledger.server";
import { openRun } from "./ledger-write.server";
import { logRun, pickCounts, toNewRun } from "./run-outcome.server";
import { toWorkedMs } from "./sweep-progress";
import { continueSweep, settleSweep } from "./sweep-worker.server";
import { toSweptShops } from "./swept-shops";

/** A sweep refused because a running one has some of the same shops and days. */
export type Overlap = { overlaps: string; kind: SweepKind };

export type NewSweep = Omit<NewRun, "kind" | "total"> & { kind: SweepKind };

/** On the embedded database a recount under way holds the one connection for longer than Prisma waits by itself. */
const openingOptions = { maxWait: 60_000, timeout: 60_000 };

/**
 * Opens a sweep, for one shop or for all, and starts to work on it in this process. The shop must exist. `findObstacle` says
 * in the same transaction why it must not be opened. One that changes nothing overlaps with none.
 *
 * @returns the run's id, what stands in its way, or null where another process has the same slot of the schedule.
 */
export async function openSweep<Obstacle extends object>(
  engine: Engine,
  sweep: NewSweep,
  findObstacle: (tx: Statements) => Promise<Obstacle | null>,
): Promise<string | Overlap | Obstacle | null> {
  await requireCurrentDefinition(engine);
  const opened = await engine.db.$transaction(async (tx) => {
    // One at a time: two concurrent calls must not both find nothing to overlap with. Held until this transaction ends.
    await execute(engine, lockStatement(engine), {}, tx);
    const obstacle = await findObstacle(tx);
    if (obstacle) return obstacle;
    const overlap = sweep.dryRun ? null : await findOverlap(engine, tx, sweep);
    if (overlap) return overlap;
    return openRun(engine, { ...sweep, total: await countShops(engine, tx, sweep) }, tx);
  }, openingOptions);
  if (typeof opened === "string") continueSweep(engine, opened);
  return opened;
}

const lockStatement = perEngine(({ names }) => `select pg_advisory_xact_lock(hashtext('${names.runs} sweep'))`);

async function countShops(engine: Engine, tx: Statements, sweep: NewSweep): Promise<number> {
  const { condition = "true", values } = toSweptShops(engine, sweep);
  const statement = `select count(*)::int as count from ${shopTable(engine)} where ${condition}`;
  const { count } = await queryRow(engine, z.object({ count: z.number() }), statement, values, tx);
  return count;
}

async function findOverlap(
  engine: Engine,
  tx: Statements,
  { range, before, shopId = undefined }: Pick<NewRun, "range" | "before" | "shopId">,
): Promise<Overlap | null> {
  const days: { from: Day | null; until: Day | null } = {
    from: range?.from ?? null,
    until: range?.until ?? before ?? null,
  };
  const schema = z.object({ overlaps: z.string(), kind: z.enum(["rebuild", "seal"]) });
  const values = { ...days, shopId: shopId ?? null };
  const [overlap] = await queryRows(engine, schema, overlapStatement(engine), values, tx);
  return overlap ?? null;
}

/** A seal begins with the first day there is. */
const overlapStatement = perEngine(
  ({ names }) => `
select r.id as overlaps, r.kind
from ${names.runs} r
where r.kind in ${sweepKinds}
  and r.status = 'running'
  and not r.dry_run
  and (r.from_date is null or r.from_date < :until::date)
  and (:from::date is null or r.to_date >= :from::date)
  and (r.shop_id is null or :shopId is null or r.shop_id::text = :shopId::text)
limit 1`,
);

/** The sweep of that kind, or null when there is none by that id. */
export async function getSweep(
  engine: Engine,
  kind: SweepKind,
  runId: string,
  client?: Statements,
): Promise<RunRow | null> {
  const run = await getRun(engine, runId, client);
  return run?.kind === kind ? run : null;
}

/** Stops a running sweep. The shops at work are rolled back; those that are done stay done. Null when there is none by that id. */
export async function cancelSweep(engine: Engine, kind: SweepKind, runId: string): Promise<RunRow | null> {
  const cancelled = await execute(engine, cancelStatement(engine), { runId, kind });
  const run = await getSweep(engine, kind, runId);
  if (run?.finishedAt && cancelled > 0) {
    const outcome = { ...pickCounts(run), status: "cancelled", remaining: run.remaining, error: run.error } as const;
    logRun(engine, { ...toNewRun(run), runId }, outcome, toWorkedMs(run, run.finishedAt));
  }
  return run;
}

/** A sweep that can't be resumed: only a cancelled one can. */
export type NotCancelled = { notCancelled: RunStatus };

/**
 * Goes on with a cancelled sweep after the last shop that it did, and works on it in this process. Returns its row, what
 * stands in its way, or null when there is none by that id. `findObstacle` is as for a new one.
 */
export async function resumeSweep<Obstacle extends object>(
  engine: Engine,
  kind: SweepKind,
  runId: string,
  findObstacle: (tx: Statements, run: NewRun) => Promise<Obstacle | null>,
): Promise<RunRow | Overlap | NotCancelled | Obstacle | null> {
  await requireCurrentDefinition(engine);
  await settleSweep(engine, runId);
  const refusal = await engine.db.$transaction(async (tx) => {
    await execute(engine, lockStatement(engine), {}, tx);
    const run = await getSweep(engine, kind, runId, tx);
    if (run === null) return null;
    if (run.status !== "cancelled") return { notCancelled: run.status };
    const sweep = toNewRun(run);
    const obstacle = await findObstacle(tx, sweep);
    if (obstacle) return obstacle;
    const overlap = sweep.dryRun ? null : await findOverlap(engine, tx, sweep);
    if (overlap) return overlap;
    await execute(engine, reopenStatement(engine), { runId }, tx);
    return null;
  }, openingOptions);
  if (refusal) return refusal;
  continueSweep(engine, runId);
  return getSweep(engine, kind, runId);
}

/** The greatest that the column holds: 24 days. */
const maxInteger = 2 ** 31 - 1;

const reopenStatement = perEngine(
  ({ names }) => `
update ${names.runs}
set status = 'running',
  paused_ms = least(${maxInteger}, paused_ms + 1000 * extract(epoch from timezone('utc', now()) - finished_at)),
  finished_at = null
where id = :runId::text
  and status = 'cancelled'`,
);

const cancelStatement = perEngine(
  ({ names }) => `
update ${names.runs}
set status = 'cancelled',
  finished_at = timezone('utc', now()),
  lease_until = null
where id = :runId::text
  and kind = :kind::text
  and status = 'running'`,
);
