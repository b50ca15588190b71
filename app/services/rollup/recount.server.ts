import type { Prisma } from "@prisma/client";
import { columnList, countEachDay, countRange, isActive, listColumns } from "./count-sql.server";
import type { DayRange } from "./day";
import { db } from "./host.server";

/** What a recount did: the shops and days it counted, and the daily rows it wrote or deleted. */
export type Recount = { shopIds: string[]; days: number; rowsWritten: number; rowsDeleted: number };

/**
 * Long enough for a shop with years of marked days; Prisma's default of five seconds is not. Read committed whatever
 * the database's default: the recount's snapshot must be younger than the lock it waited for.
 */
const transactionOptions = { maxWait: 60_000, timeout: 600_000, isolationLevel: "ReadCommitted" } as const;

/**
 * Recounts up to `maxDays` marked days of these shops and takes their marks, all in one statement and so in one
 * snapshot. Shops that another transaction holds are left alone, with their marks. `days` below `maxDays` says that
 * nothing marked before the call is left of the shops that were free.
 */
export async function recountMarkedDays(shopIds: string[], maxDays: number): Promise<Recount> {
  return db.$transaction(async (tx) => {
    const locked = await tx.$queryRawUnsafe<{ id: string }[]>(
      "select s.id from shops s where s.id = any($1::text[]) order by s.id for no key update skip locked",
      shopIds,
    );
    if (locked.length === 0) return emptyRecount();
    return runRecount(tx, recountMarkedStatement, [locked.map((shop) => shop.id), maxDays]);
  }, transactionOptions);
}

/**
 * Recounts every day of the range for one shop, marked or not, and takes the marks in it. Waits for a transaction that
 * holds the shop. `afterwards` runs in the same transaction: it commits with the new rows or not at all.
 */
export async function recountRange(
  shopId: string,
  range: DayRange,
  afterwards: (tx: Prisma.TransactionClient, recount: Recount) => Promise<void>,
): Promise<Recount> {
  return db.$transaction(async (tx) => {
    const locked = await tx.$queryRawUnsafe<unknown[]>(
      "select s.id from shops s where s.id = any($1::text[]) for no key update",
      [shopId],
    );
    // A shop that is gone holds no lock, and one of the same id may be made at any time.
    const recount =
      locked.length === 0
        ? emptyRecount()
        : await runRecount(tx, recountRangeStatement, [[shopId], range.from, range.until]);
    await afterwards(tx, recount);
    return recount;
  }, transactionOptions);
}

export function emptyRecount(): Recount {
  return { shopIds: [], days: 0, rowsWritten: 0, rowsDeleted: 0 };
}

/** The sum of recounts; a shop in several of them is listed once. */
export function addRecounts(a: Recount, b: Recount): Recount {
  return {
    shopIds: [...new Set([...a.shopIds, ...b.shopIds])],
    days: a.days + b.days,
    rowsWritten: a.rowsWritten + b.rowsWritten,
    rowsDeleted: a.rowsDeleted + b.rowsDeleted,
  };
}

async function runRecount(tx: Prisma.TransactionClient, statement: string, values: unknown[]): Promise<Recount> {
  const [recount] = await tx.$queryRawUnsafe<Recount[]>(statement, ...values);
  return recount ?? emptyRecount();
}

/**
 * The one way a daily row is written. Expects the relation `counted` (shop_id, date, the metric columns). A row is
 * inserted or updated where a value differs and deleted where the day became empty; an unchanged row is not touched.
 */
const replaceCounted = `
changed as (
  select c.*, ${isActive("c")} as active
  from counted c
  left join testimonial_daily_analytics a
    on a.shop_id = c.shop_id
    and a.date = c.date
    and a.shop_id = any($1::text[])
  where case
    when a.shop_id is null then ${isActive("c")}
    else not ${isActive("c")} or (${listColumns("a")}) is distinct from (${listColumns("c")})
  end
),
written as (
  insert into testimonial_daily_analytics (shop_id, date, ${columnList})
  select c.shop_id, c.date, ${listColumns("c")}
  from changed c
  where c.active
  on conflict (shop_id, date) do update
  set ${listColumns("excluded", (column) => `${column.replace("excluded.", "")} = ${column}`)},
    updated_at = timezone('utc', now())
  returning 1
),
removed as (
  delete from testimonial_daily_analytics a
  using changed c
  where a.shop_id = any($1::text[])
    and a.shop_id = c.shop_id
    and a.date = c.date
    and not c.active
  returning 1
)
select
  coalesce((select array_agg(distinct c.shop_id) from counted c), '{}') as "shopIds",
  (select count(*) from counted c)::int as days,
  (select count(*) from written)::int as "rowsWritten",
  (select count(*) from removed)::int as "rowsDeleted"`;

/** $1 the shops, $2 the most days to take. */
const recountMarkedStatement = `
with days as materialized (
  select distinct i.shop_id, i.date
  from rollup_invalidations i
  where i.shop_id = any($1::text[])
  order by i.shop_id, i.date
  limit $2::int
),
taken as (
  delete from rollup_invalidations i
  using days d
  where i.shop_id = any($1::text[])
    and i.shop_id = d.shop_id
    and i.date = d.date
),
counted as materialized (
  ${countEachDay("days")}
),
${replaceCounted}`;

/** $1 the shops, $2 the first day, $3 the day after the last. */
const recountRangeStatement = `
with taken as (
  delete from rollup_invalidations i
  where i.shop_id = any($1::text[])
    and i.date >= $2::date
    and i.date < $3::date
),
live as (
  ${countRange()}
),
stored as (
  select a.shop_id, a.date
  from testimonial_daily_analytics a
  where a.shop_id = any($1::text[])
    and a.date >= $2::date
    and a.date < $3::date
),
counted as materialized (
  select shop_id, date, ${listColumns("l", (column) => `coalesce(${column}, 0) as ${column.replace("l.", "")}`)}
  from live l
  full join stored using (shop_id, date)
),
${replaceCounted}`;
