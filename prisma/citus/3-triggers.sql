-- Citus, third step: the change log by row-level triggers, which run on the shard, see one shop and write to its shard
-- of the log. They mark the days that the statement-level triggers of the migration mark. Nothing marks a truncate.

-- Triggers on distributed tables want citus.enable_unsafe_triggers, here and on every worker, for good: "unsafe" is a
-- trigger that leaves its shard, and none of these does.

create or replace function rollup_mark_requests() returns trigger
language plpgsql
security definer
as $$
begin
  if tg_op = 'INSERT' then
    insert into rollup_marks (shop_id, date)
    select distinct n.shop_id, d.date
    from (select new.*) n
    cross join lateral (values (n.sent_at::date), (n.clicked_at::date)) as d (date)
    where isfinite(d.date)
      and n.shop_id is not null;
  elsif tg_op = 'DELETE' then
    insert into rollup_marks (shop_id, date)
    select distinct o.shop_id, d.date
    from (select old.*) o
    cross join lateral (values (o.sent_at::date), (o.clicked_at::date)) as d (date)
    where isfinite(d.date)
      and o.shop_id is not null;

    insert into rollup_marks (shop_id, parent_id)
    select distinct o.shop_id, o.id::text
    from (select old.*) o
    where o.shop_id is not null
      and o.id is not null
      and (o.clicked_at is null);
  elsif tg_op = 'UPDATE' then
    insert into rollup_marks (shop_id, date, parent_id)
    select m.shop_id, m.date, m.parent_id
    from (select old.*) o
    cross join (select new.*) n
    cross join lateral (
      values
        (o.shop_id, o.sent_at::date, null::text, (o.shop_id, o.sent_at::date, o.submitted_at, o.clicked_at, o.id) is distinct from (n.shop_id, n.sent_at::date, n.submitted_at, n.clicked_at, n.id)),
        (n.shop_id, n.sent_at::date, null::text, (o.shop_id, o.sent_at::date, null::text) is distinct from (n.shop_id, n.sent_at::date, null::text)),
        (o.shop_id, o.clicked_at::date, null::text, (o.shop_id, o.clicked_at::date) is distinct from (n.shop_id, n.clicked_at::date)),
        (n.shop_id, n.clicked_at::date, null::text, (o.shop_id, o.clicked_at::date, null::text) is distinct from (n.shop_id, n.clicked_at::date, null::text)),
        (o.shop_id, null::date, case when (o.clicked_at is null) is true then o.id::text end, (o.shop_id, o.id, (o.clicked_at is null) is true) is distinct from (n.shop_id, n.id, (n.clicked_at is null) is true)),
        (n.shop_id, null::date, case when (n.clicked_at is null) is true then n.id::text end, (o.shop_id, null::date, case when (o.clicked_at is null) is true then o.id::text end) is distinct from (n.shop_id, null::date, case when (n.clicked_at is null) is true then n.id::text end))
    ) as m (shop_id, date, parent_id, is_changed)
    where m.is_changed
      and m.shop_id is not null
      and (isfinite(m.date) or m.parent_id is not null);
  else
    insert into rollup_marks (shop_id, date)
    select distinct x.shop_id, d.date
    from testimonial_requests x
    cross join lateral (values (x.sent_at::date), (x.clicked_at::date)) as d (date)
    where isfinite(d.date)
      and x.shop_id is not null;
  end if;
  return null;
end
$$;

