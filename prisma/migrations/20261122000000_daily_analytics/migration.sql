-- The daily analytics. A host app that already has shops and the three source tables takes this migration alone.
-- It is one transaction: the triggers exist before the last step marks what is already there, so no change slips between.

-- 1. approved_at, filled for what is approved already.

alter table testimonial_submissions add column if not exists approved_at timestamp(3);

update testimonial_submissions
set approved_at = coalesce(published_at, updated_at)
where status = 'approved'
  and approved_at is null;

-- 2. The rollup, its change log and its ledger.

create table testimonial_daily_analytics (
  id text not null default gen_random_uuid()::text,
  shop_id text not null,
  date date not null,
  requests_sent integer not null default 0,
  requests_clicked integer not null default 0,
  submissions_count integer not null default 0,
  approved_count integer not null default 0,
  published_count integer not null default 0,
  video_submissions_count integer not null default 0,
  photo_submissions_count integer not null default 0,
  created_at timestamp(3) not null default timezone('utc', now()),
  updated_at timestamp(3) not null default timezone('utc', now()),
  constraint testimonial_daily_analytics_pkey primary key (id),
  constraint testimonial_daily_analytics_shop_id_fkey foreign key (shop_id)
    references shops (id) on delete cascade on update cascade
);

-- It holds the counts, too: the days of one shop lie scattered over the table, and a year of them is read at once.
create unique index testimonial_daily_analytics_shop_id_date_key on testimonial_daily_analytics (shop_id, date)
  include (
    requests_sent,
    requests_clicked,
    submissions_count,
    approved_count,
    published_count,
    video_submissions_count,
    photo_submissions_count
  );
create index testimonial_daily_analytics_date_idx on testimonial_daily_analytics (date);

-- Append only: merging marks of one day into one row would lose the mark of a writer that is still open while the
-- row is taken. No foreign key to shops: deleting a shop cascades to source rows whose triggers mark its days.
create table rollup_invalidations (
  id bigserial not null,
  shop_id text not null,
  date date not null,
  marked_at timestamp(3) not null default timezone('utc', now()),
  constraint rollup_invalidations_pkey primary key (shop_id, date, id)
) with (
  -- Runs empty it all day long. The default waits for a fifth of the table: too long where the marks of uninstalled
  -- shops stay.
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0,
  autovacuum_analyze_threshold = 1000
);

-- For the oldest mark, which the health check asks for.
create index rollup_invalidations_marked_at_shop_id_idx on rollup_invalidations (marked_at, shop_id);

-- What is known of a shop beside its numbers, and kinds of runs whose last one failed.
create table rollup_shops (
  shop_id text not null,
  failing_since timestamp(3),
  failing_reason text,
  failing_in text,
  failing_announced boolean not null default false,
  constraint rollup_shops_pkey primary key (shop_id)
);

create index rollup_shops_failing_since_idx on rollup_shops (failing_since);

create table rollup_troubles (
  kind text not null,
  since timestamp(3) not null default timezone('utc', now()),
  reason text not null,
  constraint rollup_troubles_pkey primary key (kind)
);

create table rollup_runs (
  id text not null default gen_random_uuid()::text,
  kind text not null,
  trigger text not null,
  status text not null default 'running',
  shop_id text,
  from_date date,
  to_date date,
  dry_run boolean not null default false,
  done integer not null default 0,
  total integer,
  cursor text,
  heal_cursor text,
  slot text,
  shops integer not null default 0,
  days integer not null default 0,
  rows_written integer not null default 0,
  rows_deleted integer not null default 0,
  failed_shops jsonb not null default '[]',
  remaining integer,
  report jsonb,
  error text,
  started_at timestamp(3) not null default timezone('utc', now()),
  finished_at timestamp(3),
  duration_ms integer,
  lease_until timestamp(3),
  lease_owner text,
  constraint rollup_runs_pkey primary key (id)
);

create unique index rollup_runs_slot_key on rollup_runs (slot);
create index rollup_runs_kind_started_at_idx on rollup_runs (kind, started_at);
create index rollup_runs_status_idx on rollup_runs (status);

