import {
  alsoOfShops,
  columnList,
  countEachDay,
  countRange,
  countRangeOfAll,
  isActive,
  listColumns,
} from "./count-sql.server";

// The statements that write daily rows. In each $1 is the text[] of shops, which the transaction has locked.

/** The stored rows of `counted`, one by one ("offset 0"): joined, all rows of these shops would be read for a few days. */
const storedOneByOne = `lateral (
    select s.*
    from testimonial_daily_analytics s
    where s.shop_id = c.shop_id
      ${alsoOfShops("s")}
      and s.date = c.date
    offset 0
  ) a on true`;

/**
 * The one way a daily row is written. Expects the relation `counted` (shop_id, date, the metric columns), and how to
 * join it, `c`, with the stored rows, `a`. A row is inserted or updated where a value differs and deleted where the day
 * became empty; an unchanged row is not touched.
 */
function replaceCounted(stored: string): string {
  return `
changed as (
  select c.*, a.id as stored_id, ${isActive("c")} as active
  from counted c
  left join ${stored}
  where case
    when a.id is null then ${isActive("c")}
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
  where a.id = any(array(select c.stored_id from changed c where c.stored_id is not null and not c.active))
    ${alsoOfShops("a")}
  returning 1
)
select
  coalesce((select array_agg(distinct c.shop_id) from counted c), '{}') as "shopIds",
  (select count(*) from counted c)::int as days,
  (select count(*) from written)::int as "rowsWritten",
  (select count(*) from removed)::int as "rowsDeleted"`;
}

function orZero(column: string): string {
  return `coalesce(${column}, 0) as ${column.replace("l.", "")}`;
}

/** The stored rows of `counted` out of the relation `stored`, which has all of a range. */
const storedJoined = "stored a on a.shop_id = c.shop_id and a.date = c.date";

/** $1 the shops, $2 the most days to take. */
export const recountMarkedStatement = `
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
  where i.shop_id = d.shop_id
    and i.date = d.date
    ${alsoOfShops("i")}
),
counted as materialized (
  ${countEachDay("days")}
),
${replaceCounted(storedOneByOne)}`;

/** $1 the shops, $2 the first day, $3 the day after the last. */
export const recountRangeStatement = `
with taken as (
  delete from rollup_invalidations i
  where i.shop_id = any($1::text[])
    and i.date >= $2::date
    and i.date < $3::date
),
live as (
  ${countRange()}
),
stored as materialized (
  select a.*
  from testimonial_daily_analytics a
  where a.shop_id = any($1::text[])
    and a.date >= $2::date
    and a.date < $3::date
),
counted as materialized (
  select shop_id, date, ${listColumns("l", orZero)}
  from live l
  full join (select shop_id, date from stored) s using (shop_id, date)
),
${replaceCounted(storedJoined)}`;

/**
 * $1 the shops, $2 the first day, $3 the day after the last, $4 whether to look for drift. Recounts the marked days of
 * these shops in the window. With $4 it also marks, for whichever installed shop, the days of the window whose row is
 * wrong although nothing marked them. One pass over the window's source rows serves both. The shops are joined, since
 * the planner would look at each of thousands in an array.
 */
export const recountWindowStatement = `
with days as materialized (
  select distinct i.shop_id, i.date
  from rollup_invalidations i
  join unnest($1::text[]) as locked (shop_id) on locked.shop_id = i.shop_id
  where i.date >= $2::date
    and i.date < $3::date
),
taken as (
  delete from rollup_invalidations i
  using unnest($1::text[]) as locked (shop_id)
  where i.shop_id = locked.shop_id
    and i.date >= $2::date
    and i.date < $3::date
),
live as materialized (
  ${countRangeOfAll()}
),
stored as materialized (
  select a.*
  from testimonial_daily_analytics a
  where a.date >= $2::date
    and a.date < $3::date
),
counted as materialized (
  select d.shop_id, d.date, ${listColumns("l", orZero)}
  from days d
  left join live l on l.shop_id = d.shop_id and l.date = d.date
),
drift as (
  select coalesce(l.shop_id, a.shop_id) as shop_id, coalesce(l.date, a.date) as date
  from (select * from live l where ${isActive("l")}) l
  full join stored a
    on a.shop_id = l.shop_id
    and a.date = l.date
  where $4::boolean
    and (${listColumns("l")}) is distinct from (${listColumns("a")})
),
repair as (
  insert into rollup_invalidations (shop_id, date)
  select d.shop_id, d.date
  from drift d
  join shops s on s.id = d.shop_id and s.uninstalled_at is null
  where not exists (select from rollup_invalidations i where i.shop_id = d.shop_id and i.date = d.date)
),
${replaceCounted(storedJoined)}`;
