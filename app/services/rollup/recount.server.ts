import type { Prisma } from "@prisma/client";
import { alsoOfShops } from "./count-sql.server";
import type { DayRange } from "./day";
import { DefinitionNotCurrent, fingerprint } from "./definition-state.server";
import { db } from "./host.server";
import {
  recountDaysStatement,
  recountRangeStatement,
  recountWindowStatement,
  resolveRowsStatement,
  takeMarksStatement,
  takeRangeStatement,
} from "./recount-sql.server";

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
  shopIds: string[],
  maxDays: number,
): Promise<Recount & { isComplete: boolean }> {
  await addShops(shopIds);
  return db.$transaction(async (tx) => {
    const locked = await lockShops(tx, lockFree, shopIds);
    if (locked.length === 0) return { ...nothing, isComplete: true };
    const taken = await takeMarks(tx, takeMarksStatement, [locked, maxDays]);
    const days = joinDays(taken.days, await resolveRows(tx, taken.rows));
    const recount = await runRecount(tx, recountDaysStatement, toColumns(days));
    return { ...recount, isComplete: taken.days.length < maxDays && taken.rows.length < maxDays };
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
  window: DayRange,
  { maxShops, markDrift }: { maxShops: number; markDrift: boolean },
): Promise<Recount & { lockedShops: number }> {
  return db.$transaction(async (tx) => {
    const locked = await lockShops(tx, lockFreeInWindow, window.from, window.until, maxShops);
    const { days } = await takeMarks(tx, takeRangeStatement, [locked, window.from, window.until]);
    const [shopIds, dates] = toColumns(days);
    const recount = await runRecount(tx, recountWindowStatement, [
      shopIds,
      window.from,
      window.until,
      dates,
      markDrift,
    ]);
    return { ...recount, lockedShops: locked.length };
  }, transactionOptions);
}

/**
 * Recounts every day of the range for these shops, marked or not, and takes the marks of its days. For one shop it waits
 * for a transaction that holds it. With several shops it never waits while holding locks: if one is taken, it fails.
 * `afterwards` runs in the same transaction: it commits with the new rows or not at all.
 */
export async function recountRange(
  shopIds: string[],
  range: DayRange,
  afterwards: (tx: Prisma.TransactionClient, recount: Recount) => Promise<void>,
): Promise<Recount> {
  await addShops(shopIds);
  return db.$transaction(async (tx) => {
    // A shop that is gone holds no lock, and one of the same id may be made at any time.
    const locked = await lockShops(tx, shopIds.length > 1 ? lockAtOnce : lockPatiently, shopIds);
    const scope = [locked, range.from, range.until];
    await takeMarks(tx, takeRangeStatement, scope);
    const recount = await runRecount(tx, recountRangeStatement, scope);
    await afterwards(tx, recount);
    return recount;
  }, transactionOptions);
}

const nothing: Recount = { shopIds: [], days: 0, rowsWritten: 0, rowsDeleted: 0 };

// What is locked is the rollup's own row of a shop, so that no write to the host's shops waits for a recount.

/** Of these shops only the marked ones: another run may have been there since they were listed. */
const lockFree = `
select r.shop_id as id
from rollup_shops r
where r.shop_id = any($1::text[])
  and exists (select from rollup_marks m where m.shop_id = r.shop_id ${alsoOfShops("m")} offset 0)
order by r.shop_id
for no key update of r skip locked`;
const lockAtOnce =
  "select r.shop_id as id from rollup_shops r where r.shop_id = any($1::text[]) for no key update nowait";
const lockPatiently = "select r.shop_id as id from rollup_shops r where r.shop_id = any($1::text[]) for no key update";
const lockFreeInWindow = `
select r.shop_id as id
from rollup_shops r
join shops s on s.id = r.shop_id
where s.uninstalled_at is null
  and r.shop_id in (select m.shop_id from rollup_marks m where m.date >= $1::date and m.date < $2::date)
order by r.shop_id
limit $3::int
for no key update of r skip locked`;

/** Makes the rows that are locked, for shops that have none yet. */
const addShopsStatement = `
insert into rollup_shops (shop_id)
select s.id
from shops s
where s.id = any($1::text[])
  and not exists (select from rollup_shops r where r.shop_id = s.id ${alsoOfShops("r")} offset 0)
on conflict do nothing`;

/** By itself, before the transaction that locks: another process that makes the same row is waited for only so long. */
async function addShops(shopIds: string[]): Promise<void> {
  await db.$executeRawUnsafe(addShopsStatement, shopIds);
}

/** Runs one of the statements above. Its ids come as one value: thousands of rows would take longer than the lock. */
async function lockShops(tx: Prisma.TransactionClient, statement: string, ...values: unknown[]): Promise<string[]> {
  const [locked] = await tx.$queryRawUnsafe<{ ids: string[] }[]>(
    `select coalesce(array_agg(l.id), '{}') as ids from (${statement}) l`,
    ...values,
  );
  return locked?.ids ?? [];
}

/** A day or a row of a shop: its id, and the date or the row's key. */
type Marked = [shopId: string, mark: string];

async function takeMarks(
  tx: Prisma.TransactionClient,
  statement: string,
  values: unknown[],
): Promise<{ days: Marked[]; rows: Marked[] }> {
  const [taken] = await tx.$queryRawUnsafe<{ days: Marked[]; rows: Marked[] }[]>(statement, ...values);
  return taken ?? { days: [], rows: [] };
}

/** The days that these rows contribute to, in a snapshot that sees what marked them. */
async function resolveRows(tx: Prisma.TransactionClient, rows: Marked[]): Promise<Marked[]> {
  if (rows.length === 0) return [];
  const [resolved] = await tx.$queryRawUnsafe<{ days: Marked[] }[]>(resolveRowsStatement, ...toColumns(rows));
  return resolved?.days ?? [];
}

/** Both lists, each day once. */
function joinDays(days: Marked[], more: Marked[]): Marked[] {
  if (more.length === 0) return days;
  return [...new Map([...days, ...more].map((day) => [JSON.stringify(day), day])).values()];
}

function toColumns(marked: Marked[]): [string[], string[]] {
  return [marked.map(([shopId]) => shopId), marked.map(([, mark]) => mark)];
}

/**
 * Counts and replaces. The fingerprint is of the snapshot that counts, which is younger than the taking of marks: where a
 * migration has changed the definition, either it is seen here, and all is rolled back, or its marks come after those
 * that were taken, and stay.
 *
 * @throws DefinitionNotCurrent where the database has another definition than this code.
 */
async function runRecount(tx: Prisma.TransactionClient, statement: string, values: unknown[]): Promise<Recount> {
  const [counted] = await tx.$queryRawUnsafe<(Recount & { fingerprint: string | null })[]>(statement, ...values);
  if (!counted) return nothing;
  const { fingerprint: stored, ...recount } = counted;
  if (stored !== fingerprint) throw new DefinitionNotCurrent();
  return recount;
}
