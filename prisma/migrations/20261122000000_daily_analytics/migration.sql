-- The daily analytics. A host app that already has shops and the three source tables takes this migration alone.
-- It is one transaction: the triggers exist before the last step marks what is already there, so no change slips between.

-- What of the host's schema does not fit. Where something does not, nothing is changed.

do $$
declare
  wrong text[] := '{}';
  need record;
  other text;
begin
  for need in
    select t.name
    from (values
      ('shops'),
      ('testimonial_requests'),
      ('testimonial_request_events'),
      ('testimonial_submissions')
    ) as t (name)
    where to_regclass(t.name) is null
  loop
    wrong := wrong || format('There is no table %s.', need.name);
  end loop;

  for need in
    select
      n.*,
      format('%s.%s', n.tab, n.col) as name,
      t.type,
      case
        when t.type in ('text', 'character varying') then 'text'
        when t.type in ('smallint', 'integer') then 'integer'
        when t.type in ('uuid', 'bigint') then t.type
      end as key_type
    from (values
      ('shops', 'id', 'key', 'text', 'shops', false),
      ('testimonial_requests', 'id', 'key', 'text', 'sources.requests', false),
      ('testimonial_requests', 'shop_id', 'keyOf', 'text', 'shops', false),
      ('testimonial_request_events', 'id', 'key', 'text', 'sources.request_events', false),
      ('testimonial_request_events', 'shop_id', 'keyOf', 'text', 'shops', false),
      ('testimonial_request_events', 'request_id', 'keyOf', 'text', 'sources.requests', false),
      ('testimonial_submissions', 'id', 'key', 'text', 'sources.submissions', false),
      ('testimonial_submissions', 'shop_id', 'keyOf', 'text', 'shops', false),
      ('testimonial_requests', 'sent_at', 'instant', 'timestamp without time zone', '', false),
      ('testimonial_requests', 'clicked_at', 'instant', 'timestamp without time zone', '', false),
      ('testimonial_request_events', 'event_at', 'instant', 'timestamp without time zone', '', false),
      ('testimonial_submissions', 'submitted_at', 'instant', 'timestamp without time zone', '', false),
      ('testimonial_submissions', 'rating', 'number', '', '', false),
      ('testimonial_submissions', 'approved_at', 'instant', 'timestamp without time zone', '', true),
      ('testimonial_submissions', 'published_at', 'instant', 'timestamp without time zone', '', false),
      ('shops', 'uninstalled_at', 'any', '', '', false),
      ('testimonial_requests', 'submitted_at', 'any', '', '', false),
      ('testimonial_request_events', 'event_type', 'any', '', '', false),
      ('testimonial_submissions', 'media_type', 'any', '', '', false),
      ('testimonial_submissions', 'status', 'any', '', '', false),
      ('testimonial_submissions', 'updated_at', 'any', '', '', false),
      ('testimonial_requests', 'created_at', 'any', '', '', false)
    ) as n (tab, col, use, want, part, may_miss)
    left join lateral (
      select format_type((case when t.typtype = 'd' then t.typbasetype else t.oid end), null) as type
      from pg_attribute a
      join pg_type t on t.oid = a.atttypid
      where a.attrelid = to_regclass(n.tab)
        and a.attname = n.col
        and a.attnum > 0
        and not a.attisdropped
    ) t on true
    where to_regclass(n.tab) is not null
  loop
    if need.type is null then
      if not need.may_miss then
        wrong := wrong || format('%s has no column %s.', need.tab, need.col);
      end if;
    elsif need.use in ('key', 'keyOf') and need.key_type is null then
      wrong := wrong || format('%s is of type %s; a key is of type text, uuid, integer or bigint.', need.name, need.type);
    elsif need.use = 'key' and need.key_type <> need.want then
      wrong := wrong || format(
        '%s is of type %s, and the definition says %s: state %s.keyType: "%s".',
        need.name, need.type, need.want, need.part, need.key_type
      );
    elsif need.use = 'keyOf' and need.key_type <> need.want then
      wrong := wrong || format(
        '%s is of type %s, and holds keys of %s, which the definition says are of type %s: both must be the same, as %s.keyType states.',
        need.name, need.type, need.part, need.want, need.part
      );
    elsif need.use = 'instant' and need.type not in ('timestamp without time zone', 'timestamp with time zone') then
      wrong := wrong || format('%s is of type %s; an instant is of type timestamp or timestamptz.', need.name, need.type);
    elsif need.use = 'instant' and need.type <> need.want then
      wrong := wrong || format(
        '%s is of type %s, and the definition says %s: state instants: "%s", which all its instants must be of.',
        need.name, need.type, need.want, case when need.type like '%without%' then 'timestamp' else 'timestamptz' end
      );
    elsif need.use = 'number' and need.type not in ('smallint', 'integer', 'bigint') then
      wrong := wrong || format('%s is of type %s; a sum is of whole numbers: smallint, integer or bigint.', need.name, need.type);
    end if;
  end loop;

  for need in
    select n.*, format('%s.%s', n.tab, n.col) as name, t.type, t.kind
    from (values
      ('testimonial_request_events', 'event_type', 'clicked'),
      ('testimonial_request_events', 'event_type', 'opened'),
      ('testimonial_submissions', 'media_type', 'video'),
      ('testimonial_submissions', 'media_type', 'photo'),
      ('testimonial_submissions', 'status', 'rejected'),
      ('testimonial_submissions', 'status', 'approved'),
      ('testimonial_requests', 'status', 'failed'),
      ('testimonial_requests', 'status', 'expired')
    ) as n (tab, col, val)
    join lateral (
      select b.oid as type, b.typtype::text as kind, b.typcategory
      from pg_attribute a
      join pg_type t on t.oid = a.atttypid
      join pg_type b on b.oid = (case when t.typtype = 'd' then t.typbasetype else t.oid end)
      where a.attrelid = to_regclass(n.tab)
        and a.attname = n.col
        and not a.attisdropped
        and (b.typtype = 'e' or b.typname in ('text', 'varchar'))
    ) t on true
  loop
    if need.kind = 'e' then
      select min(e.enumlabel::text) filter (where lower(e.enumlabel) = lower(need.val))
      into other
      from pg_enum e
      where e.enumtypid = need.type
      having not coalesce(bool_or(e.enumlabel = need.val), false);
      if found and other is not null then
        wrong := wrong || format('%s has no value %L, but %L: write it so in the definition.', need.name, need.val, other);
      elsif found then
        wrong := wrong || format(
          '%s has no value %L; it has %s.', need.name, need.val,
          (
            select string_agg(quote_literal(e.enumlabel::text), ', ' order by e.enumsortorder)
            from pg_enum e
            where e.enumtypid = need.type
          )
        );
      end if;
    else
      -- One that is there, as nearly always, is found before all rows are looked at.
      execute format('select x.%1$I from %2$I x where x.%1$I = $1 limit 1', need.col, need.tab) into other using need.val;
      if other is null then
        execute format('select min(x.%1$I) from %2$I x where lower(x.%1$I) = lower($1)', need.col, need.tab)
        into other
        using need.val;
        if other is not null then
          wrong := wrong || format('%s holds no %L, but %L: write it so in the definition.', need.name, need.val, other);
        end if;
      end if;
    end if;
  end loop;

  for need in
    select n.*, i.on_table, i.on_columns, i.is_plain
    from (values
      ('testimonial_requests_shop_id_sent_at_idx', 'testimonial_requests', 'shop_id, sent_at', 'sent_at'),
      ('testimonial_requests_sent_at_shop_id_idx', 'testimonial_requests', 'sent_at, shop_id', 'sent_at'),
      ('testimonial_requests_shop_id_clicked_at_idx', 'testimonial_requests', 'shop_id, clicked_at', 'clicked_at'),
      ('testimonial_requests_clicked_at_shop_id_idx', 'testimonial_requests', 'clicked_at, shop_id', 'clicked_at'),
      ('testimonial_request_events_shop_id_event_type_event_at_idx', 'testimonial_request_events', 'shop_id, event_type, event_at', 'event_at'),
      ('testimonial_request_events_event_type_event_at_shop_id_idx', 'testimonial_request_events', 'event_type, event_at, shop_id', 'event_at'),
      ('testimonial_submissions_shop_id_submitted_at_idx', 'testimonial_submissions', 'shop_id, submitted_at', 'submitted_at'),
      ('testimonial_submissions_submitted_at_shop_id_idx', 'testimonial_submissions', 'submitted_at, shop_id', 'submitted_at'),
      ('testimonial_submissions_shop_id_approved_at_idx', 'testimonial_submissions', 'shop_id, approved_at', 'approved_at'),
      ('testimonial_submissions_approved_at_shop_id_idx', 'testimonial_submissions', 'approved_at, shop_id', 'approved_at'),
      ('testimonial_submissions_shop_id_published_at_idx', 'testimonial_submissions', 'shop_id, published_at', 'published_at'),
      ('testimonial_submissions_published_at_shop_id_idx', 'testimonial_submissions', 'published_at, shop_id', 'published_at'),
      ('testimonial_request_events_request_id_idx', 'testimonial_request_events', 'request_id', '')
    ) as n (name, tab, cols, instant)
    join pg_class c on c.oid = to_regclass(n.name)
    left join lateral (
      select
        i.indrelid::regclass::text as on_table,
        (
          select string_agg(coalesce(a.attname, 'an expression'), ', ' order by k.nth)
          from unnest(i.indkey::int2[]) with ordinality as k (number, nth)
          left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number and k.number <> 0
        ) as on_columns,
        coalesce(pg_get_expr(i.indpred, i.indrelid), '') in ('', format('(%I IS NOT NULL)', n.instant)) and i.indisvalid as is_plain
      from pg_index i
      where i.indexrelid = c.oid
    ) i on true
    where to_regclass(n.tab) is not null
      and (to_regclass(n.tab)::text, n.cols, true) is distinct from (i.on_table, i.on_columns, i.is_plain)
  loop
    wrong := wrong || case
      when need.on_table is null then format(
        '%s is the name of something else than an index; the rollup needs an index of that name on %s (%s).',
        need.name, need.tab, need.cols
      )
      else format(
        'The index %s is on %s (%s)%s; the rollup needs an index of that name on %s (%s): rename the one that is there.',
        need.name, need.on_table, need.on_columns, case when not need.is_plain then ' and partial or invalid' end,
        need.tab, need.cols
      )
    end;
  end loop;

  for need in
    select n.name
    from (values
      ('testimonial_daily_analytics'),
      ('testimonial_daily_analytics_exact'),
      ('rollup_marks'),
      ('rollup_shops'),
      ('rollup_runs'),
      ('rollup_troubles'),
      ('rollup_definitions'),
      ('rollup_uuid'),
      ('rollup_follow_shops'),
      ('rollup_mark_requests'),
      ('rollup_mark_request_events'),
      ('rollup_mark_submissions')
    ) as n (name)
    where to_regclass(n.name) is not null
      or exists (
        select
        from pg_proc p
        where p.proname = n.name
          and p.pronamespace = (select s.oid from pg_namespace s where s.nspname = current_schema())
          and p.pronargs = 0
      )
  loop
    wrong := wrong || format(
      'There is a %s already: state another prefix in the definition, or another table.',
      need.name
    );
  end loop;

  if wrong <> '{}' then
    raise exception using message =
      'The host''s schema does not fit the definition of testimonial_daily_analytics:'
      || chr(10) || array_to_string(wrong, chr(10));
  end if;
