import { randomUUID } from "node:crypto";
import fc from "fast-check";
import pg from "pg";
import { beforeAll, expect, inject, onTestFinished, test, vi } from "vitest";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import { toDatabaseUrl, toServer } from "../setup/server";
import { applyCitusScripts } from "../support/sharded";
import { expectReadExact, expectStoredExact, type TestShop } from "../support/shops";

// The row-level triggers of prisma/citus against the statement-level ones of the migration: the same writes on both.

vi.hoisted(() => {
  process.env.ROLLUP_SHARDED = "true";
});

const shops: TestShop[] = ["a", "b"].map((name) => ({ id: `${name}-${randomUUID()}`, domain: `${name}.example` }));
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

let sharded: pg.Client;

beforeAll(async () => {
  await applyCitusScripts(process.env.DATABASE_URL ?? "");
  sharded = await connect(process.env.DATABASE_URL ?? "");
  return () => sharded.end();
});

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

const shop = fc.constantFrom(...shops.map(({ id }) => `'${id}'`));
const instant = fc.constantFrom(
  "null",
  "'infinity'",
  "'2026-01-01 00:00'",
  "'2026-01-01 23:59:59.999'",
  "'2026-01-02 00:00'",
  "'2026-01-03 12:00'",
);
const number = fc.integer({ min: 1, max: 8 });
const numbers = fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}, ${Math.max(a, b)}`);
const eventType = fc.constantFrom("'clicked'", "'clicked'", "'opened'");
const media = fc.constantFrom("'video'", "'photo'", "'text'");
const status = fc.constantFrom("'pending'", "'approved'", "'rejected'");

/** SQL made of a text with a "?" for each of the parts. */
function sql(text: string, ...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((values) => values.reduce((filled, value) => filled.replace("?", value), text));
}

// Ids are told from the shop and a number, so that a statement means the same rows in both databases.
const write = fc.oneof(
  sql(
    "insert into testimonial_requests (id, shop_id, sent_at, clicked_at) select s || n, s, ?, ? from (values (?)) v (s), generate_series(?) n on conflict do nothing",
    ...[instant, instant, shop, numbers],
  ),
  sql(
    "insert into testimonial_request_events (id, shop_id, request_id, event_type, event_at) select r.id || ?, r.shop_id, r.id, ?, coalesce(?::timestamp, '2026-01-01') from testimonial_requests r where r.shop_id = ? on conflict do nothing",
    ...[number.map((n) => `'e${n}'`), eventType, instant, shop],
  ),
  sql(
    "insert into testimonial_submissions (id, shop_id, media_type, status, submitted_at, published_at) select s || n, s, ?, ?, coalesce(?::timestamp, '2026-01-05'), ? from (values (?)) v (s), generate_series(?) n on conflict do nothing",
    ...[media, status, instant, instant, shop, numbers],
  ),
  sql("update testimonial_requests set sent_at = ? where shop_id = ?", instant, shop),
  sql(
    "update testimonial_requests set clicked_at = ? where shop_id = ? and right(id, 1)::int > ?",
    instant,
    shop,
    number.map(String),
  ),
  sql("update testimonial_requests set status = 'expired', updated_at = now() where shop_id = ?", shop),
  sql(
    "update testimonial_request_events set event_type = ? where shop_id = ? and right(id, 1)::int > ?",
    eventType,
    shop,
    number.map(String),
  ),
  sql(
    "update testimonial_request_events set event_at = coalesce(?::timestamp, event_at) where shop_id = ?",
    instant,
    shop,
  ),
  sql("update testimonial_submissions set media_type = ? where shop_id = ?", media, shop),
  sql(
    "update testimonial_submissions set submitted_at = ?, published_at = ? where shop_id = ?",
    instant,
    instant,
    shop,
  ),
  sql("update testimonial_submissions set approved_at = ? where shop_id = ?", instant, shop),
  sql("delete from testimonial_requests where shop_id = ? and right(id, 1)::int = ?", shop, number.map(String)),
  sql("delete from testimonial_request_events where shop_id = ? and right(id, 1)::int = ?", shop, number.map(String)),
  sql("delete from testimonial_submissions where shop_id = ? and right(id, 1)::int = ?", shop, number.map(String)),
);

test("row-level triggers mark the days that statement-level ones mark, whatever is written", async () => {
  const server = toServer(inject("serverUrl"));
  const name = `rollup_plain_${randomUUID().replaceAll("-", "")}`;
  await server.createDatabase(name, inject("templateDatabase"));
  onTestFinished(() => server.dropDatabase(name));
  const plain = await connect(toDatabaseUrl(server.url, name));
  onTestFinished(() => plain.end());

  for (const client of [plain, sharded]) {
    for (const { id, domain } of shops)
      await client.query("insert into shops (id, domain) values ($1, $2)", [id, domain]);
  }
  let marked = 0;
  for (const statement of fc.sample(write, { numRuns: 150, seed })) {
    const [expected, actual] = [await writeAndTakeMarks(plain, statement), await writeAndTakeMarks(sharded, statement)];
    expect(actual, `${statement} (SEED=${seed})`).toEqual(expected);
    marked += expected.length;
  }
  expect(marked).toBeGreaterThan(50);
});

async function writeAndTakeMarks(client: pg.Client, statement: string): Promise<string[]> {
  await client.query(statement);
  const { rows } = await client.query(
    "with taken as (delete from rollup_marks returning shop_id, date) select distinct shop_id || ' ' || date as day from taken order by 1",
  );
  return rows.map(({ day }) => day);
}

test("runs in batches of one shop keep rows and reads exact on sharded tables", async () => {
  for (const { id, domain } of shops) {
    await sharded.query("insert into shops (id, domain) values ($1, $2) on conflict do nothing", [id, domain]);
  }
  for (const table of ["testimonial_requests", "testimonial_submissions"]) await sharded.query(`delete from ${table}`);
  const writes = fc.sample(write, { numRuns: 60, seed: seed + 1 });
  for (const [index, statement] of writes.entries()) {
    // The oracle knows no instant that lies on no day.
    await sharded.query(statement.replaceAll("'infinity'", "'2026-01-04'"));
    if (index % 10 !== 9) continue;
    for (const each of shops) await expectReadExact(each, "2026-01-01", "2026-01-05");
    expect(await rollup.run({ trigger: "cron", today: "2026-01-05" as Day })).toMatchObject({
      status: "ok",
      remaining: 0,
    });
    for (const each of shops) await expectStoredExact(each);
    for (const each of shops) await expectReadExact(each, "2026-01-01", "2026-01-05");
  }
});

test("on sharded tables a run mends the wrong rows of its window, and a verification those of any age", async () => {
  const [shop] = shops;
  if (!shop) throw new Error("There is no shop.");
  await sharded.query("insert into shops (id, domain) values ($1, $2) on conflict do nothing", [shop.id, shop.domain]);
  await rollup.run({ trigger: "cron", today: "2026-01-05" as Day });
  for (const table of ["testimonial_requests", "testimonial_submissions"]) await sharded.query(`delete from ${table}`);
  const days = ["2025-06-01", "2026-01-04", "2026-01-05"];
  await sharded.query(
    "insert into testimonial_requests (id, shop_id, sent_at) select d.day, $1, d.day::timestamp from unnest($2::text[]) d (day)",
    [shop.id, days],
  );
  await rollup.run({ trigger: "cron", today: "2026-01-05" as Day });
  await expectStoredExact(shop);

  await sharded.query("update testimonial_daily_analytics set requests_sent = 7 where shop_id = $1", [shop.id]);
  await sharded.query(
    "insert into testimonial_daily_analytics (shop_id, date, requests_sent) values ($1, '2026-01-03', 1), ($1, '2025-06-02', 1)",
    [shop.id],
  );
  await sharded.query("delete from testimonial_daily_analytics where shop_id = $1 and date = '2026-01-04'", [shop.id]);
  const week = { trigger: "cron", today: "2026-01-05" as Day, lookbackDays: 6 } as const;
  expect(await rollup.run(week)).toMatchObject({ status: "ok", rowsWritten: 2, rowsDeleted: 1, fallbacks: [] });
  const [before, after] = ["2025-06-01", "2025-06-02"];
  expect(await rollup.verify({ trigger: "cron", today: "2026-01-05" as Day })).toMatchObject({
    drifted: 2,
    driftedAfter: 0,
    before: [{ date: before }, { date: after }],
  });
  await expectStoredExact(shop);
});
