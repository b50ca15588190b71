/** True in SQL where the shop $1 has ever had a request or a testimonial. */
export const hasDataSql = `(
    exists (select from testimonial_requests r where r.shop_id = any($1::text[]))
    or exists (select from testimonial_submissions s where s.shop_id = any($1::text[]))
  )`;
