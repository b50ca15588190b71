// The alternatives, as somebody who writes SQL by hand would write them: no line of it comes from the metric table.

const columns = `requests_sent, requests_clicked, submissions_count, approved_count, published_count,
  video_submissions_count, photo_submissions_count`;

/** Inserts what `counts` selects into `table`, and updates only the rows whose values differ. */
export function upsert(table: string, counts: string): string {
  const names = columns.split(",").map((column) => column.trim());
  return `
insert into ${table} (shop_id, date, ${columns})
${counts}
on conflict (shop_id, date) do update
set ${names.map((name) => `${name} = excluded.${name}`).join(", ")}, updated_at = timezone('utc', now())
where (${names.map((name) => `${table}.${name}`).join(", ")})
  is distinct from (${names.map((name) => `excluded.${name}`).join(", ")})`;
}

/** The seven counts of each day in `days` (shop_id, date), each over its own index range. */
export function countDays(days: string): string {
  return `
select d.shop_id, d.date, sent.n, clicked.n + events.n, submitted.n, approved.n, published.n, submitted.videos, submitted.photos
from ${days} d
cross join lateral (
  select count(*) as n from testimonial_requests r
  where r.shop_id = d.shop_id and r.sent_at >= d.date and r.sent_at < d.date + 1
) sent
cross join lateral (
  select count(*) as n from testimonial_requests r
  where r.shop_id = d.shop_id and r.clicked_at >= d.date and r.clicked_at < d.date + 1
) clicked
cross join lateral (
  select count(distinct e.request_id) as n
  from testimonial_request_events e
  join testimonial_requests r on r.id = e.request_id and r.shop_id = e.shop_id and r.clicked_at is null
  where e.shop_id = d.shop_id and e.event_type = 'clicked' and e.event_at >= d.date and e.event_at < d.date + 1
) events
cross join lateral (
  select
    count(*) as n,
    count(*) filter (where s.media_type = 'video') as videos,
    count(*) filter (where s.media_type = 'photo') as photos
  from testimonial_submissions s
  where s.shop_id = d.shop_id and s.submitted_at >= d.date and s.submitted_at < d.date + 1
) submitted
cross join lateral (
  select count(*) as n from testimonial_submissions s
  where s.shop_id = d.shop_id and s.approved_at >= d.date and s.approved_at < d.date + 1
) approved
cross join lateral (
  select count(*) as n from testimonial_submissions s
  where s.shop_id = d.shop_id and s.published_at >= d.date and s.published_at < d.date + 1
) published`;
}

/** The seven counts of every active day, one grouped pass for each instant; `narrow` is a condition on that instant. */
export function countAll(narrow: (at: string) => string = () => "true"): string {
  return `
select shop_id, date, sum(sent)::int as requests_sent, sum(clicked)::int as requests_clicked,
  sum(submitted)::int as submissions_count, sum(approved)::int as approved_count, sum(published)::int as published_count,
  sum(videos)::int as video_submissions_count, sum(photos)::int as photo_submissions_count
from (
  select shop_id, sent_at::date as date, count(*) as sent, 0 as clicked, 0 as submitted, 0 as approved, 0 as published,
    0 as videos, 0 as photos
  from testimonial_requests where sent_at is not null and ${narrow("sent_at")} group by 1, 2
  union all
  select shop_id, clicked_at::date, 0, count(*), 0, 0, 0, 0, 0
  from testimonial_requests where clicked_at is not null and ${narrow("clicked_at")} group by 1, 2
  union all
  select e.shop_id, e.event_at::date, 0, count(distinct e.request_id), 0, 0, 0, 0, 0
  from testimonial_request_events e
  join testimonial_requests r on r.id = e.request_id and r.shop_id = e.shop_id and r.clicked_at is null
  where e.event_type = 'clicked' and ${narrow("e.event_at")} group by 1, 2
  union all
  select shop_id, submitted_at::date, 0, 0, count(*), 0, 0,
    count(*) filter (where media_type = 'video'), count(*) filter (where media_type = 'photo')
  from testimonial_submissions where submitted_at is not null and ${narrow("submitted_at")} group by 1, 2
  union all
  select shop_id, approved_at::date, 0, 0, 0, count(*), 0, 0, 0
  from testimonial_submissions where approved_at is not null and ${narrow("approved_at")} group by 1, 2
  union all
  select shop_id, published_at::date, 0, 0, 0, 0, count(*), 0, 0
  from testimonial_submissions where published_at is not null and ${narrow("published_at")} group by 1, 2
) counts
group by shop_id, date`;
}
