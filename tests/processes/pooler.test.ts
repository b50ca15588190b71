import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { toDatabaseUrl, withConnection } from "../setup/server";
import { cron } from "../support/call";
import { ask, getRangeSum, postRollup } from "../support/http";
import { seededRange, seededTotals, seedShops } from "../support/plain-sql";
import { makePooler } from "../support/pooler";
import { makeServerDatabase, type Query } from "../support/process-databases";
import { spawnServer, startServer } from "../support/server-process";
import { storeOfflineSession } from "../support/session-token";

const run = promisify(execFile);
const schema = "My Shop's-Data";
const range = `from=${seededRange.from}&to=${seededRange.to}`;
const shop = "shop-1.myshopify.com";

/** The URL of the database for a role that is no superuser, in the schema. */
async function makeRole(databaseUrl: string, query: Query): Promise<{ role: string; url: string }> {
  const role = `App-${randomUUID()}`;
  await query(`create role "${role}" login password 'app'`);
  // By then its database is gone, and with it what the role owns or may do.
  onTestFinished(() =>
    withConnection(toDatabaseUrl(databaseUrl, "postgres"), async (client) => {
      await client.query(`drop role "${role}"`);
    }),
  );
  await query(`grant usage on schema "${schema}" to "${role}"`);
  for (const kind of ["tables", "sequences"]) {
    await query(`grant all on all ${kind} in schema "${schema}" to "${role}"`);
  }
  const url = new URL(databaseUrl);
  url.username = encodeURIComponent(role);
  url.password = "app";
  url.searchParams.set("schema", schema);
  return { role, url: url.href };
}

/** A database with the app's tables in a schema whose name needs quotes, made by the setup, and data in it. */
async function makeQuotedSchema() {
  const { url, query } = await makeServerDatabase({ isEmpty: true });
  const setupUrl = new URL(url);
  setupUrl.searchParams.set("schema", schema);
  await run("npx", ["prisma", "migrate", "deploy"], { env: { ...process.env, DATABASE_URL: setupUrl.href } });
  await query(`set search_path = "${schema}"`);
  await seedShops(query, 1);
  await storeOfflineSession(query, shop);
  return { query, ...(await makeRole(url, query)) };
}

/** The statements that a sentence of the server gives as the cure. */
function takeCures(output: string): string[] {
  return (
    /mends it for new sessions: (.*;)/
      .exec(output)?.[1]
      ?.split(/(?<=;) ?/)
      .filter(Boolean) ?? []
  );
}

test("a schema whose name needs quotes is set up, written by its triggers, and served", async () => {
  const { url, query } = await makeQuotedSchema();
  const server = await startServer({ DATABASE_URL: url });
  expect((await getRangeSum(server, shop, range)).body.totals).toEqual(seededTotals);
  expect((await postRollup(server)).body).toMatchObject({ status: "ok", remaining: 0 });
  expect((await getRangeSum(server, shop, range)).body.totals).toEqual(seededTotals);
  const outside = await query("select from pg_tables where schemaname = 'public'");
  expect(outside).toEqual([]);
});

test("behind a pooler that drops options the start says which statements mend that, and they do", async () => {
  const { url, query, role } = await makeQuotedSchema();
  const [{ name } = { name: "" }] = await query<{ name: string }>("select current_database() as name");
  await query(`alter database "${name}" set default_transaction_isolation = serializable`);
  // These two come through poolers.
  await query(`alter database "${name}" set datestyle = 'SQL, DMY'`);
  await query(`alter database "${name}" set timezone = 'Asia/Kathmandu'`);
  // What raw SQL would read without its schema: the same tables, with nothing in them.
  await query("create table public.shops as select * from shops limit 0");
  const pooler = await makePooler(url);

  const refused = await spawnServer({ DATABASE_URL: pooler });
  expect(await refused.exited).toBe(1);
  const sentence = refused.stderr();
  expect(sentence).toMatch(/^The database of DATABASE_URL refuses this app\. .*[^\n]*\n$/);
  for (const fault of ['row_security is "on"', 'default_transaction_isolation is "serializable"', "can't be seen"]) {
    expect(sentence).toContain(fault);
  }
  expect(sentence).not.toMatch(/DateStyle|TimeZone/);
  const cures = takeCures(sentence);
  expect(cures).toEqual([
    `alter role "${role}" in database "${name}" set row_security = off;`,
    `alter role "${role}" in database "${name}" set default_transaction_isolation = 'read committed';`,
    `alter role "${role}" in database "${name}" set search_path = "${schema}";`,
  ]);
  for (const cure of cures) await query(cure);

  const server = await startServer({ DATABASE_URL: pooler });
  expect(server.output()).toMatch(/sessions could be set better: .*idle_in_transaction_session_timeout is \\"0\\"/);
  expect((await ask(`${server.url}/healthz`)).status).toBe(200);
  expect((await getRangeSum(server, shop, range)).body.totals).toEqual(seededTotals);
  expect((await postRollup(server)).body).toMatchObject({ status: "ok", remaining: 0 });
  expect((await getRangeSum(server, shop, range)).body.totals).toEqual(seededTotals);
});

test("row-level security that hides rows serves no sum, repairs nothing, and is named at the start", async () => {
  const { url, query, role } = await makeQuotedSchema();
  const server = await startServer({ DATABASE_URL: url });
  expect((await postRollup(server)).body).toMatchObject({ status: "ok", remaining: 0 });
  const rows = () => query("select shop_id, date::text, requests_sent from testimonial_daily_analytics order by 1, 2");
  const before = await rows();

  await query("alter table testimonial_requests enable row level security");
  const hidden = await getRangeSum(server, shop, range);
  expect(hidden.status === 200 ? hidden.body.totals : seededTotals).toEqual(seededTotals);
  await query("update testimonial_requests set sent_at = sent_at + interval '1 millisecond'");
  await postRollup(server);
  await ask(`${server.url}/jobs/verify`, { method: "POST", headers: cron });
  expect(await rows()).toEqual(before);

  const refused = await spawnServer({ DATABASE_URL: url });
  expect(await refused.exited).toBe(1);
  expect(refused.stderr()).toContain("row-level security hides rows of testimonial_requests from the role");
  expect(takeCures(refused.stderr())).toEqual([`alter role "${role}" bypassrls;`]);
  await query(`alter role "${role}" bypassrls`);
  const next = await startServer({ DATABASE_URL: url });
  expect((await getRangeSum(next, shop, range)).body.totals).toEqual(seededTotals);
});
