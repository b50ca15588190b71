import type pg from "pg";

const sourceTables = ["testimonial_requests", "testimonial_request_events", "testimonial_submissions"];

type Definition = { table: string; name: string; type: string; definition: string };

/**
 * Runs `load` while the source tables have neither indexes nor constraints nor triggers, and makes them again: several
 * times as fast as to keep them up row by row, with the same outcome.
 */
export async function loadWithoutIndexes(sql: pg.Client, load: () => Promise<void>): Promise<void> {
  const constraints = await listConstraints(sql);
  const indexes = await listIndexes(sql);
  for (const table of sourceTables) await sql.query(`alter table ${table} disable trigger user`);
  for (const { table, name } of constraints) await sql.query(`alter table ${table} drop constraint ${name}`);
  for (const { name } of indexes) await sql.query(`drop index ${name}`);
  await load();
  await sql.query("set maintenance_work_mem = '512MB'");
  for (const { definition } of indexes) await sql.query(definition);
  for (const { table, name, definition } of constraints.toReversed()) {
    await sql.query(`alter table ${table} add constraint ${name} ${definition}`);
  }
  await sql.query("reset maintenance_work_mem");
  for (const table of sourceTables) await sql.query(`alter table ${table} enable trigger user`);
}

/** Foreign keys first: the primary keys they need can't go before them. */
async function listConstraints(sql: pg.Client): Promise<Definition[]> {
  const { rows } = await sql.query<Definition>(
    `select conrelid::regclass::text as "table", conname as name, contype as type, pg_get_constraintdef(oid) as definition
    from pg_constraint
    where conrelid::regclass::text = any($1::text[]) and contype in ('f', 'p')
    order by contype, conname`,
    [sourceTables],
  );
  return rows;
}

async function listIndexes(sql: pg.Client): Promise<Definition[]> {
  const { rows } = await sql.query<Definition>(
    `select indrelid::regclass::text as "table", indexrelid::regclass::text as name, 'i' as type,
      pg_get_indexdef(indexrelid) as definition
    from pg_index
    where indrelid::regclass::text = any($1::text[]) and not indisprimary`,
    [sourceTables],
  );
  return rows;
}
