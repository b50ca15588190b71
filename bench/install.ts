import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { toInstalled } from "../cli/install";
import { openSessions } from "../cli/install/connect";
import { defaultPatience } from "../cli/install/patience";
import { runInstall } from "../cli/install/run";
import { rollups } from "../cli/migration";
import { toDatabaseUrl } from "../tests/setup/server";
import { below } from "./aim";
import type { Bench, Theme } from "./bench";
import { loadSourceRows } from "./data";
import { connect } from "./server";
import { type Waits, workBesideTraffic } from "./traffic";

export const adoption: Theme = { rows: ["15"], needsData: false, measure };

const host = "rollup_bench_host";

/** The daily analytics taken into a host with data and traffic: by the install, and by the migration. */
async function measure({ server, sizes, report }: Bench): Promise<void> {
  await server.dropDatabase(host);
  await server.createDatabase(host);
  await loadHost(toDatabaseUrl(server.url, host), sizes);
  const sides: Record<string, (url: string) => Promise<unknown>> = {
    nothing: () => pause(5_000),
    install,
    migration: migrate,
  };
  const waits: Record<string, Waits> = {};
  for (const [side, work] of Object.entries(sides)) {
    const name = `${host}_${side}`;
    await server.dropDatabase(name);
    await server.createDatabase(name, host);
    const url = toDatabaseUrl(server.url, name);
    waits[side] = await workBesideTraffic(url, () => work(url));
    await server.dropDatabase(name);
  }
  await server.dropDatabase(host);
  const { nothing, install: ours, migration } = waits;
  if (!nothing || !ours || !migration) throw new Error("A side was not measured.");
  for (const who of ["writer", "reader"] as const) {
    report({
      row: "15",
      work: `longest wait of a ${who} during the install`,
      against: "during the migration, one transaction",
      ours: ours[who],
      alternative: migration[who],
      aim: below(1_500, "ms"),
      rows: sizes.hostRows,
      note:
        `the install took ${seconds(ours)}, the migration ${seconds(migration)}; with neither the longest waits were ` +
        `${Math.round(nothing.writer)} ms of a writer and ${Math.round(nothing.reader)} ms of a reader`,
    });
  }
}

async function loadHost(url: string, { shops, hostRows }: Bench["sizes"]): Promise<void> {
  const sql = await connect(url);
  await sql.query(readFileSync("prisma/migrations/20261101000000_testimonial_app/migration.sql", "utf8"));
  const part = (share: number) => Math.ceil(hostRows * share);
  // The data is made with approved_at, which no host has yet.
  await sql.query("alter table testimonial_submissions add column approved_at timestamp(3)");
  await loadSourceRows(sql, { shops, requests: part(0.6), submissions: part(0.25), events: part(0.15) });
  await sql.query("alter table testimonial_submissions drop column approved_at");
  await sql.query("vacuum (analyze)");
  await sql.query("checkpoint");
  await sql.end();
}

async function migrate(url: string): Promise<void> {
  const sql = await connect(url);
  const script = readFileSync("prisma/migrations/20261122000000_daily_analytics/migration.sql", "utf8");
  await sql.query(`begin;\n${script}\ncommit;`);
  await sql.end();
}

async function install(url: string): Promise<void> {
  const sessions = await openSessions(url);
  const [rollup] = rollups;
  if (!rollup) throw new Error("There is no rollup.");
  const report = (line: string) => process.stderr.write(`        ${line}\n`);
  const conditions = { ...sessions, report, patience: defaultPatience, signal: new AbortController().signal };
  await runInstall(conditions, toInstalled(rollup));
  await sessions.close();
}

function seconds({ ours }: Waits): string {
  return `${(ours / 1_000).toFixed(1)} s`;
}
