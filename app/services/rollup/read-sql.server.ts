import { countEachDay, isActive, listColumns, toJson } from "./count-sql.server";

function sumWhere(condition: string): string {
  return toJson("a", (column) => `coalesce(sum(${column}) filter (where ${condition}), 0)`);
}

/** The statement of a read: its columns are the totals, the series and so on, and `extras`, one JSON value. */
export function toReadStatement(extras = "null::json"): string {
  return `${readStatement},
  (${extras}) as extras`;
}

/**
 * $1 the shop (an array of one), $2 the first day to read, $3 the first day of the range, $4 the day after its last,
 * $5 whether to list the days. `marked` steps from marked day to marked day along the index: its cost follows the
 * marked days, not the marks.
 */
const readStatement = `
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
select
  (select ${sumWhere("a.date >= $3::date")} from active a) as totals,
  (select ${sumWhere("a.date < $3::date")} from active a) as previous,
  case
    when $5::boolean then coalesce(
      (
        select json_agg(
          to_jsonb(${toJson("a")}) || jsonb_build_object('date', to_char(a.date, 'YYYY-MM-DD'))
          order by a.date
        )
        from active a
        where a.date >= $3::date
      ),
      '[]'
    )
    else '[]'
  end as series,
  json_build_object(
    'asOf', to_char(timezone('utc', statement_timestamp()), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'liveDays', (select count(*) from marked m where m.date >= $3::date),
    'oldestMark', (
      select to_char(min(m.marked_at), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from marked m where m.date >= $3::date
    ),
    'lastRunAt', (
      select to_char(r.finished_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      from rollup_runs r
      where r.kind = 'rollup'
        and r.status in ('ok', 'partial')
        and r.started_at <= timezone('utc', statement_timestamp())
      order by r.started_at desc
      limit 1
    )
  ) as freshness`;
