import { z } from "zod";
import type { DayRange } from "../day";
import { requireCurrentDefinition } from "../definition/state.server";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { execute, queryRow, queryRows, readClock } from "../query.server";
import { shopKey, shopTable } from "../shop-sql";
import type { Comparison } from "../verify/compare.server";
import { getRun, type RunCounts, type RunRow } from "./ledger.server";
import { openRun } from "./ledger-write.server";
import { toProgress } from "./rebuild-progress";
import { continueRebuild } from "./rebuild-worker.server";
import { logRun } from "./run-outcome.server";

export type RebuildRequest = { shopId?: string; range: DayRange; dryRun?: boolean };

/** Progress of a rebuild. `done` and `total` are shops; `etaMs` is null before the first shop and after the last. */
export type RebuildProgress = Omit<RunCounts, "shops" | "fallbacks"> &
  Pick<
    RunRow,
    "status" | "shopId" | "dryRun" | "done" | "remaining" | "error" | "startedAt" | "finishedAt" | "durationMs"
  > & {
    runId: string;
    range: DayRange;
    total: number;
    etaMs: number | null;
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
export async function startRebuild(
  engine: Engine,
  { shopId, range, dryRun = false }: RebuildRequest,
): Promise<string | RebuildOverlap> {
  await requireCurrentDefinition(engine);
  const opened = await engine.db.$transaction(async (tx) => {
    // One at a time: two concurrent calls must not both find nothing to overlap with. Held until this transaction ends.
    await execute(engine, lockStatement(engine), {}, tx);
    const overlaps = dryRun ? null : await findOverlap(engine, tx, range, shopId);
    if (overlaps) return { overlaps };
    const total = await countShops(engine, tx, shopId);
    return openRun(engine, { kind: "rebuild", trigger: "operator", range, shopId, dryRun, total }, tx);
  }, openingOptions);
  if (opened === null) throw new Error("A rebuild was not opened in the ledger, although its id is new.");
  if (typeof opened === "string") continueRebuild(engine, opened);
  return opened;
}

const lockStatement = perEngine(({ names }) => `select pg_advisory_xact_lock(hashtext('${names.runs} rebuild'))`);

async function countShops(engine: Engine, tx: Statements, shopId: string | null = null): Promise<number> {
  const { count } = await queryRow(engine, z.object({ count: z.number() }), countStatement(engine), { shopId }, tx);
  return count;
}

const countStatement = perEngine(
  (engine) => `
select count(*)::int as count
from ${shopTable(engine)}
where :shopId is null
  or ${shopKey(engine)} = :shopId`,
);

/** Progress of the rebuild, or null when there is none by that id. */
export async function getRebuild(engine: Engine, runId: string): Promise<RebuildProgress | null> {
  const run = await getRun(engine, runId);
  return run?.kind === "rebuild" ? toProgress(run, await readClock(engine)) : null;
}

/**
 * Stops a running rebuild. The shops at work are rolled back; those that are done keep their new rows, which are right.
 * Returns the rebuild as it is then, or null when there is none by that id.
 */
export async function cancelRebuild(engine: Engine, runId: string): Promise<RebuildProgress | null> {
  const cancelled = await execute(engine, cancelStatement(engine), { runId });
  const rebuild = await getRebuild(engine, runId);
  if (rebuild?.finishedAt && cancelled > 0) {
    logRun(
      engine,
      { ...rebuild, kind: "rebuild", trigger: "operator", shopId: rebuild.shopId ?? undefined },
      { ...rebuild, status: "cancelled", shops: rebuild.done, fallbacks: [] },
      rebuild.finishedAt.getTime() - rebuild.startedAt.getTime(),
    );
  }
  return rebuild;
}

const cancelStatement = perEngine(
  ({ names }) => `
update ${names.runs}
set status = 'cancelled',
  finished_at = timezone('utc', now()),
  lease_until = null
where id = :runId::text
  and kind = 'rebuild'
  and status = 'running'`,
);

async function findOverlap(
  engine: Engine,
  tx: Statements,
  { from, until }: DayRange,
  shopId: string | null = null,
): Promise<string | null> {
  const [run] = await queryRows(
    engine,
    z.object({ id: z.string() }),
    overlapStatement(engine),
    { from, until, shopId },
    tx,
  );
  return run?.id ?? null;
}

const overlapStatement = perEngine(
  ({ names }) => `
select r.id
from ${names.runs} r
where r.kind = 'rebuild'
  and r.status = 'running'
  and not r.dry_run
  and r.from_date < :until::date
  and r.to_date >= :from::date
  and (r.shop_id is null or :shopId is null or r.shop_id::text = :shopId::text)
limit 1`,
);