end
$$;

-- approved_at, filled for what is approved already, and the stamp. A value that the app sets stays.

alter table testimonial_submissions add column if not exists approved_at timestamp(3);

update testimonial_submissions
set approved_at = coalesce(published_at, updated_at)
where status = 'approved'
  and approved_at is null;

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

-- For what the dashboard counts at each visit: the testimonials that wait for moderation.
create index if not exists testimonial_submissions_shop_id_status_idx on testimonial_submissions (shop_id, status);

-- For the requests of a range that came to nothing, counted without a look at their rows.
create index if not exists testimonial_requests_lost_idx on testimonial_requests (shop_id, status, sent_at, created_at) where status in ('failed', 'expired');

-- The rollup, its change log and its ledger.

-- Ordered by time, so that new rows lie beside each other in the index of the primary key: RFC 9562's version 7, a
-- millisecond and random bits. PostgreSQL has a function of its own for it from version 18 on.
create function rollup_uuid() returns uuid
language sql volatile parallel safe
as $$
  select encode(
    set_bit(
      set_bit(
        overlay(
          uuid_send(gen_random_uuid())
          placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
          from 1 for 6
        ),
        52, 1
      ),
      53, 1
    ),
    'hex'
  )::uuid
$$;

-- No foreign key to shops: it would be looked at for each row of a recount. A trigger there removes instead.
-- Pages are left a seventh empty, and no index holds a count: then an update writes its one row and touches no index.
create table testimonial_daily_analytics (
  id uuid not null default rollup_uuid(),
  shop_id text not null,
  date date not null,
  requests_sent integer not null default 0,
  requests_clicked integer not null default 0,
  submissions_count integer not null default 0,
  approved_count integer not null default 0,
  published_count integer not null default 0,
  video_submissions_count integer not null default 0,
  photo_submissions_count integer not null default 0,
  sent_opened integer not null default 0,
  sent_clicked integer not null default 0,
  sent_submitted integer not null default 0,
  submitted_approved integer not null default 0,
  submitted_rejected integer not null default 0,
  submitted_published integer not null default 0,
  ratings_sum integer not null default 0,
  ratings_count integer not null default 0,
  ratings_1 integer not null default 0,
  ratings_2 integer not null default 0,
  ratings_3 integer not null default 0,
  ratings_4 integer not null default 0,
  ratings_5 integer not null default 0,
  created_at timestamp(3) not null default timezone('utc', now()),
  updated_at timestamp(3) not null default timezone('utc', now()),
  constraint testimonial_daily_analytics_pkey primary key (id)
) with (fillfactor = 85);

