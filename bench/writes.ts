import type pg from "pg";
import { toDatabaseUrl } from "../tests/setup/server";
import { atMostSlower } from "./aim";
import type { Bench, Theme } from "./bench";
import { type DataSize, loadData } from "./data";
import { interleave, median } from "./measure";
import { type BenchDatabase, connect, makeDatabase } from "./server";

export const writes: Theme = { rows: ["10"], needsData: false, measure };

const clients = 4;
const transactionsEach = 400;
const plainName = "rollup_bench_plain";

type Side = { name: string; url: string; sql: pg.Client; clients: pg.Client[]; nextRow: number };

/** Two databases with the same data and indexes: one with the change log, one whose triggers are gone. */
async function measure(bench: Bench): Promise<void> {
  const { sizes, options, server } = bench;
  const requests = Math.ceil(sizes.requests / 10);
  const size = { shops: sizes.shops, requests, submissions: Math.ceil(requests / 4), events: Math.ceil(requests / 8) };
  const { name } = await makeLoaded(bench, size);
  await server.dropDatabase(plainName);
  await server.createDatabase(plainName, name);
  const logged = await openSide(bench, name);
  const plain = await openSide(bench, plainName);
  await dropTriggers(plain.sql);

  for (const commit of ["on", "off"]) {
    const set = (side: Side) => Promise.all(side.clients.map((c) => c.query(`set synchronous_commit = ${commit}`)));
    await Promise.all([set(logged), set(plain)]);
    const samples = await interleave(options.rounds, {
      logged: { prepare: () => rest(logged), work: () => writeSingly(logged) },
      plain: { prepare: () => rest(plain), work: () => writeSingly(plain) },
    });
    bench.report({
      row: "10",
      work: `single-row writes, ${clients} clients, synchronous_commit ${commit}`,
      against: "the same tables without triggers",
      ours: median(samples.logged),
      alternative: median(samples.plain),
      aim: atMostSlower(commit === "on" ? 10 : 20),
      rows: clients * transactionsEach,
    });
  }
  for (const [what, statement] of Object.entries(bulkInserts(sizes.shops, sizes.bulkRows))) {
    const samples = await interleave(options.rounds, {
      logged: { prepare: () => rest(logged), work: () => logged.sql.query(statement) },
      plain: { prepare: () => rest(plain), work: () => plain.sql.query(statement) },
    });
    bench.report({
      row: "10",
      work: `bulk insert, ${what}`,
      against: "the same tables without triggers",
      ours: median(samples.logged),
      alternative: median(samples.plain),
      aim: atMostSlower(20),
      rows: sizes.bulkRows,
    });
  }
  for (const side of [logged, plain]) {
    for (const client of [...side.clients, side.sql]) await client.end();
    await server.dropDatabase(side.name);
  }
}

/** Has no connection left, so that a copy can be made of it. */
async function makeLoaded({ server }: Bench, size: DataSize): Promise<BenchDatabase> {
  const database = await makeDatabase(server, "rollup_bench_logged");
  await loadData(database.sql, size);
  await database.sql.end();
  return database;
}

async function openSide({ server }: Bench, name: string): Promise<Side> {
  const url = toDatabaseUrl(server.url, name);
  const [sql, ...own] = await Promise.all(Array.from({ length: clients + 1 }, () => connect(url)));
  if (!sql) throw new Error("There is no connection.");
  return { name, url, sql, clients: own, nextRow: 0 };
}

async function dropTriggers(sql: pg.Client): Promise<void> {
  const { rows } = await sql.query<{ name: string; table: string }>(
    `select tgname as name, tgrelid::regclass::text as "table" from pg_trigger where not tgisinternal and tgname like 'rollup%'`,
  );
  for (const { name, table } of rows) await sql.query(`drop trigger ${name} on ${table}`);
}

/** The marks of the round before would be taken by a run; and no checkpoint is to fall into a round. */
async function rest({ sql }: Side): Promise<void> {
  await sql.query("truncate rollup_marks");
  await sql.query("checkpoint");
}

/** What a testimonial app writes for one request: it goes out, is clicked, and a testimonial comes in. */
const statements = [
  {
    name: "send",
    text: `insert into testimonial_requests (id, shop_id, status, sent_at)
      values (bench_id('x', $1), bench_shop($1), 'sent', timezone('utc', now()))`,
  },
  {
    name: "click",
    text: `update testimonial_requests set status = 'clicked', clicked_at = timezone('utc', now())
      where id = bench_id('x', $1)`,
  },
  {
    name: "submit",
    text: `insert into testimonial_submissions (shop_id, request_id, media_type, rating, submitted_at)
      values (bench_shop($1), bench_id('x', $1), 'photo', 5, timezone('utc', now()))`,
  },
  {
    name: "open",
    text: `insert into testimonial_request_events (shop_id, request_id, event_type)
      values (bench_shop($1), bench_id('x', $1), 'clicked')`,
  },
];

async function writeSingly(side: Side): Promise<void> {
  const requests = transactionsEach / statements.length;
  await Promise.all(
    side.clients.map(async (client) => {
      for (let n = 0; n < requests; n += 1) {
        side.nextRow += 1;
        const row = side.nextRow;
        for (const statement of statements) await client.query({ ...statement, values: [row] });
      }
    }),
  );
}

function bulkInserts(shops: number, rows: number): Record<string, string> {
  const insert = "insert into testimonial_requests (shop_id, status, sent_at, clicked_at)";
  const at = `bench_time(n, ${rows})`;
  return {
    "one shop's two years": `${insert}
select bench_id('s', ${Math.ceil(shops / 2)}), 'clicked', ${at}, ${at} + interval '1 hour' from generate_series(1, ${rows}) n`,
    "all shops, the last week": `${insert}
select bench_shop(n), 'clicked', t.at, t.at from generate_series(1, ${rows}) n
cross join lateral (select timezone('utc', now()) - interval '7 days' * bench_hash(n, 9) as at) t`,
  };
}
