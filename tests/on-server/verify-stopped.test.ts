import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import { allowWork, requestStop } from "~/services/rollup/jobs/stop.server";
import { withConnection } from "../setup/server";
import { waitFor } from "../support/wait";
import { runSql } from "../support/writers";

// Only a server compares several batches at once.

const today = "2026-06-15" as Day;

test("a verification that stops between two batches ends behind the one that is still being repaired", async () => {
  expect(rollup.engine.settings.concurrency).toBe(2);
  const [first, second] = [toId(1), toId(rollup.engine.settings.batchShops + 1)];
  await runSql(
    "insert into shops (id, domain) select n, n from (select lpad(n::text, 6, '0') as n from generate_series(1, $1::int) n)",
    [rollup.engine.settings.batchShops * 3],
  );
  await runSql("insert into testimonial_requests (shop_id, sent_at) values ($1, '2026-05-01'), ($2, '2026-05-01')", [
    first,
    second,
  ]);
  await rollup.run({ trigger: "cron", today });
  await runSql("update testimonial_daily_analytics set requests_sent = 7");
  onTestFinished(() => allowWork(rollup.engine));

  const url = process.env.DATABASE_URL ?? "";
  await withConnection(url, (firstHolder) =>
    withConnection(url, async (secondHolder) => {
      const lockRow = "select from testimonial_daily_analytics where shop_id = $1 for update";
      for (const [holder, shopId] of [
        [firstHolder, first],
        [secondHolder, second],
      ] as const) {
        await holder.query("begin");
        await holder.query(lockRow, [shopId]);
      }
      const verification = rollup.verify({ trigger: "cron", today });
      const repairsAtItsEnd = verification.then(countRepairs);
      await waitFor("two repairs", async () => (await countRepairs()) === 2);

      requestStop(rollup.engine);
      await firstHolder.query("commit");
      await waitFor("the first repair to be done", async () => (await readSent(first)) === 1);
      // Long enough to end if it does not wait for the second.
      await pause(500);
      await secondHolder.query("commit");
      expect(await verification).toMatchObject({ status: "failed" });
      expect(await repairsAtItsEnd).toBe(0);
      expect(await readSent(second)).toBe(1);
    }),
  );
});

function toId(n: number): string {
  return `${n}`.padStart(6, "0");
}

/** Repairs that wait for a row. */
function countRepairs(): Promise<number> {
  return withConnection(process.env.DATABASE_URL ?? "", async (client) => {
    const { rows } = await client.query(
      "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rows[0].n;
  });
}

async function readSent(shopId: string): Promise<number | undefined> {
  const row = await db.testimonialDailyAnalytics.findFirst({ where: { shopId }, select: { requestsSent: true } });
  return row?.requestsSent;
}
