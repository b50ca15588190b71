import { z } from "zod";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { execute, queryRow, queryRows } from "../query.server";
import { isInstalled, isInstalledShop, shopKey, shopTable } from "../shop-sql";

/** A shop in the change log. `isGone`: its row in the host's table of shops was deleted. */
export type MarkedShop = { shopId: string; isInstalled: boolean; isGone: boolean };

/** A part of the change log: after `after`, or from the first shop, up to `until`, or to the last. */
type Page = { after: string | null; until: string | null; limit: number };

/** The next `limit` shops in that part of the change log, in order. */
export async function listMarkedShops(
  engine: Engine,
  { after, until, limit }: Page,
  client?: Statements,
): Promise<MarkedShop[]> {
  const statement = engine.settings.isSharded ? listByGroup(engine) : listByStep(engine);
  const page = { afterShopId: after, untilShopId: until, limit };
  const marked = await queryRows(engine, z.object({ shopId: z.string() }), statement, page, client);
  if (marked.length === 0) return [];
  const shops = await queryRows(
    engine,
    z.object({ shopId: z.string(), isInstalled: z.boolean() }),
    listInstalledStatement(engine),
    { shopIds: marked.map(({ shopId }) => shopId) },
    client,
  );
  const installed = new Map(shops.map((shop) => [shop.shopId, shop.isInstalled]));
  return marked.map(({ shopId }) => ({
    shopId,
    isInstalled: installed.get(shopId) ?? false,
    isGone: !installed.has(shopId),
  }));
}

const listInstalledStatement = perEngine(
  (engine) => `
select ${shopKey(engine)}::text as "shopId", (${isInstalledShop(engine)}) is true as "isInstalled"
from ${shopTable(engine)}
where ${shopKey(engine)} = any(:shopIds)`,
);

/**
 * The relation `marked` (shop_id): marked shops in order. It steps from shop to shop along the index, so the cost follows
 * the shops and not their marks. `within` narrows the marks `i`.
 */
function stepThroughShops({ names }: Engine, { first = "true", each = "true" } = {}): string {
  return `marked as (
  (
    select i.shop_id
    from ${names.marks} i
    where ${first}
      and ${each}
    order by i.shop_id
    limit 1
  )
  union all
  select n.shop_id
  from marked m
  cross join lateral (
    select i.shop_id
    from ${names.marks} i
    where i.shop_id > m.shop_id
      and ${each}
    order by i.shop_id
    limit 1
  ) n
)`;
}

const isAfter = "(:afterShopId is null or i.shop_id > :afterShopId)";
const isUntil = "(:untilShopId is null or i.shop_id <= :untilShopId)";

const listByStep = perEngine(
  (engine) => `
with recursive ${stepThroughShops(engine, { first: isAfter, each: isUntil })}
select m.shop_id::text as "shopId" from marked m limit :limit::int`,
);

/** The same over all shards, which refuse to step: the cost follows the marks. */
const listByGroup = perEngine(
  ({ names }) => `
select i.shop_id::text as "shopId"
from ${names.marks} i
where ${isAfter}
  and ${isUntil}
group by i.shop_id
order by i.shop_id
limit :limit::int`,
);

/** How far `countMarkedDays` counts. */
export const maxCountedDays = 10_000;

/**
 * Marked days, and marked rows, of installed shops: what a drain has left to do. Exact below `maxCountedDays`, at which
 * it stops: there are as many at least. So it costs a fraction of a second, however long the change log is.
 */
export async function countMarkedDays(engine: Engine): Promise<number> {
  const statement = engine.settings.isSharded ? countByGroup(engine) : countByStep(engine);
  const { days } = await queryRow(engine, z.object({ days: z.number() }), statement, { limit: maxCountedDays });
  return days;
}

/**
 * Steps from shop to shop and, of the installed ones, from day to day, so the cost follows the days and not their marks. Marks
 * of rows are looked at one by one: a row may be marked more than once.
 */
const countByStep = perEngine(
  (engine) => `
with recursive ${stepThroughShops(engine)}
select count(*)::int as days
from (
  select
  from marked m
  cross join lateral (select where ${isInstalled(engine, "m.shop_id")}) s
  cross join lateral (
    with recursive days as (
      (
        select i.date
        from ${engine.names.marks} i
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
        from ${engine.names.marks} i
        where i.shop_id = m.shop_id
          and i.date > d.date
        order by i.date
        limit 1
      ) n
    )
    select from days
    union all
    select
    from (select distinct i.parent_id from ${engine.names.marks} i where i.shop_id = m.shop_id and i.date is null) r
  ) d
  limit :limit::int
) c`,
);

/** The same over all shards, which refuse to step: the cost follows the marks. */
const countByGroup = perEngine(
  (engine) => `
select least(count(*), :limit::int)::int as days
from (select distinct i.shop_id, i.date, i.parent_id from ${engine.names.marks} i) m
join ${shopTable(engine)} on ${shopKey(engine)} = m.shop_id
where ${isInstalledShop(engine)}`,
);

/** Drops the marks of those shops whose row in the host's table is gone, and what a recount beside their end has left. */
export async function dropMarksOfGoneShops(engine: Engine, shopIds: string[]): Promise<void> {
  const { daily, marks } = engine.names;
  for (const table of [daily, marks]) await execute(engine, deleteOfGoneShops(engine, table), { shopIds });
}

/** Deletes the rows of `table` of those of :shopIds whose row in the host's table is gone. */
export function deleteOfGoneShops(engine: Engine, table: string): string {
  return `
delete from ${table} x
where x.shop_id = any(:shopIds)
  and not exists (
    select from ${shopTable(engine)} where ${shopKey(engine)} = x.shop_id and ${shopKey(engine)} = any(:shopIds)
  )`;
}