create or replace function rollup_mark_request_events() returns trigger
language plpgsql
security definer
as $$
begin
  if tg_op = 'INSERT' then
    insert into rollup_marks (shop_id, date)
    select distinct n.shop_id, d.date
    from (select new.*) n
    cross join lateral (values (case when n.event_type = 'clicked' then n.event_at::date end)) as d (date)
    where isfinite(d.date)
      and n.shop_id is not null;

    insert into rollup_marks (shop_id, parent_id)
    select distinct n.shop_id, n.request_id::text
    from (select new.*) n
    where n.shop_id is not null
      and n.request_id is not null
      and ((n.event_type = 'clicked') or (n.event_type = 'opened'));
  elsif tg_op = 'DELETE' then
    insert into rollup_marks (shop_id, date)
    select distinct o.shop_id, d.date
    from (select old.*) o
    cross join lateral (values (case when o.event_type = 'clicked' then o.event_at::date end)) as d (date)
    where isfinite(d.date)
      and o.shop_id is not null;

    insert into rollup_marks (shop_id, parent_id)
    select distinct o.shop_id, o.request_id::text
    from (select old.*) o
    where o.shop_id is not null
      and o.request_id is not null
      and ((o.event_type = 'clicked') or (o.event_type = 'opened'));
  elsif tg_op = 'UPDATE' then
    insert into rollup_marks (shop_id, date, parent_id)
    select m.shop_id, m.date, m.parent_id
    from (select old.*) o
    cross join (select new.*) n
    cross join lateral (
      values
        (o.shop_id, case when o.event_type = 'clicked' then o.event_at::date end, null::text, (o.shop_id, case when o.event_type = 'clicked' then o.event_at::date end, o.request_id) is distinct from (n.shop_id, case when n.event_type = 'clicked' then n.event_at::date end, n.request_id)),
        (n.shop_id, case when n.event_type = 'clicked' then n.event_at::date end, null::text, (o.shop_id, case when o.event_type = 'clicked' then o.event_at::date end, null::text) is distinct from (n.shop_id, case when n.event_type = 'clicked' then n.event_at::date end, null::text)),
        (o.shop_id, null::date, case when (o.event_type = 'clicked') is true or (o.event_type = 'opened') is true then o.request_id::text end, (o.shop_id, o.request_id, (o.event_type = 'clicked') is true, (o.event_type = 'opened') is true) is distinct from (n.shop_id, n.request_id, (n.event_type = 'clicked') is true, (n.event_type = 'opened') is true)),
        (n.shop_id, null::date, case when (n.event_type = 'clicked') is true or (n.event_type = 'opened') is true then n.request_id::text end, (o.shop_id, null::date, case when (o.event_type = 'clicked') is true or (o.event_type = 'opened') is true then o.request_id::text end) is distinct from (n.shop_id, null::date, case when (n.event_type = 'clicked') is true or (n.event_type = 'opened') is true then n.request_id::text end))
    ) as m (shop_id, date, parent_id, is_changed)
    where m.is_changed
      and m.shop_id is not null
      and (isfinite(m.date) or m.parent_id is not null);
  else
    insert into rollup_marks (shop_id, date)
    select distinct x.shop_id, d.date
    from testimonial_request_events x
    cross join lateral (values (case when x.event_type = 'clicked' then x.event_at::date end)) as d (date)
    where isfinite(d.date)
      and x.shop_id is not null;

    insert into rollup_marks (shop_id, parent_id)
    select distinct x.shop_id, x.request_id::text
    from testimonial_request_events x
    where x.shop_id is not null
      and x.request_id is not null
      and ((x.event_type = 'clicked') or (x.event_type = 'opened'));
  end if;
  return null;
end
$$;

create or replace function rollup_mark_submissions() returns trigger
language plpgsql
security definer
as $$
begin
  if tg_op = 'INSERT' then
    insert into rollup_marks (shop_id, date)
    select distinct n.shop_id, d.date
    from (select new.*) n
    cross join lateral (values (n.submitted_at::date), (n.approved_at::date), (n.published_at::date)) as d (date)
    where isfinite(d.date)
      and n.shop_id is not null;
  elsif tg_op = 'DELETE' then
    insert into rollup_marks (shop_id, date)
    select distinct o.shop_id, d.date
    from (select old.*) o
    cross join lateral (values (o.submitted_at::date), (o.approved_at::date), (o.published_at::date)) as d (date)
    where isfinite(d.date)
      and o.shop_id is not null;
  elsif tg_op = 'UPDATE' then
    insert into rollup_marks (shop_id, date, parent_id)
    select m.shop_id, m.date, m.parent_id
    from (select old.*) o
    cross join (select new.*) n
    cross join lateral (
      values
        (o.shop_id, o.submitted_at::date, null::text, (o.shop_id, o.submitted_at::date, o.media_type, o.approved_at, o.published_at, o.status, o.rating) is distinct from (n.shop_id, n.submitted_at::date, n.media_type, n.approved_at, n.published_at, n.status, n.rating)),
        (n.shop_id, n.submitted_at::date, null::text, (o.shop_id, o.submitted_at::date, null::text) is distinct from (n.shop_id, n.submitted_at::date, null::text)),
        (o.shop_id, o.approved_at::date, null::text, (o.shop_id, o.approved_at::date) is distinct from (n.shop_id, n.approved_at::date)),
        (n.shop_id, n.approved_at::date, null::text, (o.shop_id, o.approved_at::date, null::text) is distinct from (n.shop_id, n.approved_at::date, null::text)),
        (o.shop_id, o.published_at::date, null::text, (o.shop_id, o.published_at::date) is distinct from (n.shop_id, n.published_at::date)),
        (n.shop_id, n.published_at::date, null::text, (o.shop_id, o.published_at::date, null::text) is distinct from (n.shop_id, n.published_at::date, null::text))
    ) as m (shop_id, date, parent_id, is_changed)
    where m.is_changed
      and m.shop_id is not null
      and (isfinite(m.date) or m.parent_id is not null);
  else
    insert into rollup_marks (shop_id, date)
    select distinct x.shop_id, d.date
    from testimonial_submissions x
    cross join lateral (values (x.submitted_at::date), (x.approved_at::date), (x.published_at::date)) as d (date)
    where isfinite(d.date)
      and x.shop_id is not null;
  end if;
  return null;
