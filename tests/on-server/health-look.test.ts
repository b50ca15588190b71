import { expect, onTestFinished, test } from "vitest";
import { db } from "~/db.server";
import { env } from "~/env.server";
import { rollup } from "~/rollup.server";
import { keepLease, leaseOwner } from "~/services/rollup/jobs/lease.server";
import { withConnection } from "../setup/server";
import { recordStatements } from "../support/statements";
import { waitFor } from "../support/wait";
import { runSql } from "../support/writers";

const url = process.env.DATABASE_URL ?? "";

/** Takes every connection of the pool that pages and recounts have, until the test ends. */
async function takeAllConnections(): Promise<void> {
  const letGo: (() => void)[] = [];
  const held: Promise<unknown>[] = [];
  for (let taken = 0; taken < env.DATABASE_POOL_SIZE; taken += 1) {
    const isTaken = new Promise<void>((take) => {
      held.push(
        db.$transaction(
          async (tx) => {
            await tx.$queryRawUnsafe("select 1");
            take();
            await new Promise<void>((release) => letGo.push(release));
          },
          { timeout: 60_000 },
        ),
      );
    });
    await isTaken;
  }
  onTestFinished(async () => {
    for (const release of letGo) release();
    await Promise.all(held);
  });
}

test("however many ask within a second, the database is asked once", async () => {
  await rollup.checkHealthInDetail();
  const statements = await recordStatements(() => Promise.all(Array.from({ length: 200 }, rollup.checkHealth)));
  expect(statements).toEqual([]);
});

test("however many ask with the secret, two looks are at work at most", async () => {
  const statements = await recordStatements(() => Promise.all(Array.from({ length: 50 }, rollup.checkHealthInDetail)));
  expect(statements.filter((text) => text.includes("pg_is_in_recovery()"))).toHaveLength(2);
});

test("the health check answers while pages and recounts have every connection of their own", async () => {
  await takeAllConnections();
  const startedAt = performance.now();
  expect(await rollup.checkHealthInDetail()).toMatchObject({ ok: true, database: { ok: true } });
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test("a lease is renewed while the work that it leases has every connection", async () => {
  const run = await db.rollupRun.create({
    data: { kind: "rollup", trigger: "cron", leaseOwner: leaseOwner(rollup.engine) },
  });
  await takeAllConnections();
  await keepLease(rollup.engine, run.id, async () => {
    await withConnection(url, (client) =>
      waitFor(
        "the lease to be renewed",
        async () => {
          const { rows } = await client.query("select lease_until from rollup_runs where id = $1", [run.id]);
          return rows[0].lease_until !== null;
        },
        10_000,
      ),
    );
  });
});

test("a look that waits too long is ended in the database, and costs the other checks nothing", async () => {
  await withConnection(url, async (holder) => {
    await holder.query("begin");
    await holder.query("lock table rollup_marks in access exclusive mode");
    const health = await rollup.checkHealthInDetail();
    expect(health).toMatchObject({
      ok: false,
      database: { ok: true },
      lastRun: { ok: true },
      oldestMark: { ok: false, at: null, since: expect.any(String) },
      reasons: { oldestMark: expect.stringContaining("statement timeout") },
    });
    const { rows } = await holder.query(
      "select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    expect(rows).toEqual([]);
    await holder.query("rollback");
  });
  expect(await rollup.checkHealthInDetail()).toMatchObject({ ok: true, oldestMark: { ok: true, since: null } });
  await runSql("delete from rollup_runs");
});
