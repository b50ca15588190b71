import { readFileSync } from "node:fs";
import { withConnection } from "../setup/server";

/**
 * Citus's functions on plain PostgreSQL. A distributed table becomes one partitioned by hash, which has the same demands
 * on keys and triggers, and whose plans tell which shards a statement would reach.
 */
const citusFunctions = `
create function create_distributed_table(name text, shop_column text, colocate_with text default null) returns void
language plpgsql
as $$
declare
  sequence text := (
    select pg_get_serial_sequence(name, a.attname)
    from pg_attribute a
    where a.attrelid = name::regclass
      and pg_get_serial_sequence(name, a.attname) is not null
  );
begin
  if sequence is not null then
    execute format('alter sequence %s owned by none', sequence);
  end if;
  execute format('alter table %I rename to %I', name, name || '_whole');
  execute format('create table %I (like %I including all) partition by hash (%I)', name, name || '_whole', shop_column);
  for shard in 0..3 loop
    execute format(
      'create table %I partition of %I for values with (modulus 4, remainder %s)',
      name || '_shard_' || shard, name, shard
    );
  end loop;
  execute format('insert into %I select * from %I', name, name || '_whole');
  execute format('drop table %I', name || '_whole');
end
$$;

create function create_reference_table(name text) returns void language sql as 'select';`;

/** Turns a migrated database into what prisma/citus makes of it. */
export async function applyCitusScripts(databaseUrl: string): Promise<void> {
  const scripts = ["1-keys", "2-tables", "3-triggers"].map((name) => readFileSync(`prisma/citus/${name}.sql`, "utf8"));
  await withConnection(databaseUrl, async (client) => {
    await client.query(citusFunctions);
    for (const script of scripts) await client.query(script);
  });
}
