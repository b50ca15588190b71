import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect } from "vitest";
import { createPrismaLedger } from "~/database/migrations.server";
import { type CohortCounts, type Counts, cohortMetrics, metrics } from "~/testimonial-rollup";
import { toInstalled } from "../../cli/install";
import { openSessions } from "../../cli/install/connect";
import { type Conditions, defaultPatience } from "../../cli/install/patience";
import { type Installed, runInstall } from "../../cli/install/run";
import { rollups } from "../../cli/migration";
import { startCli, toEnd } from "./cli";
import { countAll, readSourceRows } from "./oracle";
import { makeServerDatabase, type Query, type ServerDatabase } from "./process-databases";
import { describeSchema } from "./schema";

// A host app's database that has data and no daily analytics yet, and installs on it.

export const readMigration = (name: string) => readFileSync(`prisma/migrations/${name}/migration.sql`, "utf8");

const hostMigration = "20261101000000_testimonial_app";
export const analyticsMigration = "20261122000000_daily_analytics";

/** The host's tables, two years of data of `shops` shops, and Prisma's ledger, which knows the first migration. */
export async function makeHost(query: Query, shops = 6): Promise<void> {
  const script = readMigration(hostMigration);
  await query(script);
  await query(`
${createPrismaLedger};
insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
values ('first', '${createHash("sha256").update(script).digest("hex")}', '${hostMigration}', now(), 1);

insert into shops (id, domain) select 'shop-' || n, 'shop-' || n || '.myshopify.com' from generate_series(1, ${shops}) n;
insert into testimonial_requests (id, shop_id, sent_at, clicked_at)
select s.id || '-' || n, s.id, timestamp '2025-01-01 23:59:59.999' + n * interval '1 day',
  case when n % 2 = 0 then timestamp '2025-02-01 00:00' + n * interval '1 day' end
from shops s, generate_series(0, 59) n;
insert into testimonial_request_events (shop_id, request_id, event_type, event_at)
select r.shop_id, r.id, t.name, r.sent_at + n * interval '1 hour'
from testimonial_requests r, generate_series(0, 2) n, (values ('clicked'), ('opened')) t (name);
insert into testimonial_submissions (shop_id, media_type, status, submitted_at, published_at, updated_at)
select s.id, (array['video', 'photo', 'text'])[1 + n % 3], case when n % 5 = 0 then 'pending' else 'approved' end,
  timestamp '2025-03-01' + n * interval '1 day',
  case when n % 4 = 0 then timestamp '2025-03-03 12:00' + n * interval '1 day' end,
  timestamp '2025-03-02 12:00' + n * interval '1 day'
from shops s, generate_series(0, 59) n;`);
}

/** What `install` takes to a database of this app. Its slices are small, so that there are many of them. */
export function toTestimonialInstall(): Installed {
  const [rollup] = rollups;
  if (!rollup) throw new Error("There is no rollup.");
  return toInstalled(rollup, undefined, { rows: 60, shops: 1 });
}

export type InstallOptions = Partial<Omit<Conditions, "patience">> & { lockTimeoutMs?: number; installed?: Installed };

/** Installs on the database, with little patience. Returns the lines that it has reported. */
export async function installOn(url: string, options: InstallOptions = {}): Promise<string[]> {
  const { lockTimeoutMs = defaultPatience.lockTimeoutMs, installed = toTestimonialInstall(), ...more } = options;
  const lines: string[] = [];
  const sessions = await openSessions(url);
  try {
    const patience = { lockTimeoutMs, pauseMs: 50, maxPauseMs: 200 };
    const report = (line: string) => void lines.push(line);
    await runInstall({ signal: new AbortController().signal, report, ...more, ...sessions, patience }, installed);
    return lines;
  } finally {
    await sessions.close();
  }
}

/** Each shop's days by the view, and by plain arrays. They must be equal. */
export async function readByViewAndOracle(query: Query): Promise<{ view: object; oracle: object }> {
  const shops = await query<{ id: string }>("select id from shops order by id");
  const view: Record<string, Record<string, Counts & CohortCounts>> = {};
  const oracle: Record<string, Record<string, Counts & CohortCounts>> = {};
  for (const { id } of shops) {
    const rows = await query<Record<string, unknown>>(
      "select v.*, v.date::text as day from testimonial_daily_analytics_exact v where v.shop_id = $1 order by v.date",
      [id],
    );
    view[id] = Object.fromEntries(rows.map((row) => [row.day, toCounts(row)]));
    oracle[id] = Object.fromEntries(countAll(await readSourceRows(id, query)));
  }
  return { view, oracle };
}

function toCounts(row: Record<string, unknown>): Counts & CohortCounts {
  const all = Object.entries({ ...metrics, ...cohortMetrics });
  return Object.fromEntries(all.map(([name, { column }]) => [name, Number(row[column])])) as Counts & CohortCounts;
}

export async function makeLiveHost(): Promise<ServerDatabase> {
  const database = await makeServerDatabase({ isEmpty: true });
  await makeHost(database.query);
  return database;
}

export function describeDatabase(query: Query): Promise<Record<string, string[]>> {
  return describeSchema(async (sql) => (await query<{ text: string }>(sql)).map(({ text }) => text));
}

let migrated: Promise<Record<string, string[]>> | undefined;

/** Asserts that the schema is the one that the migration makes, and that every day is exact. */
export async function expectInstalled(query: Query): Promise<void> {
  migrated ??= makeLiveHost().then(async (twin) => {
    await twin.query(readMigration(analyticsMigration));
    return describeDatabase(twin.query);
  });
  expect(await describeDatabase(query)).toEqual(await migrated);
  const { view, oracle } = await readByViewAndOracle(query);
  expect(view).toEqual(oracle);
}

/** Starts the install as an operator does. */
export function startCommand(url: string, ...args: string[]) {
  return startCli(url, "install", ...args);
}

/** Its exit code, and all that it has printed. */
export function runCommand(url: string, ...args: string[]): Promise<{ code: number; text: string }> {
  return toEnd(startCommand(url, ...args));
}

const run = promisify(execFile);

/** What the Prisma CLI prints. */
export async function runPrisma(url: string, ...args: string[]): Promise<string> {
  const { stdout } = await run("npx", ["prisma", ...args], { env: { ...process.env, DATABASE_URL: url } });
  return stdout;
}