create unique index testimonial_daily_analytics_shop_id_date_key on testimonial_daily_analytics (shop_id, date);
create index testimonial_daily_analytics_date_idx on testimonial_daily_analytics (date);

-- The change log. A mark names a day of a shop, or a row that other rows count by: whoever takes or reads it finds the
-- days in a snapshot of its own. Append only: merging marks of one day into one row would lose the mark of a writer that
-- is still open while the row is taken. No key, no sequence and no foreign key: a restore of data alone must not collide
-- with marks that its own triggers write, and deleting a shop cascades to source rows whose triggers mark days of a shop
-- that is gone.
create table rollup_marks (
  shop_id text not null,
  date date,
  parent_id text,
  marked_at timestamp(3) not null default timezone('utc', now()),
  constraint rollup_marks_day_or_row check (num_nonnulls(date, parent_id) = 1)
) with (
  -- Runs empty it all day long. The default waits for a fifth of the table: too long where the marks of uninstalled
  -- shops stay.
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0,
  autovacuum_analyze_threshold = 1000
);

create index rollup_marks_shop_id_date_marked_at_idx on rollup_marks (shop_id, date, marked_at);

-- For the oldest mark, which the health check asks for.
create index rollup_marks_marked_at_shop_id_idx on rollup_marks (marked_at, shop_id);