end
$$;

create trigger rollup_mark after insert or update or delete on testimonial_requests
for each row execute function rollup_mark_requests();

create trigger rollup_mark after insert or update or delete on testimonial_request_events
for each row execute function rollup_mark_request_events();

create trigger rollup_mark after insert or update or delete on testimonial_submissions
for each row execute function rollup_mark_submissions();

create trigger rollup_follow_shops_on_delete after delete on shops
for each row execute function rollup_follow_shops();

do $$
declare
  name text;
begin
  foreach name in array array['rollup_mark_requests', 'rollup_mark_request_events', 'rollup_mark_submissions'] loop
    execute format('alter function %I() set search_path = %I, pg_temp', name, current_schema());
    execute format('revoke all on function %I() from public', name);
  end loop;
end
$$;

create trigger rollup_stamp_approved_at_on_insert
before insert on testimonial_submissions
for each row
when (new.status = 'approved' and new.approved_at is null)
execute function rollup_stamp_approved_at();

create trigger rollup_stamp_approved_at_on_update
before update on testimonial_submissions
for each row
when (new.status = 'approved' and old.status is distinct from new.status and new.approved_at is null)
execute function rollup_stamp_approved_at();

create view testimonial_daily_analytics_exact as
select a.shop_id, a.date, a.requests_sent, a.requests_clicked, a.submissions_count, a.approved_count, a.published_count, a.video_submissions_count, a.photo_submissions_count, a.sent_opened, a.sent_clicked, a.sent_submitted, a.submitted_approved, a.submitted_rejected, a.submitted_published, a.ratings_sum, a.ratings_count, a.ratings_1, a.ratings_2, a.ratings_3, a.ratings_4, a.ratings_5
from testimonial_daily_analytics a
where not exists (
    select
    from (
      select m.shop_id, m.date from rollup_marks m left join rollup_shops k on k.shop_id = m.shop_id where m.date is not null and (k.sealed_until is null or m.date >= k.sealed_until)
      union all
      select m.shop_id, x.sent_at::date as date
    from rollup_marks m left join rollup_shops k on k.shop_id = m.shop_id
    join testimonial_requests x on x.id = m.parent_id and x.shop_id = m.shop_id
    where isfinite(x.sent_at)
      and m.date is null
      and (k.sealed_until is null or x.sent_at >= k.sealed_until)
      union all
      select m.shop_id, x.event_at::date as date
    from rollup_marks m left join rollup_shops k on k.shop_id = m.shop_id
    join testimonial_request_events x on x.request_id = m.parent_id and x.shop_id = m.shop_id
    where isfinite(x.event_at)
      and x.event_type = 'clicked'
      and m.date is null
      and (k.sealed_until is null or x.event_at >= k.sealed_until)
    ) m
    where m.shop_id = a.shop_id
      and m.date = a.date
  )
