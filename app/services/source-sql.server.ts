/**
 * True in SQL where the shop $1 has ever had a request or a testimonial. One row is asked for in the order of an index:
 * of a shop that has half of a table the planner expects any page to hold a row, and reads the table from its start.
 */
export const hasDataSql = `coalesce(
    (
      select true
      from testimonial_requests r
      where r.shop_id = any($1::text[])
        and r.shop_id = ($1::text[])[1]
      order by r.sent_at
      limit 1
    ),
    (
      select true
      from testimonial_submissions s
      where s.shop_id = any($1::text[])
        and s.shop_id = ($1::text[])[1]
      order by s.submitted_at
      limit 1
    ),
    false
  )`;
