import { listMetricColumns } from "./count-sql";
import { toNames } from "./names";
import type { Definition } from "./rollup";

// What a rollup keeps in the database beside the host's tables.

/** Makes ordered ids for daily rows. */
export function toUuidFunction(definition: Definition): string {
  return `-- Ordered by time, so that new rows lie beside each other in the index of the primary key: RFC 9562's version 7, a
-- millisecond and random bits. PostgreSQL has a function of its own for it from version 18 on.
create function ${toNames(definition).uuid}() returns uuid
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
$$;`;
}

/** The daily rows, with their indexes. */
export function toDailyTable(definition: Definition): string {
  const { daily, uuid, shopType } = toNames(definition);
  const counts = listMetricColumns(definition).map((column) => `  ${column} integer not null default 0,`);
  return `-- No foreign key to ${definition.shops.table}: it would be looked at for each row of a recount. A trigger there removes instead.
-- Pages are left a seventh empty, and no index holds a count: then an update writes its one row and touches no index.
create table ${daily} (
  id uuid not null default ${uuid}(),
  shop_id ${shopType} not null,
  date date not null,
${counts.join("\n")}
  created_at timestamp(3) not null default timezone('utc', now()),
  updated_at timestamp(3) not null default timezone('utc', now()),
  constraint ${daily}_pkey primary key (id)
) with (fillfactor = 85);

create unique index ${daily}_shop_id_date_key on ${daily} (shop_id, date);
create index ${daily}_date_idx on ${daily} (date);`;
}

/** The change log. */
export function toMarksTable(definition: Definition): string {
  const { marks, shopType } = toNames(definition);
  return `-- The change log. A mark names a day of a shop, or a row that other rows count by: whoever takes or reads it finds the
-- days in a snapshot of its own. Append only: merging marks of one day into one row would lose the mark of a writer that
-- is still open while the row is taken. No key, no sequence and no foreign key: a restore of data alone must not collide
-- with marks that its own triggers write, and deleting a shop cascades to source rows whose triggers mark days of a shop
-- that is gone.
create table ${marks} (
  shop_id ${shopType} not null,
  date date,
  parent_id text,
  marked_at timestamp(3) not null default timezone('utc', now()),
  constraint ${marks}_day_or_row check (num_nonnulls(date, parent_id) = 1)
) with (
  -- Runs empty it all day long. The default waits for a fifth of the table: too long where the marks of uninstalled
  -- shops stay.
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0,
  autovacuum_analyze_threshold = 1000
);

create index ${marks}_shop_id_date_marked_at_idx on ${marks} (shop_id, date, marked_at);

-- For the oldest mark, which the health check asks for.
create index ${marks}_marked_at_shop_id_idx on ${marks} (marked_at, shop_id);

-- For hosts whose publication has all tables: without it they could not delete a mark.
alter table ${marks} replica identity full;`;
}

/** What is known of shops, of definitions and of runs. */
export function toLedgerTables(definition: Definition): string {
  const { definitions, shops, troubles, runs, shopType } = toNames(definition);
  return `-- What each migration of the definition left to be counted: a process that would count otherwise recounts nothing. No
-- key, for a restore of data alone must not collide with the row that the migration has written.
create table ${definitions} (
  rollup text not null,
  fingerprint text not null,
  definition jsonb not null,
  applied_at timestamp(6) not null default timezone('utc', clock_timestamp())
);

alter table ${definitions} replica identity full;

-- What a recount locks, one row a shop, and what is known of a shop beside its numbers. Runs make the rows. Then kinds of
-- runs whose last one failed.
create table ${shops} (
  shop_id ${shopType} not null,
  failing_since timestamp(3),
  failing_reason text,
  failing_in text,
  failing_announced boolean not null default false,
  sealed_until date,
  sealed_rows integer,
  sealed_checksum text,
  purged_until date,
  constraint ${shops}_pkey primary key (shop_id)
);

create index ${shops}_failing_since_idx on ${shops} (failing_since);

create table ${troubles} (
  kind text not null,
  since timestamp(3) not null default timezone('utc', now()),
  reason text not null,
  constraint ${troubles}_pkey primary key (kind)
);

create table ${runs} (
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
  constraint ${runs}_pkey primary key (id)
);

create unique index ${runs}_slot_key on ${runs} (slot);
create index ${runs}_kind_started_at_idx on ${runs} (kind, started_at);
create index ${runs}_status_idx on ${runs} (status);`;
}
