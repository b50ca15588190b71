import { countEachDay, isActive, listColumns, toDatedJson, toJson } from "./count-sql.server";

// In both statements: $1 the shop (an array of one), $2 the first day to read, $3 the first day of the range, $4 the
// day after its last, $5 whether to list the days. Their columns are the totals, the series and so on, and `extras`,
// the value of one JSON expression.

/**
 * A read of a range none of whose days is marked: no row otherwise. It says so of the same snapshot that it reads, so
 * its answer needs no second look. Planned in a fraction of the time that the statement below takes.
 */
export function toCleanReadStatement(extras: string): string {
  return `
with active as (
  select a.date, ${listColumns("a")}
  from testimonial_daily_analytics a
  where a.shop_id = any($1::text[])
    and a.date >= $2::date
    and a.date < $4::date
)
${selectRead({ extras, liveDays: "0", oldestMark: "null::timestamp" })}
where not exists (
  select
  from rollup_invalidations i
  where i.shop_id = any($1::text[])
    and i.date >= $2::date
    and i.date < $4::date
)`;
}

/**
 * A read that counts marked days on the spot. `marked` steps from marked day to marked day along the index: its cost
 * follows the marked days, not the marks.
 */
export function toReadStatement(extras: string): string {
  return `
with recursive marked as (
  (
    select i.date, i.marked_at
    from rollup_invalidations i
    where i.shop_id = any($1::text[])
      and i.shop_id = ($1::text[])[1]
      and i.date >= $2::date
      and i.date < $4::date
    order by i.date, i.id
    limit 1
  )
  union all
  select n.date, n.marked_at
  from marked m
  cross join lateral (
    select i.date, i.marked_at
    from rollup_invalidations i
    where i.shop_id = any($1::text[])
      and i.shop_id = ($1::text[])[1]
      and i.date > m.date
      and i.date < $4::date
    order by i.date, i.id
    limit 1
  ) n
),
marked_days as (
  select ($1::text[])[1] as shop_id, m.date from marked m
),
active as (
  select a.date, ${listColumns("a")}
  from testimonial_daily_analytics a
  where a.shop_id = any($1::text[])
    and a.date >= $2::date
    and a.date < $4::date
    and not exists (select from marked m where m.date = a.date)
  union all
  select l.date, ${listColumns("l")}
  from (${countEachDay("marked_days")}) l
  where ${isActive("l")}
)
${selectRead({
  extras,
  liveDays: "(select count(*) from marked m where m.date >= $3::date)",
  oldestMark: "(select min(m.marked_at) from marked m where m.date >= $3::date)",
})}`;
}

function selectRead({
  extras,
  liveDays,
  oldestMark,
}: {
  extras: string;
  liveDays: string;
  oldestMark: string;
}): string {
  return `select
  r.totals,
  r.previous,
  coalesce(r.series, '[]') as series,
  json_build_object(
    'asOf', ${toIso("timezone('utc', statement_timestamp())")},
    'liveDays', ${liveDays},
    'oldestMark', ${toIso(oldestMark)},
    'lastRunAt', (
      select ${toIso("r.finished_at")}
      from rollup_runs r
      where r.kind = 'rollup'
        and r.status in ('ok', 'partial')
        and r.started_at <= timezone('utc', statement_timestamp())
      order by r.started_at desc
      limit 1
    )
  ) as freshness,
  (${extras}) as extras
from (
  select
    ${sumWhere("a.date >= $3::date")} as totals,
    ${sumWhere("a.date < $3::date")} as previous,
    json_agg(${toDatedJson("a")} order by a.date) filter (where $5::boolean and a.date >= $3::date) as series
  from active a
) r`;
}

function sumWhere(condition: string): string {
  return toJson("a", (column) => `coalesce(sum(${column}) filter (where ${condition}), 0)`);
}

function toIso(timestamp: string): string {
  return `to_char(${timestamp}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
