// The alternatives, as somebody who writes SQL by hand would write them: no line of it comes from the metric table.

const columns = `requests_sent, requests_clicked, submissions_count, approved_count, published_count,
  video_submissions_count, photo_submissions_count, sent_opened, sent_clicked, sent_submitted, submitted_approved,
  submitted_rejected, submitted_published, ratings_sum, ratings_count, ratings_1, ratings_2, ratings_3, ratings_4, ratings_5`;

/** The columns of all counts. */
export const countColumns = columns.split(",").map((column) => column.trim());

/** What has become of the requests r, as aggregates. */
const ofSent = `count(*) filter (where r.submitted_at is not null or r.clicked_at is not null or exists (
      select from testimonial_request_events e
      where e.request_id = r.id and e.shop_id = r.shop_id and e.event_type in ('clicked', 'opened')
    )) as opened,
    count(*) filter (where r.submitted_at is not null or r.clicked_at is not null or exists (
      select from testimonial_request_events e
      where e.request_id = r.id and e.shop_id = r.shop_id and e.event_type = 'clicked'
    )) as sent_clicked,
    count(r.submitted_at) as answered`;

/** What has become of the testimonials s, as aggregates. */
const ofSubmitted = `count(*) filter (where s.approved_at is not null or s.published_at is not null) as approved,
    count(*) filter (where s.status = 'rejected' and s.approved_at is null and s.published_at is null) as rejected,
    count(s.published_at) as published,
    coalesce(sum(s.rating) filter (where s.rating between 1 and 5), 0) as stars,
    count(*) filter (where s.rating between 1 and 5) as ratings,
    ${[1, 2, 3, 4, 5].map((stars) => `count(*) filter (where s.rating = ${stars}) as r${stars}`).join(",\n    ")}`;

const cohortNames = "opened, sent_clicked, answered, approved, rejected, published, stars, ratings, r1, r2, r3, r4, r5";

/** Inserts what `counts` selects into `table`, and updates only the rows whose values differ. */
export function upsert(table: string, counts: string): string {
  return `
insert into ${table} (shop_id, date, ${columns})
${counts}
on conflict (shop_id, date) do update
set ${countColumns.map((name) => `${name} = excluded.${name}`).join(", ")}, updated_at = timezone('utc', now())
where (${countColumns.map((name) => `${table}.${name}`).join(", ")})
  is distinct from (${countColumns.map((name) => `excluded.${name}`).join(", ")})`;
}

/** All counts of each day in `days` (shop_id, date), each over its own index range. */
export function countDays(days: string): string {
  return `
select d.shop_id, d.date, sent.n, clicked.n + events.n, submitted.n, approved.n, published.n, submitted.videos, submitted.photos,
  sent.opened, sent.sent_clicked, sent.answered, submitted.approved, submitted.rejected, submitted.published, submitted.stars,
  submitted.ratings, submitted.r1, submitted.r2, submitted.r3, submitted.r4, submitted.r5
from ${days} d
cross join lateral (
  select count(*) as n, ${ofSent} from testimonial_requests r
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
    count(*) filter (where s.media_type = 'photo') as photos,
    ${ofSubmitted}
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

/** So many zeros, for what a pass does not count. */
const zeros = (count: number) => Array(count).fill("0").join(", ");

/** All counts of every active day, one grouped pass for each instant; `narrow` is a condition on that instant. */
export function countAll(narrow: (at: string) => string = () => "true"): string {
  const sums = ["n1", "n2", "n3", "n4", "n5", "n6", "n7", ...cohortNames.split(", ")];
  return `
select shop_id, date, ${sums.map((name, index) => `sum(${name})::int as ${countColumns[index]}`).join(", ")}
from (
  select r.shop_id, r.sent_at::date as date, count(*) as n1, 0 as n2, 0 as n3, 0 as n4, 0 as n5, 0 as n6, 0 as n7, ${ofSent},
    0 as approved, 0 as rejected, 0 as published, 0 as stars, 0 as ratings, 0 as r1, 0 as r2, 0 as r3, 0 as r4, 0 as r5
  from testimonial_requests r where r.sent_at is not null and ${narrow("r.sent_at")} group by 1, 2
  union all
  select shop_id, clicked_at::date, 0, count(*), ${zeros(18)}
  from testimonial_requests where clicked_at is not null and ${narrow("clicked_at")} group by 1, 2
  union all
  select e.shop_id, e.event_at::date, 0, count(distinct e.request_id), ${zeros(18)}
  from testimonial_request_events e
  join testimonial_requests r on r.id = e.request_id and r.shop_id = e.shop_id and r.clicked_at is null
  where e.event_type = 'clicked' and ${narrow("e.event_at")} group by 1, 2
  union all
  select s.shop_id, s.submitted_at::date, 0, 0, count(*), 0, 0,
    count(*) filter (where s.media_type = 'video'), count(*) filter (where s.media_type = 'photo'), 0, 0, 0, ${ofSubmitted}
  from testimonial_submissions s where s.submitted_at is not null and ${narrow("s.submitted_at")} group by 1, 2
  union all
  select shop_id, approved_at::date, 0, 0, 0, count(*), ${zeros(16)}
  from testimonial_submissions where approved_at is not null and ${narrow("approved_at")} group by 1, 2
  union all
  select shop_id, published_at::date, 0, 0, 0, 0, count(*), ${zeros(15)}
  from testimonial_submissions where published_at is not null and ${narrow("published_at")} group by 1, 2
) counts
group by shop_id, date`;
}