-- For hosts whose publication has all tables: without it they could not delete a mark.
alter table rollup_marks replica identity full;

-- What each migration of the definition left to be counted: a process that would count otherwise recounts nothing. No
-- key, for a restore of data alone must not collide with the row that the migration has written.
create table rollup_definitions (
  rollup text not null,
  fingerprint text not null,
  definition jsonb not null,
  applied_at timestamp(6) not null default timezone('utc', clock_timestamp())
);

alter table rollup_definitions replica identity full;

-- What a recount locks, one row a shop, and what is known of a shop beside its numbers. Runs make the rows. Then kinds of
-- runs whose last one failed.
create table rollup_shops (
  shop_id text not null,
  failing_since timestamp(3),
  failing_reason text,
  failing_in text,
  failing_announced boolean not null default false,
  sealed_until date,
  sealed_rows integer,
  sealed_checksum text,
  purged_until date,
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
  unseal boolean not null default false,
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
  paused_ms integer not null default 0,
  lease_until timestamp(3),
  lease_owner text,
  opened_at_xid text,
  seen_xid text,
  constraint rollup_runs_pkey primary key (id)
);

create unique index rollup_runs_slot_key on rollup_runs (slot);
create index rollup_runs_kind_started_at_idx on rollup_runs (kind, started_at);
create index rollup_runs_status_idx on rollup_runs (status);

