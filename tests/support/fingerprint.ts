const tables = [
  "shops",
  "testimonial_requests",
  "testimonial_request_events",
  "testimonial_submissions",
  "testimonial_daily_analytics",
  "rollup_marks",
  "rollup_runs",
  "rollup_shops",
  "rollup_troubles",
  '"Session"',
  "handled_webhooks",
  "privacy_requests",
  "shop_products",
];

/** A statement that gives, for each table, the number of its rows and a digest of their content. */
export const fingerprintStatement = tables
  .map(
    (table) =>
      `select '${table}' as name, count(*)::int as rows, md5(string_agg(t::text, '' order by t::text)) as content from ${table} t`,
  )
  .join(" union all ");
