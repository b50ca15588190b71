import { z } from "zod";
import type { DayRange } from "../day";
import { DefinitionNotCurrent, getFingerprint } from "../definition/state.server";
import type { Engine, Statements } from "../engine.server";
import { execute, queryRow, type Values } from "../query.server";
import {
  addShopsStatement,
  lockAllStatement,
  lockFreeInWindowStatement,
  lockFreeStatement,
  lockPatientlyStatement,
} from "./lock-sql";
import { differingSchema, replaceDays } from "./on-shards.server";
import { recountDaysStatement, recountRangeStatement, recountWindowStatement } from "./recount-sql";
import { dropMarksOfRangeStatement, takeMarks, takeMarksOfRange, toColumns } from "./take-marks.server";

/** What a recount did: the shops and days it counted, and the daily rows it wrote or deleted. */
export type Recount = { shopIds: string[]; days: number; rowsWritten: number; rowsDeleted: number };

/**
 * Long enough for a shop with years of marked days; Prisma's default of five seconds is not. Read committed whatever
 * the database's default: the recount's snapshot must be younger than the lock it waited for.
 */
const transactionOptions = { maxWait: 60_000, timeout: 600_000, isolationLevel: "ReadCommitted" } as const;

/**
 * Recounts up to `maxDays` marked days of these shops, and those of up to as many marked rows, and takes their marks: first
 * the marks, and then the counts, by statements of their own. A mark that was taken was visible, and so is its change to
 * each later snapshot; a mark that commits in between stays. Shops that another transaction holds are left alone, with
 * their marks. `isComplete` says that nothing marked before the call is left of the shops that were free.
 */
export async function recountMarkedDays(
  engine: Engine,
  shopIds: string[],
  maxDays: number,
): Promise<Recount & { isComplete: boolean }> {
  await addShops(engine, shopIds);
  return engine.db.$transaction(async (tx) => {
    const locked = await lockShops(engine, tx, lockFreeStatement(engine), { shopIds });
    if (locked.length === 0) return { ...nothing, isComplete: true };
    const { days, isComplete } = await takeMarks(engine, tx, locked, maxDays);
    const recount = await runRecount(engine, tx, recountDaysStatement(engine), {
      ...toColumns(days, "dates"),
      shopId: locked[0],
    });
    return { ...recount, isComplete };
  }, transactionOptions);
}

/**
 * Recounts the marked days of the window of up to `maxShops` installed shops and takes their marks, as above, but in
 * one pass over all source rows of the window: for recent days, of which most shops have some. With `markDrift` it
 * also marks the days of the window whose rows are wrong although nothing marked them, of all installed shops. Marks
 * that name rows are left alone. `lockedShops` below `maxShops` says that nothing marked in the window before the call is
 * left of those free.
 */
export async function recountWindow(
  engine: Engine,
  { from, until }: DayRange,
  { maxShops, markDrift }: { maxShops: number; markDrift: boolean },
): Promise<Recount & { lockedShops: number }> {
  return engine.db.$transaction(async (tx) => {
    const window = { from, until };
    const shopIds = await lockShops(engine, tx, lockFreeInWindowStatement(engine), { ...window, limit: maxShops });
    const days = await takeMarksOfRange(engine, tx, { ...window, shopIds });
    const values = { ...window, ...toColumns(days, "dates"), markDrift };
    const recount = await runRecount(engine, tx, recountWindowStatement(engine), values);
    return { ...recount, lockedShops: shopIds.length };
  }, transactionOptions);
}

/**
 * Recounts every day of the range for these shops, marked or not, and takes the marks of its days. For one shop it waits
 * for a transaction that holds it. With several shops it never waits while holding locks: if one is taken, it fails.
 * `afterwards` runs in the same transaction: it commits with the new rows or not at all.
 */
export async function recountRange(
  engine: Engine,
  shopIds: string[],
  { from, until }: DayRange,
  afterwards: (tx: Statements, recount: Recount) => Promise<void>,
): Promise<Recount> {
  await addShops(engine, shopIds);
  return engine.db.$transaction(async (tx) => {
    // A shop that is gone holds no lock, and one of the same id may be made at any time.
    const statement = shopIds.length > 1 ? lockAllStatement(engine) : lockPatientlyStatement(engine);
    const scope = { shopIds: await lockShops(engine, tx, statement, { shopIds }), from, until };
    const recount = scope.shopIds.length === 0 ? nothing : await recountLocked(engine, tx, scope);
    await afterwards(tx, recount);
    return recount;
  }, transactionOptions);
}

async function recountLocked(
  engine: Engine,
  tx: Statements,
  scope: { shopIds: string[] } & DayRange,
): Promise<Recount> {
  await execute(engine, dropMarksOfRangeStatement(engine), scope, tx);
  return runRecount(engine, tx, recountRangeStatement(engine), scope);
}

const nothing: Recount = { shopIds: [], days: 0, rowsWritten: 0, rowsDeleted: 0 };

/** By itself, before the transaction that locks: another process that makes the same row is waited for only so long. */
async function addShops(engine: Engine, shopIds: string[]): Promise<void> {
  await execute(engine, addShopsStatement(engine), { shopIds });
}

const lockedSchema = z.object({ ids: z.array(z.string()) });

async function lockShops(engine: Engine, tx: Statements, statement: string, values: Values): Promise<string[]> {
  const { ids } = await queryRow(engine, lockedSchema, statement, values, tx);
  return ids;
}

/** `differing` on shards, where nothing is written yet; how many rows were written elsewhere. */
const recountSchema = z.object({
  shopIds: z.array(z.string()),
  days: z.number(),
  rowsWritten: z.number().default(0),
  rowsDeleted: z.number().default(0),
  differing: z.array(differingSchema).optional(),
  fingerprint: z.string().nullable(),
});

/**
 * Counts and replaces. The fingerprint is of the snapshot that counts, which is younger than the taking of marks: where a
 * migration has changed the definition, either it is seen here, and all is rolled back, or its marks come after those
 * that were taken, and stay.
 *
 * @throws DefinitionNotCurrent where the database has another definition than this code.
 */
async function runRecount(engine: Engine, tx: Statements, statement: string, values: Values): Promise<Recount> {
  const { fingerprint, differing, rowsWritten, rowsDeleted, ...counted } = await queryRow(
    engine,
    recountSchema,
    statement,
    values,
    tx,
  );
  if (fingerprint !== getFingerprint(engine)) throw new DefinitionNotCurrent();
  const [shopId] = counted.shopIds;
  if (shopId === undefined || differing === undefined) return { ...counted, rowsWritten, rowsDeleted };
  return { ...counted, ...(await replaceDays(engine, tx, shopId, differing)) };
}
