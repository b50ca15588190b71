import { listMetricColumns } from "../definition/count-sql";
import { storedFingerprint } from "../definition/state.server";
import { type Engine, perEngine } from "../engine.server";
import { isMarked } from "../marks/marked-sql";
import { isInstalled } from "../shop-sql";
import {
  countEachDay,
  countRange,
  countRangeOfAll,
  isActive,
  listColumns,
  storedRange,
  storedRangeOfAll,
  toRedundantFilter,
} from "./count-sql";

// The statements that write daily rows. :shopIds are shops that the transaction has locked; where it stands beside :dates,
// once for each of them. What the planner knows of the change log and of today's rows is always old: no join here is one
// that it could get wrong by that.

/** Columns of a counted day `l` (null where it has no data) beside its stored row `a` (null where there is none). */
function besideStored(engine: Engine): string {
  const active = isActive(engine, "l");
  return `
  ${listColumns(engine, "l", (column) => `coalesce(${column}, 0) as ${column.replace("l.", "")}`)},
  a.id as stored_id,
  coalesce(${active}, false) as active,
  case
    when a.id is null then ${active}
    else ${active} is not true or (${listColumns(engine, "a")}) is distinct from (${listColumns(engine, "l")})
  end as differs`;
}

/**
 * The one way a daily row is written. Expects the relation `counted` (shop_id, date and the columns above) and, in
 * `days`, the days to report. A row is inserted or updated where a value differs and deleted where the day became
 * empty; an unchanged row is not touched.
 */
function replaceCounted(engine: Engine, days: "counted" | "days"): string {
  const { definition, names } = engine;
  const columns = listMetricColumns(definition);
  return `
written as (
  insert into ${names.daily} (shop_id, date, ${columns.join(", ")})
  select c.shop_id, c.date, ${listColumns(engine, "c")}
  from counted c
  where c.differs
    and c.active
  on conflict (shop_id, date) do update
  set ${columns.map((column) => `${column} = excluded.${column}`).join(", ")},
    updated_at = timezone('utc', now())
  returning 1
),
removed as (
  delete from ${names.daily} a
  where a.id = any(array(select c.stored_id from counted c where c.stored_id is not null and not c.active))
    ${toRedundantFilter(engine)("a")}
  returning 1
)
select
  coalesce((select array_agg(distinct d.shop_id::text) from ${days} d), '{}') as "shopIds",
  (select count(*) from ${days} d)::int as days,
  (select count(*) from written)::int as "rowsWritten",
  (select count(*) from removed)::int as "rowsDeleted",
  ${storedFingerprint(engine)} as fingerprint`;
}

/**
 * :shopIds and :dates, the shop and the date of each day, side by side. Stored rows are looked up one by one
 * ("offset 0"): joined, all rows of these shops might be read for a few.
 */
export const recountDaysStatement = perEngine(
  (engine) => `
with days as materialized (
  select d.shop_id, d.date
  from unnest(:shopIds, :dates::date[]) as d (shop_id, date)
),
counted as materialized (
  select l.shop_id, l.date, ${besideStored(engine)}
  from (
    ${countEachDay(engine, "days")}
  ) l
  left join lateral (
    select s.*
    from ${engine.names.daily} s
    where s.shop_id = l.shop_id
      ${toRedundantFilter(engine)("s")}
      and s.date = l.date
    offset 0
  ) a on true
),
${replaceCounted(engine, "days")}`,
);

/** Every day of :shopIds from :from up to :until. */
export const recountRangeStatement = perEngine(
  (engine) => `
with live as (
  ${countRange(engine)}
),
stored as (
  ${storedRange(engine)}
),
counted as materialized (
  select shop_id, date, ${besideStored(engine)}
  from live l
  full join stored a using (shop_id, date)
),
${replaceCounted(engine, "counted")}`,
);

/**
 * :shopIds and :dates, side by side, the days to recount, all from :from up to :until. With :markDrift it also marks, for
 * whichever installed shop, the days of the window whose row is wrong although nothing marked them. One pass over the
 * window's source rows serves both.
 */
export const recountWindowStatement = perEngine(
  (engine) => `
with days as materialized (
  select d.shop_id, d.date
  from unnest(:shopIds, :dates::date[]) as d (shop_id, date)
),
live as (
  ${countRangeOfAll(engine)}
),
stored as (
  ${storedRangeOfAll(engine)}
),
compared as materialized (
  select shop_id, date, (shop_id, date) in (select d.shop_id, d.date from days d) as is_taken, ${besideStored(engine)}
  from live l
  full join stored a using (shop_id, date)
),
counted as (
  select c.* from compared c where c.is_taken
),
drift as (
  insert into ${engine.names.marks} (shop_id, date)
  select c.shop_id, c.date
  from compared c
  where :markDrift::boolean
    and c.differs
    and not c.is_taken
    and ${isInstalled(engine, "c.shop_id")}
    and not ${isMarked(engine, "c")}
),
${replaceCounted(engine, "days")}`,
);
