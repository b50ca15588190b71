import type pg from "pg";
import { beforeAll, expect, test, vi } from "vitest";
import { events, unansweredRequests } from "~/purgeable-rows";
import { rollup } from "~/rollup.server";
import { readAnalytics } from "~/services/analytics.server";
import { readDashboard } from "~/services/dashboard.server";
import { type Day, toRange } from "~/services/rollup/day";
import { settleSweeps } from "~/services/rollup/jobs/sweep-worker.server";
import { purge } from "~/services/rollup/seal/purge.server";
import { withConnection } from "../setup/server";
import { applyCitusScripts } from "../support/sharded";
import { addClickEvent, addRequest, addSubmission, at, makeShop, type TestShop } from "../support/shops";
import { recordStatementsWithValues, type Statement } from "../support/statements";
import { runSql } from "../support/writers";

// Where each statement of the rollup would go on a sharded PostgreSQL, seen from the plans on hash partitions.

vi.hoisted(() => {
  process.env.ROLLUP_SHARDED = "true";
});

const databaseUrl = process.env.DATABASE_URL ?? "";
const today = "2026-03-02" as Day;
const range = toRange("2026-02-01" as Day, today);
const query = {
  shown: { from: "2026-02-01" as Day, to: today },
  before: { from: "2026-01-03" as Day, to: "2026-01-31" as Day },
  today,
  product: null,
};

let shops: TestShop[];
let statements: Statement[];

beforeAll(async () => {
  await applyCitusScripts(databaseUrl);
  shops = await Promise.all(Array.from({ length: 6 }, makeShop));
  for (const shop of shops) {
    const request = await addRequest(shop, { sentAt: at("2026-03-01") });
    await addClickEvent(shop, request.id, at("2026-03-01"));
    await addSubmission(shop, { status: "approved", submittedAt: at("2026-03-02"), mediaType: "video" });
  }
  await runSql("insert into rollup_marks (shop_id, date) values ('gone 1', '2026-03-01'), ('gone 2', '2026-03-01')");
  statements = (await recordStatementsWithValues(workOnce)).filter(({ text }) => !preparations.includes(text));
});

const driftStatement = "update testimonial_daily_analytics set requests_sent = 9";
const extraStatement = `insert into testimonial_daily_analytics (shop_id, date, requests_sent)
select s.id, '2026-01-01', 1 from shops s`;
const lateStatement = `insert into testimonial_requests (shop_id, sent_at)
select s.id, '2026-02-20 12:00' from shops s`;
const preparations = [driftStatement, extraStatement, lateStatement];

/** All that the rollup does, by each of its ways in. */
async function workOnce(): Promise<void> {
  for (const { id } of shops) {
    await rollup.readTotals(id, range);
    await readDashboard(id, query);
    await readAnalytics(id, query);
    await readAnalytics(id, { ...query, product: "gid://shopify/Product/1" });
    await rollup.readFirstDay(id);
  }
  expect(await rollup.run({ trigger: "cron", today })).toMatchObject({ status: "ok", shops: 6, remaining: 0 });
  await runSql(driftStatement);
  await runSql(extraStatement);
  expect(await rollup.verify({ trigger: "cron", today })).toMatchObject({ status: "ok", drifted: 18, driftedAfter: 0 });
  await rollup.verify({ trigger: "cron", today, sample: 2 });
  await rollup.startRebuild({ range, dryRun: true });
  await settleSweeps(rollup.engine);
  await rollup.startRebuild({ range });
  await settleSweeps(rollup.engine);
  await sealAndPurge();
  await rollup.checkHealth();
}

async function sealAndPurge(): Promise<void> {
  const [{ id: shopId }] = shops as [TestShop];
  const until = today;
  for (const request of [{ before: until }, { before: until, shopId, dryRun: true }]) {
    expect(await rollup.startSeal(request)).toBeTypeOf("string");
    await settleSweeps(rollup.engine);
  }
  expect(await rollup.verify({ trigger: "cron", today })).toMatchObject({ drifted: 0, sealedDays: 6, brokenSeals: [] });
  await runSql(lateStatement);
  await rollup.readTotals(shopId, range);
  expect(await rollup.run({ trigger: "cron", today })).toMatchObject({ droppedDays: 6, rowsWritten: 0 });
  expect(await rollup.startRebuild({ range })).toEqual({ shops: 6, sealedUntil: until });
  for (const dryRun of [true, false]) {
    expect(await rollup.startRebuild({ range, shopId, unseal: true, dryRun })).toBeTypeOf("string");
    await settleSweeps(rollup.engine);
  }
  const options = { before: until, purgeables: [events, unansweredRequests] };
  for (const dryRun of [true, false]) {
    expect(await purge(rollup.engine, { ...options, dryRun })).toMatchObject({
      rows: { testimonial_request_events: 5, testimonial_requests: 10 },
    });
  }
}

