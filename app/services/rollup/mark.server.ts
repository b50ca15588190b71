import type { Prisma } from "@prisma/client";
import { db, settings } from "./host.server";

/** A shop in the change log. `isGone`: its row in shops was deleted. */
export type MarkedShop = { shopId: string; isInstalled: boolean; isGone: boolean };

/** A part of the change log: behind `after`, or from the first shop, up to `until`, or to the last. */
type Page = { after: string | null; until: string | null; limit: number };

/** The next `limit` shops in that part of the change log, in order. */
export async function listMarkedShops(
  { after, until, limit }: Page,
  client: Prisma.TransactionClient = db,
): Promise<MarkedShop[]> {
  const statement = settings.isSharded ? listByGroup : listByStep;
  const marked = await client.$queryRawUnsafe<{ shopId: string }[]>(statement, after, until, limit);
  if (marked.length === 0) return [];
  const shops = await client.$queryRawUnsafe<{ id: string; isInstalled: boolean }[]>(
    'select s.id, s.uninstalled_at is null as "isInstalled" from shops s where s.id = any($1::text[])',
    marked.map(({ shopId }) => shopId),
  );
  const isInstalled = new Map(shops.map((shop) => [shop.id, shop.isInstalled]));
  return marked.map(({ shopId }) => ({
    shopId,
    isInstalled: isInstalled.get(shopId) ?? false,
    isGone: !isInstalled.has(shopId),
  }));
}

/** Steps from shop to shop along the index, so the cost follows the shops and not their marks. */
const listByStep = `
with recursive marked as (
  (
    select i.shop_id
    from rollup_marks i
    where ($1::text is null or i.shop_id > $1::text)
      and ($2::text is null or i.shop_id <= $2::text)
    order by i.shop_id
    limit 1
  )
  union all
  select n.shop_id
  from marked m
  cross join lateral (
    select i.shop_id
    from rollup_marks i
    where i.shop_id > m.shop_id
      and ($2::text is null or i.shop_id <= $2::text)
    order by i.shop_id
    limit 1
  ) n
)
select m.shop_id as "shopId" from marked m limit $3::int`;

/** The same over all shards, which refuse to step: the cost follows the marks. */
const listByGroup = `
select i.shop_id as "shopId"
from rollup_marks i
where ($1::text is null or i.shop_id > $1::text)
  and ($2::text is null or i.shop_id <= $2::text)
group by i.shop_id
order by i.shop_id
limit $3::int`;

/** How far `countMarkedDays` counts. */
export const maxCountedDays = 10_000;

/**
 * Marked days, and marks of rows, of installed shops: what a drain has left to do. Exact below `maxCountedDays`, at which
 * it stops: there are as many at least. So it costs a fraction of a second, however long the change log is.
 */
export async function countMarkedDays(): Promise<number> {
  const statement = settings.isSharded ? countByGroup : countByStep;
  const [row] = await db.$queryRawUnsafe<{ days: number }[]>(statement, maxCountedDays);
  return row?.days ?? 0;
}

/** Steps from shop to shop and, of the installed ones, from day to day, so the cost follows the days and not their marks. */
const countByStep = `
with recursive marked as (
  (
    select i.shop_id
    from rollup_marks i
    order by i.shop_id
    limit 1
  )
  union all
  select n.shop_id
  from marked m
  cross join lateral (
    select i.shop_id
    from rollup_marks i
    where i.shop_id > m.shop_id
    order by i.shop_id
    limit 1
  ) n
)
select count(*)::int as days
from (
  select
  from marked m
  cross join lateral (
    select from shops s where s.id = m.shop_id and s.uninstalled_at is null offset 0
  ) s
  cross join lateral (
    with recursive days as (
      (
        select i.date
        from rollup_marks i
        where i.shop_id = m.shop_id
          and i.date is not null
        order by i.date
        limit 1
      )
      union all
      select n.date
      from days d
      cross join lateral (
        select i.date
        from rollup_marks i
        where i.shop_id = m.shop_id
          and i.date > d.date
        order by i.date
        limit 1
      ) n
    )
    select from days
    union all
    select from rollup_marks i where i.shop_id = m.shop_id and i.date is null
  ) d
  limit $1::int
) c`;

/** The same over all shards, which refuse to step: the cost follows the marks. */
const countByGroup = `
select least(count(*), $1::int)::int as days
from (select distinct i.shop_id, i.date, i.parent_id from rollup_marks i) m
join shops s on s.id = m.shop_id
where s.uninstalled_at is null`;

/** Drops the marks of those shops that have no row in shops any more, and what a recount beside their end has left. */
export async function dropMarksOfGoneShops(shopIds: string[]): Promise<void> {
  for (const table of ["testimonial_daily_analytics", "rollup_marks"]) {
    await db.$executeRawUnsafe(
      `
delete from ${table} x
where x.shop_id = any($1::text[])
  and not exists (select from shops s where s.id = x.shop_id and s.id = any($1::text[]))`,
      shopIds,
    );
  }
}
