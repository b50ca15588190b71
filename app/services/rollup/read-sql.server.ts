import { countEachDay, isActive, listColumns, toDatedJson, toJson } from "./count-sql.server";
import { toStartSql } from "./definition/instant";
import { listDaysOfParents } from "./definition/marking-sql";
import { rollup } from "./metrics";

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
  from rollup_marks m
  where m.shop_id = any($1::text[])
    and m.date >= $2::date
    and m.date < $4::date
)
and not exists (
  select
  from rollup_marks m
  where m.shop_id = any($1::text[])
    and m.date is null
)`;
}

/**
 * A read that counts marked days on the spot. `stepped` goes from marked day to marked day along the index: its cost
 * follows the marked days, not the marks. `named` are the days of marked rows, of which each is looked at.
 */
export function toReadStatement(extras: string): string {
  return `
with recursive stepped as (
  (
    select m.date, m.marked_at
    from rollup_marks m
    where m.shop_id = any($1::text[])
      and m.shop_id = ($1::text[])[1]
      and m.date >= $2::date
      and m.date < $4::date
    order by m.date, m.marked_at
    limit 1
  )
  union all
  select n.date, n.marked_at
  from stepped s
  cross join lateral (
    select m.date, m.marked_at
    from rollup_marks m
    where m.shop_id = any($1::text[])
      and m.shop_id = ($1::text[])[1]
      and m.date > s.date
      and m.date < $4::date
    order by m.date, m.marked_at
    limit 1
  ) n
),
marked_rows as (
  select m.shop_id, m.parent_id, min(m.marked_at) as marked_at
  from rollup_marks m
  where m.shop_id = any($1::text[])
    and m.date is null
  group by m.shop_id, m.parent_id
),
named as (
  ${namedDays()}
),
marked as materialized (
  select m.date, min(m.marked_at) as marked_at
  from (select s.date, s.marked_at from stepped s union all select n.date, n.marked_at from named n) m
  group by m.date
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

/** The days from $2 up to $4 that marked rows contribute to, and when each row was marked. */
function namedDays(): string {
  const { instants } = rollup;
  const days = listDaysOfParents(rollup, "marked_rows", {
    more: ["m.marked_at"],
    within: (instant) => [
      "x.shop_id = any($1::text[])",
      `${instant} >= ${toStartSql(instants, "$2::date")}`,
      `${instant} < ${toStartSql(instants, "$4::date")}`,
    ],
  });
  return days.length === 0
    ? "select null::date as date, null::timestamp as marked_at where false"
    : days.join("\n  union all\n  ");
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
