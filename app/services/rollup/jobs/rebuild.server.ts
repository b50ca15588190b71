import { z } from "zod";
import type { Day, DayRange } from "../day";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { queryRow, readClock } from "../query.server";
import { findUnsealObstacle } from "../seal/unseal.server";
import type { Comparison } from "../verify/compare.server";
import type { RunCounts, RunRow } from "./ledger.server";
import { toProgress } from "./rebuild-progress";
import { cancelSweep, getSweep, type NotCancelled, type Overlap, openSweep, resumeSweep } from "./sweep.server";

/** `unseal`: sealed days of the range, and those after it, are unsealed and counted from their source rows. */
export type RebuildRequest = {
  shopId?: string | undefined;
  range: DayRange;
  dryRun?: boolean | undefined;
  unseal?: boolean | undefined;
};

/** Progress of a rebuild. `done` and `total` are shops; `etaMs` is null before the first shop and after the last. */
export type RebuildProgress = Pick<RunCounts, "days" | "rowsWritten" | "rowsDeleted" | "failedShops"> &
  Pick<
    RunRow,
    | "status"
    | "shopId"
    | "dryRun"
    | "unseal"
    | "done"
    | "remaining"
    | "error"
    | "startedAt"
    | "finishedAt"
    | "durationMs"
    | "pausedMs"
  > & {
    runId: string;
    range: DayRange;
    total: number;
    etaMs: number | null;
    /** Dry run: how many days would change, and the first of them. */
    changed?: number;
    changes?: Comparison["examples"];
  };

/** A rebuild refused because days of the range are sealed: those before the latest of the shops' seals. */
type SealedRange = { shops: number; sealedUntil: Day };

/** A rebuild refused because the shop can't be unsealed. */
type NotUnsealed = { notUnsealed: string };

export type RebuildRefusal = Overlap | SealedRange | NotUnsealed;

/**
 * Opens a rebuild of the range, for one shop or for all, and starts to work on it in this process. A dry run says
 * what would change and changes nothing. The shop must exist.
 */
export async function startRebuild(
  engine: Engine,
  { shopId, range, dryRun = false, unseal = false }: RebuildRequest,
): Promise<string | RebuildRefusal> {
  // Of all shops each is asked in its turn: that can take as long as the rebuild. The one is asked again when it is locked.
  const obstacle = unseal && shopId !== undefined ? await findUnsealObstacle(engine, shopId, range.from) : null;
  if (obstacle !== null) return { notUnsealed: obstacle };
  const sweep = { kind: "rebuild", trigger: "operator", range, shopId, dryRun, unseal } as const;
  const opened = await openSweep(engine, sweep, async (tx) =>
    unseal ? null : findSealedRange(engine, tx, range, shopId),
  );
  if (opened === null) throw new Error("A rebuild was not opened in the ledger, although its id is new.");
  return opened;
}

async function findSealedRange(
  engine: Engine,
  tx: Statements,
  { from }: DayRange,
  shopId: string | null = null,
): Promise<SealedRange | null> {
  const schema = z.object({ shops: z.number(), sealedUntil: z.string().nullable() });
  const { shops, sealedUntil } = await queryRow(engine, schema, sealedStatement(engine), { from, shopId }, tx);
  return sealedUntil === null ? null : { shops, sealedUntil: sealedUntil as Day };
}

const sealedStatement = perEngine(
  ({ names }) => `
select count(*)::int as shops, to_char(max(r.sealed_until), 'YYYY-MM-DD') as "sealedUntil"
from ${names.shops} r
where r.sealed_until > :from::date
  and (:shopId is null or r.shop_id = :shopId)`,
);

/**
 * Goes on with a cancelled rebuild after the last shop that it did. Returns the rebuild as it is then, what stands in its
 * way, or null when there is none by that id.
 */
export async function resumeRebuild(
  engine: Engine,
  runId: string,
): Promise<RebuildProgress | RebuildRefusal | NotCancelled | null> {
  const resumed = await resumeSweep(engine, "rebuild", runId, async (tx, { range, shopId, unseal }) =>
    range === null || unseal ? null : findSealedRange(engine, tx, range, shopId),
  );
  return resumed && "id" in resumed ? toProgress(resumed, await readClock(engine)) : resumed;
}

/** Progress of the rebuild, or null when there is none by that id. */
export async function getRebuild(engine: Engine, runId: string): Promise<RebuildProgress | null> {
  const run = await getSweep(engine, "rebuild", runId);
  return run && toProgress(run, await readClock(engine));
}

/**
 * Stops a running rebuild. The shops at work are rolled back; those that are done keep their new rows, which are right.
 * Returns the rebuild as it is then, or null when there is none by that id.
 */
export async function cancelRebuild(engine: Engine, runId: string): Promise<RebuildProgress | null> {
  const run = await cancelSweep(engine, "rebuild", runId);
  return run && toProgress(run, await readClock(engine));
}
