import {
  alsoOfShops,
  columnList,
  countEachDay,
  countRange,
  countRangeOfAll,
  isActive,
  listColumns,
  storedRange,
  storedRangeOfAll,
} from "./count-sql.server";
import { listDaysOfParents } from "./definition/marking-sql";
import { storedFingerprint } from "./definition-state.server";
import { isMarked } from "./marked-sql.server";
import { rollup } from "./metrics";

// The statements that take marks and write daily rows. In each $1 is a text[] of shops, which the transaction has locked;
// where it stands beside a list of dates, once for each of them. The change
// log fills and empties all day, so that what the planner knows of it is always old: no join here is one that it could
// get wrong by that.

/** Columns of a counted day `l` (null where it has no data) beside its stored row `a` (null where there is none). */
const besideStored = `
  ${listColumns("l", (column) => `coalesce(${column}, 0) as ${column.replace("l.", "")}`)},
  a.id as stored_id,
  coalesce(${isActive("l")}, false) as active,
  case
    when a.id is null then ${isActive("l")}
    else ${isActive("l")} is not true or (${listColumns("a")}) is distinct from (${listColumns("l")})
  end as differs`;

/**
 * The one way a daily row is written. Expects the relation `counted` (shop_id, date and the columns above) and, in
 * `days`, the days to report. A row is inserted or updated where a value differs and deleted where the day became
 * empty; an unchanged row is not touched.
 */
function replaceCounted(days: "counted" | "days"): string {
  return `
written as (
  insert into testimonial_daily_analytics (shop_id, date, ${columnList})
  select c.shop_id, c.date, ${listColumns("c")}
  from counted c
  where c.differs
    and c.active
  on conflict (shop_id, date) do update
  set ${listColumns("excluded", (column) => `${column.replace("excluded.", "")} = ${column}`)},
    updated_at = timezone('utc', now())
  returning 1
),
removed as (
  delete from testimonial_daily_analytics a
  where a.id = any(array(select c.stored_id from counted c where c.stored_id is not null and not c.active))
    ${alsoOfShops("a")}
  returning 1
)
select
  coalesce((select array_agg(distinct d.shop_id) from ${days} d), '{}') as "shopIds",
  (select count(*) from ${days} d)::int as days,
  (select count(*) from written)::int as "rowsWritten",
  (select count(*) from removed)::int as "rowsDeleted",
  ${storedFingerprint} as fingerprint`;
}

/**
 * $1 the shops, $2 the most days, and the most rows, to take. Takes the marks of the first days in order, all of each, and
 * some of those that name rows. Answers with the days, and with the rows.
 */
export const takeMarksStatement = `
with days as materialized (
  select distinct m.shop_id, m.date
  from rollup_marks m
  where m.shop_id = any($1::text[])
    and m.date is not null
  order by m.shop_id, m.date
  limit $2::int
),
taken_days as (
  delete from rollup_marks m
  where m.shop_id = any($1::text[])
    and m.date is not null
    and (m.shop_id, m.date) <= (
      select d.shop_id, d.date from days d order by d.shop_id desc, d.date desc limit 1
    )
),
taken_rows as (
  delete from rollup_marks m
  where m.shop_id = any($1::text[])
    and m.ctid = any(array(
      select w.ctid
      from rollup_marks w
      where w.shop_id = any($1::text[])
        and w.date is null
      limit $2::int
    ))
  returning m.shop_id, m.parent_id
)
select
  coalesce((select json_agg(json_build_array(d.shop_id, d.date)) from days d), '[]') as days,
  coalesce(
    (select json_agg(json_build_array(r.shop_id, r.parent_id)) from (select distinct * from taken_rows) r),
    '[]'
  ) as rows`;

/** Takes the marks of the days from $2 up to $3 (the end excluded) of the shops $1. Answers with the days. */
export const takeRangeStatement = `
with taken as (
  delete from rollup_marks m
  where m.shop_id = any($1::text[])
    and m.date >= $2::date
    and m.date < $3::date
  returning m.shop_id, m.date
)
select
  coalesce((select json_agg(json_build_array(d.shop_id, d.date)) from (select distinct * from taken) d), '[]') as days,
  '[]'::json as rows`;

/** The days that marked rows contribute to: $1 the shops and $2 the keys of the rows, side by side. */
export const resolveRowsStatement = `
select coalesce(json_agg(json_build_array(d.shop_id, d.date)), '[]') as days
from (
  ${listDaysOfParents(rollup, "unnest($1::text[], $2::text[]) as m (shop_id, parent_id)", {
    within: () => ["x.shop_id = any($1::text[])"],
  }).join("\n  union\n  ")}
) d`;

/**
 * $1 and $2 the shop and the date of each day, side by side. Stored rows are looked up one by one
 * ("offset 0"): joined, all rows of these shops might be read for a few.
 */
export const recountDaysStatement = `
with days as materialized (
  select d.shop_id, d.date
  from unnest($1::text[], $2::date[]) as d (shop_id, date)
),
counted as materialized (
  select l.shop_id, l.date, ${besideStored}
  from (
    ${countEachDay("days")}
  ) l
  left join lateral (
    select s.*
    from testimonial_daily_analytics s
    where s.shop_id = l.shop_id
      ${alsoOfShops("s")}
      and s.date = l.date
    offset 0
  ) a on true
),
${replaceCounted("days")}`;

/** $1 the shops, $2 the first day, $3 the day after the last. */
export const recountRangeStatement = `
with live as (
  ${countRange()}
),
stored as (
  ${storedRange()}
),
counted as materialized (
  select shop_id, date, ${besideStored}
  from live l
  full join stored a using (shop_id, date)
),
${replaceCounted("counted")}`;

/**
 * $2 the first day of the window, $3 the day after the last, $1 and $4 the shop and the date of each day to recount, side
 * by side, $5 whether to look for drift. With $5 it also marks, for whichever installed shop, the days of the window
 * whose row is wrong although nothing marked them. One pass over the window's source rows serves both.
 */
export const recountWindowStatement = `
with days as materialized (
  select d.shop_id, d.date
  from unnest($1::text[], $4::date[]) as d (shop_id, date)
),
live as (
  ${countRangeOfAll()}
),
stored as (
  ${storedRangeOfAll()}
),
compared as materialized (
  select shop_id, date, (shop_id, date) in (select d.shop_id, d.date from days d) as is_taken, ${besideStored}
  from live l
  full join stored a using (shop_id, date)
),
counted as (
  select c.* from compared c where c.is_taken
),
drift as (
  insert into rollup_marks (shop_id, date)
  select c.shop_id, c.date
  from compared c
  where $5::boolean
    and c.differs
    and not c.is_taken
    and exists (select from shops s where s.id = c.shop_id and s.uninstalled_at is null offset 0)
    and not ${isMarked("c")}
),
${replaceCounted("days")}`;
