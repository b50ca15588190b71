import type pg from "pg";

/**
 * Marks `days` days of all shops and two years, others in each round, and makes their rows wrong, so that each has a
 * row to write. Nothing else is marked afterwards.
 */
export async function markWrongDays(sql: pg.Client, days: number, round: number): Promise<void> {
  await sql.query("truncate rollup_marks");
  const { rowCount } = await sql.query(
    `with days as (
      select a.shop_id, a.date
      from testimonial_daily_analytics a
      order by hashtextextended(a.shop_id || a.date, $2::bigint)
      limit $1::int
    ), spoiled as (
      update testimonial_daily_analytics a
      set requests_sent = a.requests_sent + 1
      from days d
      where a.shop_id = d.shop_id and a.date = d.date
    )
    insert into rollup_marks (shop_id, date) select shop_id, date from days`,
    [days, round],
  );
  if (rowCount !== days) throw new Error(`Only ${rowCount} of ${days} days could be marked.`);
  await sql.query("vacuum (analyze) testimonial_daily_analytics, rollup_marks");
}
