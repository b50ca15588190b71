import { setTimeout as pause } from "node:timers/promises";
import { connect } from "./server";

/** What a host's readers and writers had to wait for while something was done to their tables, in milliseconds. */
export type Waits = { writer: number; reader: number; ours: number; statements: number };

const tables = ["testimonial_requests", "testimonial_request_events", "testimonial_submissions"];

/** One row of each table, new or changed: `$1` is the number of the turn. */
const writes = [
  `insert into testimonial_requests (shop_id, status, sent_at) values (bench_shop($1), 'sent', timezone('utc', now()))`,
  `update testimonial_requests set status = 'clicked', clicked_at = timezone('utc', now()) where id = bench_id('r', 1 + $1 * 7)`,
  `insert into testimonial_request_events (shop_id, request_id, event_type) values (bench_shop($1), bench_id('r', 1 + $1), 'clicked')`,
  `insert into testimonial_submissions (shop_id, request_id, media_type, status, submitted_at)
  values (bench_shop($1), bench_id('r', 1 + $1), 'photo', 'pending', timezone('utc', now()))`,
  `update testimonial_submissions set status = 'approved' where id = bench_id('u', 1 + $1 * 5) and status <> 'approved'`,
];

/** What a page asks for: one row, by its key. */
const reads = tables.map((table) => `select * from ${table} where id = bench_id('r', $1)`);

/**
 * Does `work` beside a writer and a reader of each table, who know nothing of it, and a transaction that stays open for a
 * third of a second again and again. Tells the longest that one statement of theirs took.
 */
export async function workBesideTraffic(url: string, work: () => Promise<unknown>): Promise<Waits> {
  const waits: Waits = { writer: 0, reader: 0, ours: 0, statements: 0 };
  let isOver = false;
  const goesOn = () => !isOver;
  async function repeat(who: "writer" | "reader", sql: string): Promise<void> {
    const client = await connect(url);
    for (let turn = 1; goesOn(); turn += 1) {
      const startedAt = performance.now();
      await client.query(sql, [turn]);
      waits[who] = Math.max(waits[who], performance.now() - startedAt);
      waits.statements += 1;
      await pause(10);
    }
    await client.end();
  }
  async function hold(): Promise<void> {
    const client = await connect(url);
    while (goesOn()) {
      await client.query("begin");
      await client.query("insert into testimonial_requests (shop_id) values (bench_shop(1))");
      await pause(300);
      await client.query("commit");
      await pause(100);
    }
    await client.end();
  }
  const traffic = [...writes.map((sql) => repeat("writer", sql)), ...reads.map((sql) => repeat("reader", sql)), hold()];
  await pause(1_000);
  const startedAt = performance.now();
  try {
    await work();
  } finally {
    waits.ours = performance.now() - startedAt;
    isOver = true;
    await Promise.all(traffic);
  }
  return waits;
}
