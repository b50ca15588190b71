import type pg from "pg";
import { atMost, fasterBy } from "./aim";
import { countDays, upsert } from "./bare-sql";
import { type Bench, isWanted, pickDays, type Theme } from "./bench";
import { interleave, median, time } from "./measure";
import { countWithPrisma } from "./prisma-counts";
import { connect } from "./server";

export const recount: Theme = { rows: ["1", "2"], needsData: true, measure };

async function measure(bench: Bench): Promise<void> {
  const { app, sql, sizes, options } = bench;
  const connections = await Promise.all(
    Array.from({ length: app.settings.concurrency }, () => connect(bench.main.url)),
  );
  let days = 0;
  let recounted = 0;
  const { ours, bare } = await interleave(options.rounds, {
    ours: {
      async prepare(round) {
        days = await pickDays(sql, sizes.markedDays, round);
        await spoil(sql, "testimonial_daily_analytics");
        await sql.query("insert into rollup_marks (shop_id, date) select shop_id, date from bench.days");
        await sql.query("analyze rollup_marks");
      },
      async work() {
        recounted = (await app.drainMarks(Number.POSITIVE_INFINITY)).rowsWritten;
      },
    },
    bare: {
      async prepare(round) {
        await pickDays(sql, sizes.markedDays, round);
        await spoil(sql, "bench.daily");
      },
      work: () => Promise.all(connections.map((client, part) => client.query(recountPart(part, connections.length)))),
    },
  });
  await Promise.all(connections.map((client) => client.end()));
  const work = `recount ${days.toLocaleString("en-US")} scattered marked days`;
  if (isWanted(bench, "1")) {
    bench.report({
      row: "1",
      work,
      against: `bare SQL on as many connections (${connections.length})`,
      ours: median(ours),
      alternative: median(bare),
      aim: atMost(1.3),
      rows: days,
      isWrong: recounted !== days,
    });
  }
  if (isWanted(bench, "2")) await measurePrisma(bench, { work, days, ours: median(ours) });
}

async function measurePrisma(bench: Bench, row: { work: string; days: number; ours: number }): Promise<void> {
  const sample = Math.min(200, row.days);
  await pickDays(bench.sql, 2 * sample, 0);
  const { rows } = await bench.sql.query<{ shopId: string; date: Date }>(
    `select shop_id as "shopId", (date::text || 'T00:00:00Z')::timestamptz as date from bench.days order by md5(shop_id || date)`,
  );
  await countWithPrisma(bench.app.db, rows.slice(sample));
  const ms = await time(() => countWithPrisma(bench.app.db, rows.slice(0, sample)));
  bench.report({
    row: "2",
    work: row.work,
    against: "a Prisma count for each shop, day and metric, then an upsert",
    ours: row.ours,
    alternative: (ms / sample) * row.days,
    aim: fasterBy(100),
    rows: row.days,
    note: `the alternative was measured on ${sample} days and scaled`,
  });
}

/** Makes the stored rows wrong, so that every recounted day has a row to write. */
async function spoil(sql: pg.Client, table: string): Promise<void> {
  await sql.query(`
update ${table} a
set requests_sent = a.requests_sent + 1
from bench.days d
where a.shop_id = d.shop_id and a.date = d.date`);
}

/** The days of every n-th shop, so that no two connections have a row in common. */
function recountPart(part: number, parts: number): string {
  const own = `(select * from bench.days where abs(hashtext(shop_id)) % ${parts} = ${part})`;
  return upsert("bench.daily", countDays(own));
}
