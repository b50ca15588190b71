import { z } from "zod";
import { type Engine, perEngine } from "../engine.server";
import { queryRow } from "../query.server";
import { isInstalled, isInstalledShop, shopKey, shopTable } from "../shop-sql";
import { stepThroughShops } from "./step-sql";

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
