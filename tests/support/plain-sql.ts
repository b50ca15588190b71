import type { Query } from "./process-databases";

// History for a server in a process of its own, and a check of its table, both in plain SQL that shares nothing with
// the app's.

/** Makes shops "shop-1" to "shop-<shops>" (nine at most), each with 60 requests and 60 testimonials on 60 old days. */
export async function seedShops(query: Query, shops: number): Promise<void> {
  await query(
    "insert into shops (id, domain) select 'shop-' || n, 'shop-' || n || '.myshopify.com' from generate_series(1, $1::int) n",
    [shops],
  );
  await query(`
insert into testimonial_requests (id, shop_id, sent_at, clicked_at)
select s.id || '-' || n, s.id, timestamp '2025-01-01 23:59:59.999' + n * interval '1 day',
  case when n % 2 = 0 then timestamp '2025-02-01 00:00' + n * interval '1 day' end
from shops s, generate_series(0, 59) n`);
  await query(`
insert into testimonial_request_events (shop_id, request_id, event_type, event_at)
select r.shop_id, r.id, t.name, r.sent_at + n * interval '1 hour'
from testimonial_requests r, generate_series(0, 2) n, (values ('clicked'), ('opened')) t (name)`);
  await query(`
insert into testimonial_submissions (shop_id, media_type, status, submitted_at, approved_at, published_at)
select s.id, (array['video', 'photo', 'text'])[1 + n % 3], 'approved',
  timestamp '2025-03-01 00:00' + n * interval '1 day', timestamp '2025-03-02 12:00' + n * interval '1 day',
  case when n % 4 = 0 then timestamp '2025-03-03 12:00' + n * interval '1 day' end
from shops s, generate_series(0, 59) n`);
}

/** What one shop's seed sums up to over all days. */
export const seededTotals = {
  requestsSent: 60,
  // 30 with a click time; each of the 30 others has its first click on the day of sending and two on the next.
  requestsClicked: 30 + 2 * 30,
  submissionsCount: 60,
  approvedCount: 60,
  publishedCount: 15,
  videoSubmissionsCount: 20,
  photoSubmissionsCount: 20,
};

export const seededRange = { from: "2025-01-01", to: "2025-12-31" };

/** A statement that lists what is in only one of the two: the table, or the source tables counted one thing at a time. */
const differenceStatement = `
with counted as (
  select shop_id, sent_at::date as date, 'sent' as metric, id as thing from testimonial_requests where sent_at is not null
  union
  select shop_id, clicked_at::date, 'clicked', id from testimonial_requests where clicked_at is not null
  union
  select e.shop_id, e.event_at::date, 'clicked', e.request_id
  from testimonial_request_events e
  join testimonial_requests r on r.id = e.request_id and r.shop_id = e.shop_id
  where e.event_type = 'clicked' and r.clicked_at is null
  union
  select shop_id, submitted_at::date, 'submitted', id from testimonial_submissions where submitted_at is not null
  union
  select shop_id, approved_at::date, 'approved', id from testimonial_submissions where approved_at is not null
  union
  select shop_id, published_at::date, 'published', id from testimonial_submissions where published_at is not null
  union
  select shop_id, submitted_at::date, media_type, id from testimonial_submissions
  where submitted_at is not null and media_type in ('video', 'photo')
),
expected as (
  select shop_id, date, metric, count(*) as number from counted group by 1, 2, 3
),
actual as (
  select a.shop_id, a.date, m.metric, m.number::bigint
  from testimonial_daily_analytics a
  cross join lateral (
    values ('sent', requests_sent), ('clicked', requests_clicked), ('submitted', submissions_count),
      ('approved', approved_count), ('published', published_count),
      ('video', video_submissions_count), ('photo', photo_submissions_count)
  ) m (metric, number)
  where m.number <> 0
)
(select 'missing' as what, shop_id, date::text, metric, number::int from (select * from expected except all select * from actual) x)
union all
(select 'extra' as what, shop_id, date::text, metric, number::int from (select * from actual except all select * from expected) y)`;

/** Every difference between the daily rows and the source tables. Empty: the table is right. */
export function listDifferences(query: Query): Promise<unknown[]> {
  return query(differenceStatement);
}

export async function countRows(query: Query, table: string): Promise<number> {
  const [row] = await query<{ count: number }>(`select count(*)::int as count from ${table}`);
  return row?.count ?? 0;
}