union all
select l.shop_id, l.date, l.requests_sent, l.requests_clicked, l.submissions_count, l.approved_count, l.published_count, l.video_submissions_count, l.photo_submissions_count, l.sent_opened, l.sent_clicked, l.sent_submitted, l.submitted_approved, l.submitted_rejected, l.submitted_published, l.ratings_sum, l.ratings_count, l.ratings_1, l.ratings_2, l.ratings_3, l.ratings_4, l.ratings_5
from (
  select d.shop_id, d.date, (sent.requests_sent)::int as requests_sent, (clicked.requests_clicked + click_events.requests_clicked)::int as requests_clicked, (submitted.submissions_count)::int as submissions_count, (approved.approved_count)::int as approved_count, (published.published_count)::int as published_count, (submitted.video_submissions_count)::int as video_submissions_count, (submitted.photo_submissions_count)::int as photo_submissions_count, (sent.sent_opened)::int as sent_opened, (sent.sent_clicked)::int as sent_clicked, (sent.sent_submitted)::int as sent_submitted, (submitted.submitted_approved)::int as submitted_approved, (submitted.submitted_rejected)::int as submitted_rejected, (submitted.submitted_published)::int as submitted_published, (submitted.ratings_sum)::int as ratings_sum, (submitted.ratings_count)::int as ratings_count, (submitted.ratings_1)::int as ratings_1, (submitted.ratings_2)::int as ratings_2, (submitted.ratings_3)::int as ratings_3, (submitted.ratings_4)::int as ratings_4, (submitted.ratings_5)::int as ratings_5
    from (
    select distinct m.shop_id, m.date
    from (
      select m.shop_id, m.date from rollup_marks m left join rollup_shops k on k.shop_id = m.shop_id where m.date is not null and (k.sealed_until is null or m.date >= k.sealed_until)
      union all
      select m.shop_id, x.sent_at::date as date
    from rollup_marks m left join rollup_shops k on k.shop_id = m.shop_id
    join testimonial_requests x on x.id = m.parent_id and x.shop_id = m.shop_id
    where isfinite(x.sent_at)
      and m.date is null
      and (k.sealed_until is null or x.sent_at >= k.sealed_until)
      union all
      select m.shop_id, x.event_at::date as date
    from rollup_marks m left join rollup_shops k on k.shop_id = m.shop_id
    join testimonial_request_events x on x.request_id = m.parent_id and x.shop_id = m.shop_id
    where isfinite(x.event_at)
      and x.event_type = 'clicked'
      and m.date is null
      and (k.sealed_until is null or x.event_at >= k.sealed_until)
    ) m
  ) d
    cross join lateral (
      select count(*) as requests_sent, count(*) filter (where (x.submitted_at is not null or x.clicked_at is not null or exists (select from testimonial_request_events c where c.request_id = x.id and c.shop_id = x.shop_id and c.event_type = 'clicked') or exists (select from testimonial_request_events c where c.request_id = x.id and c.shop_id = x.shop_id and c.event_type = 'opened'))) as sent_opened, count(*) filter (where (x.submitted_at is not null or x.clicked_at is not null or exists (select from testimonial_request_events c where c.request_id = x.id and c.shop_id = x.shop_id and c.event_type = 'clicked'))) as sent_clicked, count(*) filter (where x.submitted_at is not null) as sent_submitted
      from testimonial_requests x
      where x.shop_id = d.shop_id
        and x.sent_at >= d.date
        and x.sent_at < d.date + 1
    ) as sent
    cross join lateral (
      select count(*) as requests_clicked
      from testimonial_requests x
      where x.shop_id = d.shop_id
        and x.clicked_at >= d.date
        and x.clicked_at < d.date + 1
    ) as clicked
    cross join lateral (
      select count(distinct x.request_id) as requests_clicked
      from testimonial_request_events x
      join testimonial_requests r
        on r.id = x.request_id
        and r.shop_id = x.shop_id
        and r.clicked_at is null
      where x.shop_id = d.shop_id
        and x.event_at >= d.date
        and x.event_at < d.date + 1
        and x.event_type = 'clicked'
    ) as click_events
    cross join lateral (
      select count(*) as submissions_count, count(*) filter (where x.media_type = 'video') as video_submissions_count, count(*) filter (where x.media_type = 'photo') as photo_submissions_count, count(*) filter (where (x.approved_at is not null or x.published_at is not null)) as submitted_approved, count(*) filter (where x.status = 'rejected' and x.approved_at is null and x.published_at is null) as submitted_rejected, count(*) filter (where x.published_at is not null) as submitted_published, coalesce(sum(x.rating) filter (where x.rating >= 1 and x.rating <= 5), 0) as ratings_sum, count(*) filter (where x.rating >= 1 and x.rating <= 5) as ratings_count, count(*) filter (where x.rating = 1) as ratings_1, count(*) filter (where x.rating = 2) as ratings_2, count(*) filter (where x.rating = 3) as ratings_3, count(*) filter (where x.rating = 4) as ratings_4, count(*) filter (where x.rating = 5) as ratings_5
      from testimonial_submissions x
      where x.shop_id = d.shop_id
        and x.submitted_at >= d.date
        and x.submitted_at < d.date + 1
    ) as submitted
    cross join lateral (
      select count(*) as approved_count
      from testimonial_submissions x
      where x.shop_id = d.shop_id
        and x.approved_at >= d.date
        and x.approved_at < d.date + 1
    ) as approved
    cross join lateral (
      select count(*) as published_count
      from testimonial_submissions x
      where x.shop_id = d.shop_id
        and x.published_at >= d.date
        and x.published_at < d.date + 1
    ) as published
) l
where greatest(l.requests_sent, l.requests_clicked, l.submissions_count, l.approved_count, l.published_count, l.video_submissions_count, l.photo_submissions_count, l.sent_opened, l.sent_clicked, l.sent_submitted, l.submitted_approved, l.submitted_rejected, l.submitted_published, l.ratings_sum, l.ratings_count, l.ratings_1, l.ratings_2, l.ratings_3, l.ratings_4, l.ratings_5) > 0;
