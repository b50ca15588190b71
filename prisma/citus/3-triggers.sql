-- Citus, third step: the change log by row-level triggers, which run on the shard, see one shop and write to its shard
-- of the log. They mark the days that the statement-level triggers of the migration mark. Nothing marks a truncate.

-- Triggers on distributed tables want citus.enable_unsafe_triggers, here and on every worker, for good: "unsafe" is a
-- trigger that leaves its shard, and none of these does.

create or replace function rollup_mark_days(shop text, instants timestamp[]) returns void
language plpgsql
set search_path from current
as $$
declare
  day date;
begin
  for day in select distinct i.at::date from unnest(instants) as i (at) where isfinite(i.at) loop
    insert into rollup_marks (shop_id, date) values (shop, day);
  end loop;
end
$$;

create or replace function rollup_mark_requests() returns trigger
language plpgsql
set search_path from current
as $$
declare
  instants timestamp[];
begin
  if tg_op = 'INSERT' then
    perform rollup_mark_days(new.shop_id, array[new.sent_at, new.clicked_at]);
    return null;
  elsif tg_op = 'DELETE' then
    -- The click events of a deleted request go by cascade, and their own trigger marks their days.
    perform rollup_mark_days(old.shop_id, array[old.sent_at, old.clicked_at]);
    return null;
  end if;
  if old.sent_at::date is distinct from new.sent_at::date then
    instants := instants || array[old.sent_at, new.sent_at];
  end if;
  if old.clicked_at::date is distinct from new.clicked_at::date then
    instants := instants || array[old.clicked_at, new.clicked_at];
  end if;
  -- A request's click events count only while it has no clicked_at.
  if (old.clicked_at is null) is distinct from (new.clicked_at is null) then
    instants := instants || array(
      select e.event_at
      from testimonial_request_events e
      where e.shop_id = new.shop_id
        and e.request_id = new.id
        and e.event_type = 'clicked'
    );
  end if;
  perform rollup_mark_days(new.shop_id, instants);
  return null;
end
$$;

create or replace function rollup_mark_request_events() returns trigger
language plpgsql
set search_path from current
as $$
declare
  instants timestamp[];
begin
  if tg_op <> 'DELETE' and new.event_type = 'clicked' then
    -- Whether a click event counts depends on its request's clicked_at. Without this lock, a transaction that sets
    -- clicked_at and one that adds an event would not see each other, and the later of the two would leave no mark.
    perform
    from testimonial_requests r
    where r.shop_id = new.shop_id
      and r.id = new.request_id
    for no key update;
  end if;
  if tg_op = 'UPDATE' and (old.request_id, old.event_type, old.event_at::date)
      is not distinct from (new.request_id, new.event_type, new.event_at::date) then
    return null;
  end if;
  if tg_op <> 'INSERT' and old.event_type = 'clicked' then
    instants := instants || old.event_at;
  end if;
  if tg_op <> 'DELETE' and new.event_type = 'clicked' then
    instants := instants || new.event_at;
  end if;
  perform rollup_mark_days(case when tg_op = 'DELETE' then old.shop_id else new.shop_id end, instants);
  return null;
end
$$;

create or replace function rollup_mark_submissions() returns trigger
language plpgsql
set search_path from current
as $$
declare
  instants timestamp[];
begin
  if tg_op = 'INSERT' then
    perform rollup_mark_days(new.shop_id, array[new.submitted_at, new.approved_at, new.published_at]);
    return null;
  elsif tg_op = 'DELETE' then
    perform rollup_mark_days(old.shop_id, array[old.submitted_at, old.approved_at, old.published_at]);
    return null;
  end if;
  if (old.submitted_at::date, old.media_type) is distinct from (new.submitted_at::date, new.media_type) then
    instants := instants || array[old.submitted_at, new.submitted_at];
  end if;
  if old.approved_at::date is distinct from new.approved_at::date then
    instants := instants || array[old.approved_at, new.approved_at];
  end if;
  if old.published_at::date is distinct from new.published_at::date then
    instants := instants || array[old.published_at, new.published_at];
  end if;
  perform rollup_mark_days(new.shop_id, instants);
  return null;
end
$$;

create trigger rollup_mark after insert or update or delete on testimonial_requests
for each row execute function rollup_mark_requests();
create trigger rollup_mark after insert or update or delete on testimonial_request_events
for each row execute function rollup_mark_request_events();
create trigger rollup_mark after insert or update or delete on testimonial_submissions
for each row execute function rollup_mark_submissions();

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