-- Two indexes for each instant that a metric counts by: the days of one shop, and the recent days of all shops.

create index if not exists testimonial_requests_shop_id_sent_at_idx on testimonial_requests (shop_id, sent_at);
create index if not exists testimonial_requests_sent_at_shop_id_idx on testimonial_requests (sent_at, shop_id) where sent_at is not null;
create index if not exists testimonial_requests_shop_id_clicked_at_idx on testimonial_requests (shop_id, clicked_at) where clicked_at is not null;
create index if not exists testimonial_requests_clicked_at_shop_id_idx on testimonial_requests (clicked_at, shop_id) where clicked_at is not null;
create index if not exists testimonial_request_events_shop_id_event_type_event_at_idx on testimonial_request_events (shop_id, event_type, event_at);
create index if not exists testimonial_request_events_event_type_event_at_shop_id_idx on testimonial_request_events (event_type, event_at, shop_id) where event_at is not null;
create index if not exists testimonial_submissions_shop_id_submitted_at_idx on testimonial_submissions (shop_id, submitted_at);
create index if not exists testimonial_submissions_submitted_at_shop_id_idx on testimonial_submissions (submitted_at, shop_id) where submitted_at is not null;
create index if not exists testimonial_submissions_shop_id_approved_at_idx on testimonial_submissions (shop_id, approved_at) where approved_at is not null;
create index if not exists testimonial_submissions_approved_at_shop_id_idx on testimonial_submissions (approved_at, shop_id) where approved_at is not null;
create index if not exists testimonial_submissions_shop_id_published_at_idx on testimonial_submissions (shop_id, published_at) where published_at is not null;
create index if not exists testimonial_submissions_published_at_shop_id_idx on testimonial_submissions (published_at, shop_id) where published_at is not null;
create index if not exists testimonial_request_events_request_id_idx on testimonial_request_events (request_id);

-- The change log. One function for each source table, called once a statement with all its rows. An update marks the
-- old and the new day of what moved, and nothing where no counted column changed. Infinite timestamps lie on no day. They
-- run with the rights of their owner, so that who writes source rows needs no right of its own here.

