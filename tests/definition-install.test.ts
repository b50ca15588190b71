import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { expect, onTestFinished, test } from "vitest";
import { toInstallSql } from "~/services/rollup/definition/install-sql";
import { definition } from "~/testimonial-rollup";
import { writeMigration } from "../cli/migration";
import { toTestimonialPart } from "../prisma/testimonial-app";
import { migrate, openHost } from "./support/hosts";

// The first migration of a definition, as it is generated, makes what the checked-in migrations have made.

async function describeSchema(database: PGlite): Promise<Record<string, string[]>> {
  const list = async (sql: string) => (await database.query<{ text: string }>(sql)).rows.map(({ text }) => text);
  return {
    columns: await list(`
      select concat_ws(' ', c.relname, c.reloptions, c.relreplident, a.attname, format_type(a.atttypid, a.atttypmod),
        a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) as text
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
      order by c.relname, a.attnum`),
    constraints: await list(`
      select concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) as text
      from pg_constraint where connamespace = 'public'::regnamespace order by 1`),
    indexes: await list("select indexdef as text from pg_indexes where schemaname = 'public' order by indexname"),
    functions: await list(`
      select pg_get_functiondef(p.oid) || coalesce(p.proacl::text, '') as text
      from pg_proc p where p.pronamespace = 'public'::regnamespace order by p.proname`),
    triggers: await list("select pg_get_triggerdef(oid) as text from pg_trigger where not tgisinternal order by 1"),
    views: await list("select definition as text from pg_views where schemaname = 'public' order by viewname"),
    definitions: await list("select definition::text as text from rollup_definitions"),
  };
}

/** The tables of the app, and what the checked-in migration of the daily analytics makes beside them. */
async function openMigrated(): Promise<PGlite> {
  const host = await openHost();
  await migrate(host, readFileSync("prisma/migrations/20261122000000_daily_analytics/migration.sql", "utf8"));
  return host;
}

test("a database that the generated first migration has made is as the checked-in one makes it", async () => {
  const host = await openHost();
  await migrate(host, toInstallSql(definition, toTestimonialPart(definition)));
  expect(await describeSchema(host)).toEqual(await describeSchema(await openMigrated()));
});

test("a second rollup in the same app gets a first migration, and then only what differs", async () => {
  const folder = mkdtempSync(join(tmpdir(), "migrations-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync("prisma/migrations", folder, { recursive: true });
  const second = { ...definition, table: "weekly_report", prefix: "weekly" };
  const both = [{ definition, toApp: toTestimonialPart }, { definition: second }];
  expect(writeMigration(["second_rollup"], folder, both)).toContain("Written: ");
  expect(writeMigration(["nothing"], folder, both)).toContain("Nothing to write");

  const database = await openMigrated();
  const written = readdirSync(folder).find((name) => name.endsWith("_second_rollup"));
  await migrate(database, readFileSync(join(folder, written ?? "", "migration.sql"), "utf8"));
  await database.exec(`
    insert into shops (id, domain) values ('a', 'a.myshopify.com');
    insert into testimonial_requests (shop_id, sent_at) values ('a', '2026-05-01 10:00');`);
  for (const marks of ["rollup_marks", "weekly_marks"]) {
    expect((await database.query(`select shop_id, date::text from ${marks}`)).rows).toEqual([
      { shop_id: "a", date: "2026-05-01" },
    ]);
  }
  for (const view of ["testimonial_daily_analytics_exact", "weekly_report_exact"]) {
    const { rows } = await database.query(`select date::text, requests_sent from ${view}`);
    expect(rows).toEqual([{ date: "2026-05-01", requests_sent: 1 }]);
  }
});

test("a first migration says so where another rollup has its names", async () => {
  const database = await openMigrated();
  const second = { ...definition, table: "weekly_report" };
  await expect(migrate(database, toInstallSql(second))).rejects.toThrow(
    "There is a rollup_marks already: state another prefix in the definition, or another table.",
  );
});