-- 3. Two indexes for each instant that a metric counts by: the days of one shop, and the recent days of all shops.

create index testimonial_requests_shop_id_sent_at_idx on testimonial_requests (shop_id, sent_at);
create index testimonial_requests_shop_id_clicked_at_idx on testimonial_requests (shop_id, clicked_at);
create index testimonial_request_events_shop_id_event_type_event_at_idx
  on testimonial_request_events (shop_id, event_type, event_at);
create index testimonial_submissions_shop_id_submitted_at_idx on testimonial_submissions (shop_id, submitted_at);
create index testimonial_submissions_shop_id_approved_at_idx on testimonial_submissions (shop_id, approved_at);
create index testimonial_submissions_shop_id_published_at_idx on testimonial_submissions (shop_id, published_at);

create index testimonial_requests_sent_at_shop_id_idx on testimonial_requests (sent_at, shop_id);
create index testimonial_requests_clicked_at_shop_id_idx on testimonial_requests (clicked_at, shop_id);
create index testimonial_request_events_event_type_event_at_shop_id_idx
  on testimonial_request_events (event_type, event_at, shop_id);
create index testimonial_submissions_submitted_at_shop_id_idx on testimonial_submissions (submitted_at, shop_id);
create index testimonial_submissions_approved_at_shop_id_idx on testimonial_submissions (approved_at, shop_id);
create index testimonial_submissions_published_at_shop_id_idx on testimonial_submissions (published_at, shop_id);

-- And one for what the dashboard counts at each visit: the testimonials that wait for moderation.
create index testimonial_submissions_shop_id_status_idx on testimonial_submissions (shop_id, status);

-- 4. The stamp: a submission that becomes approved without approved_at gets one. A value the app sets stays.

create function rollup_stamp_approved_at() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'INSERT' then
    new.approved_at := coalesce(new.published_at, new.submitted_at, timezone('utc', now()));
  else
    new.approved_at := timezone('utc', now());
  end if;
  return new;
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

-- 5. The change log. One function for each source table, called once a statement with all its rows. An update marks
-- the old and the new day of what moved, and nothing where no counted column changed. Infinite timestamps lie on no
-- day. "set search_path from current" keeps the functions right in sessions that have an empty search path, such as
-- a restore.

create function rollup_mark_requests() returns trigger
language plpgsql
set search_path from current
as $$
begin
  if tg_op = 'INSERT' then
    insert into rollup_invalidations (shop_id, date)
    select distinct n.shop_id, d.at::date
    from new_rows n
    cross join lateral (values (n.sent_at), (n.clicked_at)) as d (at)
    where isfinite(d.at);
  elsif tg_op = 'DELETE' then
    -- The click events of a deleted request go by cascade, and their own trigger marks their days.
    insert into rollup_invalidations (shop_id, date)
    select distinct o.shop_id, d.at::date
    from old_rows o
    cross join lateral (values (o.sent_at), (o.clicked_at)) as d (at)
    where isfinite(d.at);
  elsif tg_op = 'UPDATE' then
    insert into rollup_invalidations (shop_id, date)
    select d.shop_id, d.at::date
    from old_rows o
    full join new_rows n on n.id = o.id
    cross join lateral (
      values
        (o.shop_id, o.sent_at, (o.shop_id, o.sent_at::date) is distinct from (n.shop_id, n.sent_at::date)),
        (n.shop_id, n.sent_at, (o.shop_id, o.sent_at::date) is distinct from (n.shop_id, n.sent_at::date)),
        (o.shop_id, o.clicked_at, (o.shop_id, o.clicked_at::date) is distinct from (n.shop_id, n.clicked_at::date)),
        (n.shop_id, n.clicked_at, (o.shop_id, o.clicked_at::date) is distinct from (n.shop_id, n.clicked_at::date))
    ) as d (shop_id, at, changed)
    where d.changed
      and isfinite(d.at)
    union
    -- A request's click events count only while it has no clicked_at, and in its own shop.
    select e.shop_id, e.event_at::date
    from old_rows o
    full join new_rows n on n.id = o.id
    join testimonial_request_events e
      on e.request_id = coalesce(n.id, o.id)
      and e.shop_id in (o.shop_id, n.shop_id)
      and e.event_type = 'clicked'
    where (o.shop_id, o.clicked_at is null) is distinct from (n.shop_id, n.clicked_at is null)
      and isfinite(e.event_at);
  else
    insert into rollup_invalidations (shop_id, date)
    select distinct r.shop_id, d.at::date
    from testimonial_requests r
    cross join lateral (values (r.sent_at), (r.clicked_at)) as d (at)
    where isfinite(d.at);
  end if;
  return null;