/** Statements across the fleet: plain selects that list or count, over which every shard is asked. */
const acrossShards = [
  /^\s*select d\.shop_id::text as "shopId", array_agg\(to_char\(d\.date, 'YYYY-MM-DD'\)\) as dates\s+from \(\s+select m\.shop_id, m\.date/,
  /^\s*select d\.shop_id::text as "shopId", array_agg\(to_char\(d\.date, 'YYYY-MM-DD'\)\) as dates\s+from \(\s+select shop_id, date/,
  /^\s*select i\.shop_id::text as "shopId"\s+from rollup_marks i\s.*group by/s,
  /^\s*select s\.id::text as id\s+from shops s\s+where \(\$1::text is null/,
  /^\s*select s\.id::text as id\s+from shops s\s+where s\.uninstalled_at is null\s+order by random\(\)/,
  /^\s*select s\.id::text as "shopId", \(s\.uninstalled_at is null\) is true as "isInstalled"\s+from shops s\s+where s\.id = any/,
  /^\s*select least\(count\(\*\), \$1::int\)::int as days\s+from \(select distinct i\.shop_id, i\.date, i\.parent_id from rollup_marks/,
  /^\s*select i\.marked_at as "markedAt"\s+from rollup_marks i\s+join shops s/,
  /^\s*select r\.shop_id::text as "shopId"\s+from rollup_shops r\s/,
  /^\s*select count\(\*\)::int as count\s+from shops s/,
  /^\s*select count\(\*\)::int as shops, to_char\(max\(r\.sealed_until\)/,
  /^\s*select r\.shop_id::text as "shopId", to_char\(r\.sealed_until, 'YYYY-MM-DD'\) as "sealedUntil"\s+from rollup_shops r\s+where r\.sealed_until is not null/,
  /^\s*select count\(\*\)::int as count, min\(r\.failing_since\)/,
];

function isFleetWide({ text }: Statement): boolean {
  return acrossShards.some((form) => form.test(text));
}

test("each statement that is not a plain select of the fleet reaches the shard of one shop", async () => {
  const others = statements.filter((statement) => isPlanned(statement) && !isFleetWide(statement));
  let routed = 0;
  await withConnection(databaseUrl, async (client) => {
    for (const statement of others) {
      const shards = await listShards(client, statement);
      expect(shards.size, `${statement.text}\n${JSON.stringify(statement.values)}`).toBeLessThan(2);
      routed += shards.size;
    }
  });
  expect(routed).toBeGreaterThan(80);
});

test("a statement of the fleet takes no lock, changes nothing and does not recurse", () => {
  const fleet = statements.filter(isFleetWide);
  for (const form of acrossShards)
    expect(
      fleet.filter(({ text }) => form.test(text)),
      `${form}`,
    ).not.toEqual([]);
  for (const { text } of fleet) expect(text).not.toMatch(/recursive|for (no key )?update|\b(insert|update|delete)\b/i);
});

test("a statement of one shop writes in one table alone, and writes nothing that it selects", () => {
  const ofShops = statements.filter((statement) => isPlanned(statement) && !isFleetWide(statement));
  const writes = ofShops.filter(({ text }) =>
    /\b(insert into|update|delete from) (testimonial_|rollup_marks)/.test(text),
  );
  for (const { text } of writes) {
    expect(text).toMatch(/^\s*(insert|update|delete)\b/);
    expect(text).not.toMatch(/^\s*insert\b.*\bselect\b/s);
  }
  const kinds = [
    "insert into testimonial_",
    "delete from testimonial_",
    "insert into rollup_marks",
    "delete from rollup_marks",
  ];
  for (const kind of kinds)
    expect(
      writes.some(({ text }) => text.includes(kind)),
      kind,
    ).toBe(true);
});

test("no statement asks for transaction ids, which are the coordinator's own", () => {
  for (const { text } of statements) expect(text).not.toMatch(/pg_current_xact_id|pg_current_snapshot/);
});

test("without its shop filter a table is reached on every shard", async () => {
  const statement = statements.find(({ text }) => text.startsWith("delete from rollup_marks m where m.shop_id = $1"));
  const text = statement?.text.replace("m.shop_id = $1::text", "($1::text is not null)") ?? "";
  await withConnection(databaseUrl, async (client) => {
    expect((await listShards(client, { text, values: statement?.values ?? [] })).size).toBe(4);
  });
});

function isPlanned({ text }: Statement): boolean {
  return /^\s*(select|with|insert|update|delete)\b/i.test(text);
}

/** The numbers of the shards on which the statement's plan has a table. */
async function listShards(client: pg.Client, { text, values }: Statement): Promise<Set<string>> {
  const { rows } = await client.query({ text: `explain (format json, costs off) ${text}`, values });
  const plan = JSON.stringify(rows[0]["QUERY PLAN"]);
  return new Set([...plan.matchAll(/"Relation Name": ?"\w+_shard_(\d)"/g)].map(([, shard]) => shard ?? ""));
}
