import { db, settings } from "./host.server";

/** A shop in the change log. `isGone`: its row in shops was deleted. */
export type MarkedShop = { shopId: string; isInstalled: boolean; isGone: boolean };

/** The next `limit` shops in the change log behind `after`, or from the first, up to `until`, or to the last, in order. */
export async function listMarkedShops({
  after,
  until,
  limit,
}: {
  after: string | null;
  until: string | null;
  limit: number;
}): Promise<MarkedShop[]> {
  const statement = settings.isSharded ? listByGroup : listByStep;
  const marked = await db.$queryRawUnsafe<{ shopId: string }[]>(statement, after, until, limit);
  if (marked.length === 0) return [];
  const shops = await db.$queryRawUnsafe<{ id: string; isInstalled: boolean }[]>(
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

/** Marked days of installed shops: what a drain has left to do. */
export async function countMarkedDays(): Promise<number> {
  const [row] = await db.$queryRawUnsafe<{ days: number }[]>(`
select count(*)::int as days
from (select distinct i.shop_id, i.date, i.parent_id from rollup_marks i) m
join shops s on s.id = m.shop_id
where s.uninstalled_at is null`);
  return row?.days ?? 0;
}

/** Drops the marks of those shops that have no row in shops any more. */
export async function dropMarksOfGoneShops(shopIds: string[]): Promise<void> {
  await db.$executeRawUnsafe(
    `
delete from rollup_marks i
where i.shop_id = any($1::text[])
  and not exists (select from shops s where s.id = i.shop_id and s.id = any($1::text[]))`,
    shopIds,
  );
}

/** When the oldest mark of an installed shop was made, as ISO 8601, or null when nothing is marked. */
export async function getOldestMark(): Promise<string | null> {
  const [row] = await db.$queryRawUnsafe<{ markedAt: string | null }[]>(`
select to_char(min(i.marked_at), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "markedAt"
from rollup_marks i
join shops s on s.id = i.shop_id
where s.uninstalled_at is null`);
  return row?.markedAt ?? null;
}