end
$$;

create function rollup_mark_request_events() returns trigger
language plpgsql
set search_path from current
as $$
begin
  -- Whether a click event counts depends on its request's clicked_at. Without a lock on the request, a transaction that
  -- sets clicked_at and one that adds an event would not see each other, and the later of the two would leave no mark.
  if tg_op = 'INSERT' then
    perform
    from testimonial_requests r
    where r.id in (select n.request_id from new_rows n where n.event_type = 'clicked')
    order by r.id
    for no key update;

    insert into rollup_invalidations (shop_id, date)
    select distinct n.shop_id, n.event_at::date
    from new_rows n
    where n.event_type = 'clicked'
      and isfinite(n.event_at);
  elsif tg_op = 'DELETE' then
    insert into rollup_invalidations (shop_id, date)
    select distinct o.shop_id, o.event_at::date
    from old_rows o
    where o.event_type = 'clicked'
      and isfinite(o.event_at);
  elsif tg_op = 'UPDATE' then
    -- Only where a click moves: the update holds its event already, for which a deletion of the request would wait.
    perform
    from testimonial_requests r
    where r.id in (
      select n.request_id
      from new_rows n
      left join old_rows o on o.id = n.id
      where n.event_type = 'clicked'
        and (o.shop_id, o.request_id, o.event_type, o.event_at::date)
          is distinct from (n.shop_id, n.request_id, n.event_type, n.event_at::date)
    )
    order by r.id
    for no key update;

    insert into rollup_invalidations (shop_id, date)
    select distinct d.shop_id, d.at::date
    from old_rows o
    full join new_rows n on n.id = o.id
    cross join lateral (
      values (o.shop_id, o.event_at, o.event_type), (n.shop_id, n.event_at, n.event_type)
    ) as d (shop_id, at, event_type)
    where (o.shop_id, o.request_id, o.event_type, o.event_at::date)
        is distinct from (n.shop_id, n.request_id, n.event_type, n.event_at::date)
      and d.event_type = 'clicked'
      and isfinite(d.at);
  else
    insert into rollup_invalidations (shop_id, date)
    select distinct e.shop_id, e.event_at::date
    from testimonial_request_events e
    where e.event_type = 'clicked'
      and isfinite(e.event_at);
  end if;
  return null;
end
$$;