create or replace function rollup_mark_requests() returns trigger
language plpgsql
security definer
as $$
begin
  if tg_op = 'INSERT' then
    insert into rollup_marks (shop_id, date)
    select distinct n.shop_id, d.date
    from new_rows n
    cross join lateral (values (n.sent_at::date), (n.clicked_at::date)) as d (date)
    where isfinite(d.date)
      and n.shop_id is not null;
  elsif tg_op = 'DELETE' then
    insert into rollup_marks (shop_id, date)
    select distinct o.shop_id, d.date
    from old_rows o
    cross join lateral (values (o.sent_at::date), (o.clicked_at::date)) as d (date)
    where isfinite(d.date)
      and o.shop_id is not null;

    insert into rollup_marks (shop_id, parent_id)
    select distinct o.shop_id, o.id::text
    from old_rows o
    where o.shop_id is not null
      and o.id is not null
      and (o.clicked_at is null);
  elsif tg_op = 'UPDATE' then
    if (select count(*) = 1 from (select from new_rows limit 2) r) then
      insert into rollup_marks (shop_id, date, parent_id)
      select m.shop_id, m.date, m.parent_id
      from old_rows o
      cross join new_rows n
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
      select u.shop_id, u.date
      from (
        select o.shop_id as shop_id, o.sent_at::date as date, o.submitted_at, o.clicked_at, o.id, -1 as change
        from old_rows o
        union all
        select n.shop_id as shop_id, n.sent_at::date as date, n.submitted_at, n.clicked_at, n.id, 1 as change
        from new_rows n
      ) u
      where isfinite(u.date)
        and u.shop_id is not null
      group by u.shop_id, u.date, u.submitted_at, u.clicked_at, u.id
      having sum(u.change) <> 0
      union
      select u.shop_id, u.date
      from (
        select o.shop_id as shop_id, o.clicked_at::date as date, -1 as change
        from old_rows o
        union all
        select n.shop_id as shop_id, n.clicked_at::date as date, 1 as change
        from new_rows n
      ) u
      where isfinite(u.date)
        and u.shop_id is not null
      group by u.shop_id, u.date
      having sum(u.change) <> 0;

      insert into rollup_marks (shop_id, parent_id)
      select distinct u.shop_id, u.parent_id
      from (
        select o.shop_id as shop_id, o.id::text as parent_id, (o.clicked_at is null) is true as holds_0, -1 as change
        from old_rows o
        union all
        select n.shop_id as shop_id, n.id::text as parent_id, (n.clicked_at is null) is true as holds_0, 1 as change
        from new_rows n
      ) u
      where u.shop_id is not null
        and u.parent_id is not null
        and (u.holds_0)
      group by u.shop_id, u.parent_id, u.holds_0
      having sum(u.change) <> 0;
    end if;
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
    from new_rows n
    cross join lateral (values (case when n.event_type = 'clicked' then n.event_at::date end)) as d (date)
    where isfinite(d.date)
      and n.shop_id is not null;

    insert into rollup_marks (shop_id, parent_id)
    select distinct n.shop_id, n.request_id::text
    from new_rows n
    where n.shop_id is not null
      and n.request_id is not null
      and ((n.event_type = 'clicked') or (n.event_type = 'opened'));
  elsif tg_op = 'DELETE' then
    insert into rollup_marks (shop_id, date)
    select distinct o.shop_id, d.date
    from old_rows o
    cross join lateral (values (case when o.event_type = 'clicked' then o.event_at::date end)) as d (date)
    where isfinite(d.date)
      and o.shop_id is not null;

    insert into rollup_marks (shop_id, parent_id)
    select distinct o.shop_id, o.request_id::text
    from old_rows o
    where o.shop_id is not null
      and o.request_id is not null
      and ((o.event_type = 'clicked') or (o.event_type = 'opened'));
  elsif tg_op = 'UPDATE' then
    if (select count(*) = 1 from (select from new_rows limit 2) r) then
      insert into rollup_marks (shop_id, date, parent_id)
      select m.shop_id, m.date, m.parent_id
      from old_rows o
      cross join new_rows n
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
      select distinct u.shop_id, u.date
      from (
        select o.shop_id as shop_id, o.event_at::date as date, o.request_id, -1 as change
        from old_rows o
        where o.event_type = 'clicked'
        union all
        select n.shop_id as shop_id, n.event_at::date as date, n.request_id, 1 as change
        from new_rows n
        where n.event_type = 'clicked'
      ) u
      where isfinite(u.date)
        and u.shop_id is not null
      group by u.shop_id, u.date, u.request_id
      having sum(u.change) <> 0;

      insert into rollup_marks (shop_id, parent_id)
      select distinct u.shop_id, u.parent_id
      from (
        select o.shop_id as shop_id, o.request_id::text as parent_id, (o.event_type = 'clicked') is true as holds_0, (o.event_type = 'opened') is true as holds_1, -1 as change
        from old_rows o
        union all
        select n.shop_id as shop_id, n.request_id::text as parent_id, (n.event_type = 'clicked') is true as holds_0, (n.event_type = 'opened') is true as holds_1, 1 as change
        from new_rows n
      ) u
      where u.shop_id is not null
        and u.parent_id is not null
        and (u.holds_0 or u.holds_1)
      group by u.shop_id, u.parent_id, u.holds_0, u.holds_1
      having sum(u.change) <> 0;
    end if;
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
    from new_rows n
    cross join lateral (values (n.submitted_at::date), (n.approved_at::date), (n.published_at::date)) as d (date)
    where isfinite(d.date)
      and n.shop_id is not null;
  elsif tg_op = 'DELETE' then
    insert into rollup_marks (shop_id, date)
    select distinct o.shop_id, d.date
    from old_rows o
    cross join lateral (values (o.submitted_at::date), (o.approved_at::date), (o.published_at::date)) as d (date)
    where isfinite(d.date)
      and o.shop_id is not null;
  elsif tg_op = 'UPDATE' then
    if (select count(*) = 1 from (select from new_rows limit 2) r) then
      insert into rollup_marks (shop_id, date, parent_id)
      select m.shop_id, m.date, m.parent_id
      from old_rows o
      cross join new_rows n
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
      select u.shop_id, u.date
      from (
        select o.shop_id as shop_id, o.submitted_at::date as date, o.media_type, o.approved_at, o.published_at, o.status, o.rating, -1 as change
        from old_rows o
        union all
        select n.shop_id as shop_id, n.submitted_at::date as date, n.media_type, n.approved_at, n.published_at, n.status, n.rating, 1 as change
        from new_rows n
      ) u
      where isfinite(u.date)
        and u.shop_id is not null
      group by u.shop_id, u.date, u.media_type, u.approved_at, u.published_at, u.status, u.rating
      having sum(u.change) <> 0
      union
      select u.shop_id, u.date
      from (
        select o.shop_id as shop_id, o.approved_at::date as date, -1 as change
        from old_rows o
        union all
        select n.shop_id as shop_id, n.approved_at::date as date, 1 as change
        from new_rows n
      ) u
      where isfinite(u.date)
        and u.shop_id is not null
      group by u.shop_id, u.date
      having sum(u.change) <> 0
      union
      select u.shop_id, u.date
      from (
        select o.shop_id as shop_id, o.published_at::date as date, -1 as change
        from old_rows o
        union all
        select n.shop_id as shop_id, n.published_at::date as date, 1 as change
        from new_rows n
      ) u
      where isfinite(u.date)
        and u.shop_id is not null
      group by u.shop_id, u.date
      having sum(u.change) <> 0;
    end if;
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

