import { z } from "zod";
import type { DayRange } from "../day";
import { DefinitionNotCurrent, getFingerprint } from "../definition/state.server";
import type { Engine, Statements } from "../engine.server";
import { getCurrentRun } from "../jobs/run-context.server";
import { tell } from "../observer.server";
import { execute, queryRow, type Values } from "../query.server";
import { partSealed, toOpenScopes } from "../seal/sealed";
import { type Unsealed, unsealShops } from "../seal/unseal.server";
import { addShops, type Locked, lockGiven, lockShops, transactionOptions } from "./lock.server";
import { lockFreeInWindowStatement, lockFreeStatement } from "./lock-sql";
import { differingSchema, replaceDays } from "./on-shards.server";
import { recountDaysStatement, recountRangeStatement, recountWindowStatement } from "./recount-sql";
import { dropMarksOfRangeStatement, type Marked, takeMarks, takeMarksOfRange, toColumns } from "./take-marks.server";

/**
 * What a recount did: the shops and days it counted, the daily rows it wrote or deleted, and the sealed days whose marks it
 * dropped.
 */
export type Recount = { shopIds: string[]; days: number; rowsWritten: number; rowsDeleted: number; dropped: Marked[] };

/**
 * Recounts up to `maxDays` marked days of these shops, and those of up to as many marked rows, and takes their marks: first
 * the marks, and then the counts, by statements of their own. A mark that was taken was visible, and so is its change to
 * each later snapshot; a mark that commits in between stays. Shops that another transaction holds are left alone, with
 * their marks. The marks of sealed days are dropped. `isComplete` says that nothing marked before the call is left of the shops that were free.
 */
export async function recountMarkedDays(
  engine: Engine,
  shopIds: string[],
  maxDays: number,
): Promise<Recount & { isComplete: boolean }> {
  await addShops(engine, shopIds);
  return commit(engine, async (tx) => {
    const locked = await lockShops(engine, tx, lockFreeStatement(engine), { shopIds });
    if (locked.shopIds.length === 0) return { ...nothing, isComplete: true };
    const { days, isComplete } = await takeMarks(engine, tx, locked.shopIds, maxDays);
    const { open, dropped } = dropSealed(engine, locked, days);
    const recount = await runRecount(engine, tx, recountDaysStatement(engine), {
      ...toColumns(open, "dates"),
      shopId: locked.shopIds[0],
    });
    return { ...recount, dropped, isComplete };
  });
}

/**
 * Recounts the marked days of the window of up to `maxShops` installed shops and takes their marks, as above, but in
 * one pass over all source rows of the window: for recent days, of which most shops have some. With `markDrift` it
 * also marks the days of the window whose rows are wrong although nothing marked them, of all installed shops. Marks
 * that name rows are left alone. `lockedShops` below `maxShops` says that nothing marked in the window before the call is
 * left of those free. `nextXid` is the id of the next transaction in the snapshot that looked, or null.
 */
export async function recountWindow(
  engine: Engine,
  { from, until }: DayRange,
  { maxShops, markDrift }: { maxShops: number; markDrift: boolean },
): Promise<Recount & { lockedShops: number; nextXid: string | null }> {
  return commit(engine, async (tx) => {
    const window = { from, until };
    const locked = await lockShops(engine, tx, lockFreeInWindowStatement(engine), { ...window, limit: maxShops });
    const days = await takeMarksOfRange(engine, tx, { ...window, shopIds: locked.shopIds });
    const { open, dropped } = dropSealed(engine, locked, days);
    const values = { ...window, ...toColumns(open, "dates"), markDrift };
    const recount = await runRecount(engine, tx, recountWindowStatement(engine), values);
    return { ...recount, dropped, lockedShops: locked.shopIds.length, nextXid: recount.nextXid ?? null };
  });
}

type RangeOptions = {
  /** Whether sealed days of the range, and those after them, are unsealed and counted. They are left alone without it. */
  unseal?: boolean | undefined;
  /** Runs in the same transaction: it commits with the new rows or not at all. */
  afterwards: (tx: Statements, recount: Recount & { refusals: Unsealed["refusals"] }) => Promise<void>;
};