create function rollup_mark_submissions() returns trigger
language plpgsql
set search_path from current
as $$
begin
  if tg_op = 'INSERT' then
    insert into rollup_invalidations (shop_id, date)
    select distinct n.shop_id, d.at::date
    from new_rows n
    cross join lateral (values (n.submitted_at), (n.approved_at), (n.published_at)) as d (at)
    where isfinite(d.at);
  elsif tg_op = 'DELETE' then
    insert into rollup_invalidations (shop_id, date)
    select distinct o.shop_id, d.at::date
    from old_rows o
    cross join lateral (values (o.submitted_at), (o.approved_at), (o.published_at)) as d (at)
    where isfinite(d.at);
  elsif tg_op = 'UPDATE' then
    insert into rollup_invalidations (shop_id, date)
    select distinct d.shop_id, d.at::date
    from old_rows o
    full join new_rows n on n.id = o.id
    cross join lateral (
      select
        (o.shop_id, o.submitted_at::date, o.media_type)
          is distinct from (n.shop_id, n.submitted_at::date, n.media_type) as submitted,
        (o.shop_id, o.approved_at::date) is distinct from (n.shop_id, n.approved_at::date) as approved,
        (o.shop_id, o.published_at::date) is distinct from (n.shop_id, n.published_at::date) as published
    ) as changed
    cross join lateral (
      values
        (o.shop_id, o.submitted_at, changed.submitted),
        (n.shop_id, n.submitted_at, changed.submitted),
        (o.shop_id, o.approved_at, changed.approved),
        (n.shop_id, n.approved_at, changed.approved),
        (o.shop_id, o.published_at, changed.published),
        (n.shop_id, n.published_at, changed.published)
    ) as d (shop_id, at, changed)
    where d.changed
      and isfinite(d.at);
  else
    insert into rollup_invalidations (shop_id, date)
    select distinct s.shop_id, d.at::date
    from testimonial_submissions s
    cross join lateral (values (s.submitted_at), (s.approved_at), (s.published_at)) as d (at)
    where isfinite(d.at);
  end if;
  return null;
end
$$;

create trigger rollup_mark_on_insert after insert on testimonial_requests
referencing new table as new_rows for each statement execute function rollup_mark_requests();
create trigger rollup_mark_on_update after update on testimonial_requests
referencing old table as old_rows new table as new_rows for each statement execute function rollup_mark_requests();
create trigger rollup_mark_on_delete after delete on testimonial_requests
referencing old table as old_rows for each statement execute function rollup_mark_requests();
create trigger rollup_mark_on_truncate before truncate on testimonial_requests
for each statement execute function rollup_mark_requests();

create trigger rollup_mark_on_insert after insert on testimonial_request_events
referencing new table as new_rows for each statement execute function rollup_mark_request_events();
create trigger rollup_mark_on_update after update on testimonial_request_events
referencing old table as old_rows new table as new_rows for each statement execute function rollup_mark_request_events();
create trigger rollup_mark_on_delete after delete on testimonial_request_events
referencing old table as old_rows for each statement execute function rollup_mark_request_events();
create trigger rollup_mark_on_truncate before truncate on testimonial_request_events
for each statement execute function rollup_mark_request_events();

create trigger rollup_mark_on_insert after insert on testimonial_submissions
referencing new table as new_rows for each statement execute function rollup_mark_submissions();
create trigger rollup_mark_on_update after update on testimonial_submissions
referencing old table as old_rows new table as new_rows for each statement execute function rollup_mark_submissions();
create trigger rollup_mark_on_delete after delete on testimonial_submissions
referencing old table as old_rows for each statement execute function rollup_mark_submissions();
create trigger rollup_mark_on_truncate before truncate on testimonial_submissions
for each statement execute function rollup_mark_submissions();

-- A shop whose id changes takes its daily rows along, by cascade, and so it must take its marks along: one of them may
-- be of a day that has no source row any more. They are added, as ever, and those of the old id dropped as a gone shop's.
create function rollup_carry_marks() returns trigger
language plpgsql
set search_path from current
as $$
begin
  insert into rollup_invalidations (shop_id, date)
  select distinct new.id, i.date
  from rollup_invalidations i
  where i.shop_id = old.id;
  return null;
end
$$;

create trigger rollup_carry_marks_on_update after update of id on shops
for each row
when (new.id is distinct from old.id)
execute function rollup_carry_marks();

-- 6. Marks for every day that has data already, so that reads are exact from the first second.

insert into rollup_invalidations (shop_id, date)
select r.shop_id, d.at::date
from testimonial_requests r
cross join lateral (values (r.sent_at), (r.clicked_at)) as d (at)
where isfinite(d.at)
union
select e.shop_id, e.event_at::date
from testimonial_request_events e
where e.event_type = 'clicked'
  and isfinite(e.event_at)
union
select s.shop_id, d.at::date
from testimonial_submissions s
cross join lateral (values (s.submitted_at), (s.approved_at), (s.published_at)) as d (at)
where isfinite(d.at);
