import { expect, test } from "vitest";
import { postRollup, untilAnswer } from "../../support/http";
import { listDifferences, seedShops } from "../../support/plain-sql";
import { makeServerDatabase } from "../../support/process-databases";
import { startServer } from "../../support/server-process";
import { waitFor } from "../../support/wait";

test.each([2, 4])(
  "%i servers run each tick of one schedule once, beside a writer and with one of them killed",
  async (count) => {
    const { url, query } = await makeServerDatabase();
    await seedShops(query, 5);
    const env = { DATABASE_URL: url, DATABASE_POOL_SIZE: "5", ROLLUP_CRON: "* * * * * *", ROLLUP_BATCH_SHOPS: "1" };
    const servers = await Promise.all(Array.from({ length: count }, () => startServer(env)));
    const [victim, ...others] = servers;

    let isWriting = true;
    const writer = (async () => {
      let writes = 0;
      for (; isWriting; writes += 1) {
        await query(
          "insert into testimonial_submissions (shop_id, media_type, submitted_at) select 'shop-' || 1 + $1::int % 5, 'photo', now()",
          [writes],
        );
      }
      return writes;
    })();
    const untilTicks = (more: number) =>
      waitFor(
        `${more} ticks`,
        async () => {
          const [runs] = await query<{ ended: number }>(
            "select count(*)::int as ended from rollup_runs where trigger = 'schedule' and status = 'ok'",
          );
          return (runs?.ended ?? 0) >= more;
        },
        120_000,
      );
    await untilTicks(5);
    await victim?.kill("SIGKILL");
    await untilTicks(10);
    isWriting = false;
    expect(await writer).toBeGreaterThan(10);
    for (const server of others) expect(await server.kill("SIGTERM")).toBe(0);

    const runs = await query<{ slot: string; status: string; rows: number }>(
      "select slot, status, rows_written as rows from rollup_runs order by slot",
    );
    expect(new Set(runs.map(({ slot }) => slot)).size, "each tick once").toBe(runs.length);
    // The run that the killed server was at, if it was at one.
    const unfinished = runs.filter(({ status }) => status !== "ok");
    expect(unfinished.length).toBeLessThanOrEqual(1);

    await query("update rollup_runs set lease_until = lease_until - interval '1 minute' where status = 'running'");
    const last = await startServer({ DATABASE_URL: url });
    await untilAnswer(
      "a run that leaves nothing",
      () => postRollup(last),
      ({ body }) => body.status === "ok" && body.remaining === 0,
    );
    expect(await query("select from rollup_runs where status = 'running'")).toEqual([]);
    expect(await listDifferences(query)).toEqual([]);
    expect((await postRollup(last)).body).toMatchObject({ days: 0, rowsWritten: 0, rowsDeleted: 0 });
    const ticks = runs.length;
    process.stdout.write(`${count} servers, one schedule, one killed: ${ticks} ticks, each run once; differences 0\n`);
  },
);
