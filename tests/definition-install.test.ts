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
import { describeSchema } from "./support/schema";

// The first migration of a definition, as it is generated, makes what the checked-in migrations have made.

async function describe(database: PGlite): Promise<Record<string, string[]>> {
  const list = async (sql: string) => (await database.query<{ text: string }>(sql)).rows.map(({ text }) => text);
  return {
    ...(await describeSchema(list)),
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
  expect(await describe(host)).toEqual(await describe(await openMigrated()));
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