-- The rollup's rows follow their shop: they go with it and take its new id. The marks of the old id are dropped as a
-- gone shop's; those of the new one are added, as ever, since one of them may be of a day that has no row any more.

create function rollup_follow_shops() returns trigger
language plpgsql
security definer
as $$
begin
  -- First what a recount locks, so that the rows of one at work are found by the next statement.
  if tg_op = 'TRUNCATE' then
    delete from rollup_shops;
    delete from testimonial_daily_analytics;
  elsif tg_op = 'DELETE' then
    delete from rollup_shops r where r.shop_id = old.id;
    delete from testimonial_daily_analytics a where a.shop_id = old.id;
  else
    update rollup_shops r set shop_id = new.id where r.shop_id = old.id;
    update testimonial_daily_analytics a set shop_id = new.id where a.shop_id = old.id;
    insert into rollup_marks (shop_id, date, parent_id)
    select distinct new.id, m.date, m.parent_id
    from rollup_marks m
    where m.shop_id = old.id;
  end if;
  return null;
end
$$;

create trigger rollup_follow_shops_on_delete after delete on shops
for each row execute function rollup_follow_shops();
create trigger rollup_follow_shops_on_truncate before truncate on shops
for each statement execute function rollup_follow_shops();
create trigger rollup_follow_shops_on_update after update of id on shops
for each row
when (new.id is distinct from old.id)
execute function rollup_follow_shops();

-- The functions find their tables in this schema, in sessions that have an empty search path, such as a restore, too;
-- and a temporary table of the same name last.

do $$
declare
  name text;
begin
  foreach name in array array[
    'rollup_mark_requests',
    'rollup_mark_request_events',
    'rollup_mark_submissions',
    'rollup_follow_shops'
  ] loop
    execute format('alter function %I() set search_path = %I, pg_temp', name, current_schema());
    execute format('revoke all on function %I() from public', name);
  end loop;
end
$$;

-- For whoever reads by SQL: the daily rows, exact in the snapshot of each statement, before any run and beside one.

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

-- Marks for every day that has data already, so that reads are exact from the first second.

insert into rollup_marks (shop_id, date)
select x.shop_id, x.sent_at::date
from testimonial_requests x
where isfinite(x.sent_at)
  and x.shop_id is not null
union
select x.shop_id, x.clicked_at::date
from testimonial_requests x
where isfinite(x.clicked_at)
  and x.shop_id is not null
union
select x.shop_id, x.event_at::date
from testimonial_request_events x
where isfinite(x.event_at)
  and x.shop_id is not null
  and x.event_type = 'clicked'
union
select x.shop_id, x.submitted_at::date
from testimonial_submissions x
where isfinite(x.submitted_at)
  and x.shop_id is not null
union
select x.shop_id, x.approved_at::date
from testimonial_submissions x
where isfinite(x.approved_at)
  and x.shop_id is not null
