/**
 * True in SQL where the shop :shopId has ever had a request or a testimonial: its rows, or sealed days of rows that are gone.
 * One row is asked for in the order of an
 * index: of a shop that has half of a table the planner expects any page to hold a row, and reads the table from its
 * start.
 */
export const hasDataSql = `coalesce(
    ${firstRow("testimonial_requests", "sent_at")},
    ${firstRow("testimonial_submissions", "submitted_at")},
    ${firstRow("testimonial_daily_analytics", "date")},
    false
  )`;

function firstRow(table: string, at: string): string {
  return `(
      select true
      from ${table} x
      where x.shop_id = :shopId
      order by x.${at}
      limit 1
    )`;
}
