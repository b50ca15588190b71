import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { PGlite } from "@electric-sql/pglite";
import { describe, expect, inject, test } from "vitest";
import { toDatabaseUrl } from "../setup/server";

const run = promisify(execFile);
const readMigration = (name: string) => readFileSync(`prisma/migrations/${name}/migration.sql`, "utf8");

describe("the migrations", () => {
  test("applied by the app are applied for the Prisma CLI too", async () => {
    const { stdout } = await runPrisma("migrate", "status");
    expect(stdout).toContain("Database schema is up to date");
  });

  test("bring the database to the very schema that Prisma knows", async () => {
    const migrated = await PGlite.create();
    await migrated.exec(readMigration("20261101000000_testimonial_app"));
    await migrated.exec(readMigration("20261122000000_daily_analytics"));
    await migrated.exec(readMigration("20261125000000_privacy"));
    await migrated.exec(readMigration("20261127000000_products"));
    const script = await diffFromEmpty();
    const declared = await PGlite.create();
    // A default that the schema can name and not define.
    await declared.exec("create function rollup_uuid() returns uuid language sql as 'select gen_random_uuid()'");
    await declared.exec(script);
    for (const catalog of [columnsOf, indexesOf, keysOf])
      expect(await catalog(migrated)).toEqual(await catalog(declared));
    await Promise.all([migrated.close(), declared.close()]);
  });

  test("mark every day of a host app that has data already, and fill approved_at", async () => {
    const host = await PGlite.create();
    await host.exec("set time zone 'Asia/Kathmandu'");
    await host.exec(readMigration("20261101000000_testimonial_app"));
    await host.exec(`
      insert into shops (id, domain) values ('s', 's.myshopify.com');
      insert into testimonial_requests (id, shop_id, sent_at, clicked_at) values ('r', 's', '2024-02-29 00:00', '2024-03-01 23:59:59.999');
      insert into testimonial_request_events (shop_id, request_id, event_type, event_at) values ('s', 'r', 'clicked', '2024-03-02'), ('s', 'r', 'opened', '2024-03-03');
      insert into testimonial_submissions (id, shop_id, status, submitted_at, published_at, updated_at) values
        ('published', 's', 'approved', '2024-04-01', '2024-04-02', '2024-04-09'),
        ('approved', 's', 'approved', '2024-04-01', null, '2024-04-03'),
        ('pending', 's', 'pending', '2024-04-01', null, '2024-04-04');
    `);
    await host.exec(readMigration("20261122000000_daily_analytics"));
    const marks = await host.query<{ date: string }>("select date::text from rollup_marks order by date");
    expect(marks.rows.map((row) => row.date)).toEqual([
      "2024-02-29",
      "2024-03-01",
      "2024-03-02",
      "2024-04-01",
      "2024-04-02",
      "2024-04-03",
    ]);
    const approved = await host.query("select id, approved_at::text from testimonial_submissions order by id");
    expect(approved.rows).toEqual([
      { id: "approved", approved_at: "2024-04-03 00:00:00" },
      { id: "pending", approved_at: null },
      { id: "published", approved_at: "2024-04-02 00:00:00" },
    ]);
    await host.close();
  });
});

/** Runs the Prisma CLI on the template database, whose migrations the app applied. */
function runPrisma(...args: string[]): Promise<{ stdout: string }> {
  const url = toDatabaseUrl(inject("serverUrl"), inject("templateDatabase"));
  return run("npx", ["prisma", ...args], { env: { ...process.env, DATABASE_URL: url } });
}

/** The script that Prisma itself would make of its schema. */
async function diffFromEmpty(): Promise<string> {
  const args = ["--from-empty", "--to-schema-datamodel", "prisma/schema.prisma", "--script"];
  const { stdout } = await runPrisma("migrate", "diff", ...args);
  return stdout;
}

async function columnsOf(pglite: PGlite): Promise<unknown[]> {
  const { rows } = await pglite.query(`
    select table_name, column_name, data_type, datetime_precision, is_nullable, column_default is not null as has_default
    from information_schema.columns
    where table_schema = 'public' and table_name in (select tablename from pg_tables) order by 1, 2`);
  return rows;
}

/**
 * Without the columns that an index holds beside its key, and without partial ones: a Prisma schema can't say them, and
 * Prisma 6 does not see the latter (https://github.com/prisma/prisma-engines/pull/1060).
 */
async function indexesOf(pglite: PGlite): Promise<unknown[]> {
  const { rows } = await pglite.query(`
    select tablename, indexname, regexp_replace(replace(indexdef, 'public.', ''), ' INCLUDE .*', '') as indexdef
    from pg_indexes where schemaname = 'public' and indexdef not like '% WHERE %' order by 1, 2`);
  return rows;
}

/** Primary and foreign keys. Check constraints have no place in a Prisma schema. */
async function keysOf(pglite: PGlite): Promise<unknown[]> {
  const { rows } = await pglite.query(`
    select conrelid::regclass::text as table_name, conname, pg_get_constraintdef(oid) as definition
    from pg_constraint where connamespace = 'public'::regnamespace and contype in ('p', 'f', 'u') order by 1, 2`);
  return rows;
}