union
select x.shop_id, x.published_at::date
from testimonial_submissions x
where isfinite(x.published_at)
  and x.shop_id is not null;

-- What is counted from now on.

insert into rollup_definitions (rollup, fingerprint, definition)
values ('testimonial_daily_analytics', 'a682683789a5f35c5f1d017d193c9fae', '{"table":"testimonial_daily_analytics","shops":{"table":"shops","key":"id","installed":{"uninstalled_at":null}},"instants":"timestamp","sources":{"requests":{"table":"testimonial_requests","key":"id","shop":"shop_id"},"request_events":{"table":"testimonial_request_events","key":"id","shop":"shop_id","parent":{"source":"requests","column":"request_id"}},"submissions":{"table":"testimonial_submissions","key":"id","shop":"shop_id"}},"scans":{"sent":{"source":"requests","at":"sent_at"},"clicked":{"source":"requests","at":"clicked_at"},"clickEvents":{"source":"request_events","at":"event_at","where":{"event_type":"clicked"},"parent":{"clicked_at":null}},"submitted":{"source":"submissions","at":"submitted_at"},"approved":{"source":"submissions","at":"approved_at"},"published":{"source":"submissions","at":"published_at"}},"metrics":{"requestsSent":{"column":"requests_sent","from":{"sent":{"kind":"count","where":{}}}},"requestsClicked":{"column":"requests_clicked","from":{"clicked":{"kind":"count","where":{}},"clickEvents":{"kind":"countDistinct","column":"request_id","where":{}}}},"submissionsCount":{"column":"submissions_count","from":{"submitted":{"kind":"count","where":{}}}},"approvedCount":{"column":"approved_count","from":{"approved":{"kind":"count","where":{}}}},"publishedCount":{"column":"published_count","from":{"published":{"kind":"count","where":{}}}},"videoSubmissionsCount":{"column":"video_submissions_count","from":{"submitted":{"kind":"count","where":{"media_type":"video"}}}},"photoSubmissionsCount":{"column":"photo_submissions_count","from":{"submitted":{"kind":"count","where":{"media_type":"photo"}}}}},"cohortMetrics":{"sentOpened":{"column":"sent_opened","from":{"sent":{"kind":"count","where":{"$anyOf":[{"submitted_at":{"not":null}},{"clicked_at":{"not":null}},{"$has":{"request_events":{"event_type":"clicked"}}},{"$has":{"request_events":{"event_type":"opened"}}}]}}}},"sentClicked":{"column":"sent_clicked","from":{"sent":{"kind":"count","where":{"$anyOf":[{"submitted_at":{"not":null}},{"clicked_at":{"not":null}},{"$has":{"request_events":{"event_type":"clicked"}}}]}}}},"sentSubmitted":{"column":"sent_submitted","from":{"sent":{"kind":"count","where":{"submitted_at":{"not":null}}}}},"submittedApproved":{"column":"submitted_approved","from":{"submitted":{"kind":"count","where":{"$anyOf":[{"approved_at":{"not":null}},{"published_at":{"not":null}}]}}}},"submittedRejected":{"column":"submitted_rejected","from":{"submitted":{"kind":"count","where":{"status":"rejected","approved_at":null,"published_at":null}}}},"submittedPublished":{"column":"submitted_published","from":{"submitted":{"kind":"count","where":{"published_at":{"not":null}}}}},"ratingsSum":{"column":"ratings_sum","from":{"submitted":{"kind":"sum","column":"rating","where":{"rating":{"atLeast":1,"atMost":5}}}}},"ratingsCount":{"column":"ratings_count","from":{"submitted":{"kind":"count","where":{"rating":{"atLeast":1,"atMost":5}}}}},"ratings1":{"column":"ratings_1","from":{"submitted":{"kind":"count","where":{"rating":1}}}},"ratings2":{"column":"ratings_2","from":{"submitted":{"kind":"count","where":{"rating":2}}}},"ratings3":{"column":"ratings_3","from":{"submitted":{"kind":"count","where":{"rating":3}}}},"ratings4":{"column":"ratings_4","from":{"submitted":{"kind":"count","where":{"rating":4}}}},"ratings5":{"column":"ratings_5","from":{"submitted":{"kind":"count","where":{"rating":5}}}}}}');