/**
 * Recounts every open day of the range for these shops, marked or not, and takes the marks of its days. For one shop it waits
 * for a transaction that holds it. With several shops it never waits while holding locks: if one is taken, it fails.
 */
export async function recountRange(
  engine: Engine,
  shopIds: string[],
  range: DayRange,
  { unseal = false, afterwards }: RangeOptions,
): Promise<Recount> {
  await addShops(engine, shopIds);
  return commit(engine, async (tx) => {
    const locked = await lockGiven(engine, tx, shopIds);
    const { scopes, refusals, requireKept } = unseal
      ? await unsealShops(engine, tx, locked, range)
      : {
          scopes: toOpenScopes(locked.sealed, locked.shopIds, range),
          refusals: [],
          requireKept: async () => undefined,
        };
    let recount = nothing;
    for (const scope of scopes) {
      const values = { shopIds: scope.shopIds, ...scope.range };
      await execute(engine, dropMarksOfRangeStatement(engine), values, tx);
      recount = addRecounts(recount, await runRecount(engine, tx, recountRangeStatement(engine), values));
    }
    await requireKept();
    await afterwards(tx, { ...recount, refusals });
    return recount;
  });
}

/** Recounts in one transaction and, once that has committed, tells the host's observer. */
async function commit<Result extends Recount>(
  engine: Engine,
  work: (tx: Statements) => Promise<Result>,
): Promise<Result> {
  const recount = await engine.db.$transaction(work, transactionOptions);
  const { days, rowsWritten, rowsDeleted, dropped } = recount;
  const kind = getCurrentRun()?.kind ?? null;
  if (days + rowsWritten + rowsDeleted + dropped.length > 0) {
    tell(engine, "recounted", { kind, days, rowsWritten, rowsDeleted, droppedMarks: dropped.length });
  }
  return recount;
}

/** Leaves the open ones of taken days. The others are logged before they go: a process that is killed later leaves no report. */
function dropSealed({ log }: Engine, { sealed }: Locked, days: Marked[]): { open: Marked[]; dropped: Marked[] } {
  const { open, dropped } = partSealed(sealed, days);
  if (dropped.length > 0) {
    const first = dropped.slice(0, loggedDays).map(([shopId, date]) => `${shopId} ${date}`);
    log.warn({ days: dropped.length, first }, "marks of sealed days are dropped");
  }
  return { open, dropped };
}

const loggedDays = 20;

const nothing: Recount = { shopIds: [], days: 0, rowsWritten: 0, rowsDeleted: 0, dropped: [] };

function addRecounts(a: Recount, b: Recount): Recount {
  return {
    shopIds: [...a.shopIds, ...b.shopIds],
    days: a.days + b.days,
    rowsWritten: a.rowsWritten + b.rowsWritten,
    rowsDeleted: a.rowsDeleted + b.rowsDeleted,
    dropped: [...a.dropped, ...b.dropped],
  };
}

/** `differing` on shards, where nothing is written yet; how many rows were written elsewhere. */
const recountSchema = z.object({
  shopIds: z.array(z.string()),
  days: z.number(),
  rowsWritten: z.number().default(0),
  rowsDeleted: z.number().default(0),
  differing: z.array(differingSchema).optional(),
  fingerprint: z.string().nullable(),
  nextXid: z.string().nullish(),
});

/**
 * Counts and replaces. The fingerprint is of the snapshot that counts, which is younger than the taking of marks: where a
 * migration has changed the definition, either it is seen here, and all is rolled back, or its marks come after those
 * that were taken, and stay.
 *
 * @throws DefinitionNotCurrent where the database has another definition than this code.
 */
async function runRecount(
  engine: Engine,
  tx: Statements,
  statement: string,
  values: Values,
): Promise<Recount & { nextXid?: string | null | undefined }> {
  const { fingerprint, differing, rowsWritten, rowsDeleted, ...counted } = await queryRow(
    engine,
    recountSchema,
    statement,
    values,
    tx,
  );
  if (fingerprint !== getFingerprint(engine)) throw new DefinitionNotCurrent();
  const [shopId] = counted.shopIds;
  if (shopId === undefined || differing === undefined) return { ...counted, rowsWritten, rowsDeleted, dropped: [] };
  return { ...counted, ...(await replaceDays(engine, tx, shopId, differing)), dropped: [] };
}
