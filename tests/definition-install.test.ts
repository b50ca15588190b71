import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { toInstallSql } from "~/services/rollup/definition/install-sql";
import { toMigration } from "~/services/rollup/definition/migration-sql";
import type { Definition } from "~/services/rollup/definition/rollup";
import { definition } from "~/testimonial-rollup";
import { writeMigration } from "../cli/migration";
import { toTestimonialPart } from "../prisma/testimonial-app";

import { openHost } from "./support/hosts";
import { describeSchema } from "./support/schema";

// The first migration of a definition, as it is generated, makes what the checked-in migrations have made.

async function describe(database: PGlite): Promise<Record<string, string[]>> {
  const list = async (sql: string) => (await database.query<{ text: string }>(sql)).rows.map(({ text }) => text);
  return {
    ...(await describeSchema(list)),
    definitions: await list("select definition::text as text from rollup_definitions"),
  };
}

const checkedIn = readFileSync("prisma/migrations/20261122000000_daily_analytics/migration.sql", "utf8");

let host: PGlite;

beforeAll(async () => {
  host = await openHost();
});
beforeEach(() => host.exec("begin"));
afterEach(() => host.exec("rollback"));
afterAll(() => host.close());

test("a database that the generated first migration has made is as the checked-in one makes it", async () => {
  await host.exec(toInstallSql(definition, toTestimonialPart(definition)));
  const made = await describe(host);
  await host.exec(`rollback; begin;\n${checkedIn}`);
  expect(made).toEqual(await describe(host));
});

test("a second rollup in the same app gets a first migration, and then only what differs", async () => {
  const folder = mkdtempSync(join(tmpdir(), "migrations-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync("prisma/migrations", folder, { recursive: true });
  const second = { ...definition, table: "weekly_report", prefix: "weekly" };
  const both = [{ definition, toApp: toTestimonialPart }, { definition: second }];
  expect(writeMigration(["second_rollup"], folder, both)).toContain("Written: ");
  expect(writeMigration(["nothing"], folder, both)).toContain("Nothing to write");

  await host.exec(checkedIn);
  const written = readdirSync(folder).find((name) => name.endsWith("_second_rollup"));
  await host.exec(readFileSync(join(folder, written ?? "", "migration.sql"), "utf8"));
  await host.exec(`
    insert into shops (id, domain) values ('a', 'a.myshopify.com');
    insert into testimonial_requests (shop_id, sent_at) values ('a', '2026-05-01 10:00');`);
  for (const marks of ["rollup_marks", "weekly_marks"]) {
    expect((await host.query(`select shop_id, date::text from ${marks}`)).rows).toEqual([
      { shop_id: "a", date: "2026-05-01" },
    ]);
  }
  for (const view of ["testimonial_daily_analytics_exact", "weekly_report_exact"]) {
    const { rows } = await host.query(`select date::text, requests_sent from ${view}`);
    expect(rows).toEqual([{ date: "2026-05-01", requests_sent: 1 }]);
  }
});

test("indexes that another rollup goes along stay when one counts along them no more", () => {
  const { sent: _sent, ...scans } = definition.scans;
  const { requestsSent: _requestsSent, ...metrics } = definition.metrics;
  const after: Definition = { ...definition, scans, metrics };
  const dropped = /drop index if exists testimonial_requests_shop_id_sent_at_idx;/;
  expect(toMigration(definition, after)).toMatch(dropped);
  expect(toMigration(definition, after, [{ ...definition, table: "weekly_report" }])).not.toContain("drop index");
});

test("a migration is named to be applied last, on a machine whose clock is behind, too", () => {
  const folder = mkdtempSync(join(tmpdir(), "migrations-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync("prisma/migrations", folder, { recursive: true });
  mkdirSync(join(folder, "20991231235959_of_another_clock"));
  expect(writeMigration(["next"], folder, [{ definition: { ...definition, table: "weekly_report" } }])).toContain(
    `Written: ${folder}/21000101000000_next/migration.sql\n`,
  );
});

test("a first migration says so where another rollup has its names", async () => {
  await host.exec(checkedIn);
  const second = { ...definition, table: "weekly_report" };
  await expect(host.exec(toInstallSql(second))).rejects.toThrow(
    "There is a rollup_marks already: state another prefix in the definition, or another table.",
  );
});
