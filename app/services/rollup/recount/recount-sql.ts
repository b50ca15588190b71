import { listMetricColumns } from "../definition/count-sql";
import { isSealedDay } from "../definition/seal-sql";
import { storedFingerprint } from "../definition/state.server";
import { type Engine, perEngine } from "../engine.server";
import { nextXid } from "../jobs/quiet";
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

/** The one way a daily row is written, inserted or updated from `rows` of the columns (shop_id, date, and the metrics'). */
export function toUpsert({ definition, names }: Engine, rows: string): string {
  const columns = listMetricColumns(definition);
  return `insert into ${names.daily} (shop_id, date, ${columns.join(", ")})
  ${rows}
  on conflict (shop_id, date) do update
  set ${columns.map((column) => `${column} = excluded.${column}`).join(", ")},
    updated_at = excluded.updated_at`;
}

/**
 * Ends a statement that has the relation `counted` (shop_id, date and the columns above). A row is inserted or updated
 * where a value differs and deleted where the day became empty; an unchanged row is not touched. `days` are to report.
 */
function replaceCounted(engine: Engine, days: "counted" | "days"): string {
  if (engine.settings.isSharded) return reportCounted(engine, days);
  const upsert = toUpsert(
    engine,
    `select c.shop_id, c.date, ${listColumns(engine, "c")}
  from counted c
  where c.differs
    and c.active`,
  );
  return `,
written as (
  ${upsert}
  returning 1
),
removed as (
  delete from ${engine.names.daily} a
  where a.id = any(array(select c.stored_id from counted c where c.stored_id is not null and not c.active))
  returning 1
)
select
  ${reportDays(engine, days)},
  (select count(*) from written)::int as "rowsWritten",
  (select count(*) from removed)::int as "rowsDeleted"`;
}

/**
 * On shards a statement that writes what it counts is cut into pieces that are sent one by one. So it only counts there,
 * and answers with the rows to write: the next statements of the transaction have them as constants.
 */
function reportCounted(engine: Engine, days: "counted" | "days"): string {
  return `
select
  ${reportDays(engine, days)},
  coalesce(
    (
      select json_agg(json_build_array(c.date, c.active, ${listColumns(engine, "c")}))
      from counted c
      where c.differs
    ),
    '[]'
  ) as differing`;
}

function reportDays(engine: Engine, days: "counted" | "days"): string {
  return `coalesce((select array_agg(distinct d.shop_id::text) from ${days} d), '{}') as "shopIds",
  (select count(*) from ${days} d)::int as days,
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
)${replaceCounted(engine, "days")}`,
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
)${replaceCounted(engine, "counted")}`,
);

/**
 * :shopIds and :dates, side by side, the days to recount, all from :from up to :until. With :markDrift it also marks, for
 * whichever installed shop, the open days of the window whose row is wrong although nothing marked them. One pass over the
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
    and not ${isSealedDay(engine.definition, "c")}
    and not ${isMarked(engine, "c")}
)${replaceCounted(engine, "days")},
  ${nextXid(engine)} as "nextXid"`,
);
