import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { type OwnServer, startOwnServer, testFlags, toDatabaseUrl, withConnection } from "../../setup/server";
import { type Answer, getRangeSum } from "../http";
import { seededRange, seededTotals, seedShops } from "../plain-sql";
import type { Query } from "../process-databases";
import { type ServerProcess, startServer } from "../server-process";
import { storeOfflineSession } from "../session-token";
import { waitFor } from "../wait";
import { type Gate, makeGate } from "./gate";

const databaseName = "faults";
const shops = 3;

/** A PostgreSQL server of the test's own, which may be stopped, with an empty database that has all migrations. */
export async function startDatabase(): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), "rollup-faults-"));
  const database = await startOwnServer(folder, { flags: testFlags });
  await database.createDatabase(databaseName);
  await database.migrate(databaseName);
  return {
    ...database,
    async close() {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A server process that reaches its database through a gate, and what a test needs around the two. */
export type Scene = {
  database: OwnServer;
  gate: Gate;
  /** The process that serves now. */
  server: ServerProcess;
  startServer: () => Promise<void>;
  /** Plain SQL past the gate, each time on a connection of its own. */
  query: Query;
  /** Puts three shops with 60 days of history in, all of it marked. */
  seed: () => Promise<void>;
  /** Adds a testimonial to shop-2, as a writer would at that moment. */
  write: () => Promise<void>;
  /** Lets the time pass after which a run without a living process counts as dead. */
  letLeasesPass: () => Promise<void>;
  /** Asserts that the shop's numbers as its merchant sees them are right. While the database comes back, none is due. */
  expectReadExact: (shopId: string) => Promise<void>;
};

export async function makeScene(database: OwnServer): Promise<Scene> {
  const url = toDatabaseUrl(database.url, databaseName);
  const gate = await makeGate(url);
  const query: Query = (sql, values) =>
    withConnection(url, async (client) => (await client.query(sql, values)).rows as never);
  let written = 0;

  const start = () =>
    startServer({
      DATABASE_URL: gate.url,
      // Small: a connection that a fault costs for good would soon be missed.
      DATABASE_POOL_SIZE: "4",
      ROLLUP_BATCH_SHOPS: "2",
      ROLLUP_CONCURRENCY: "1",
    });

  const scene: Scene = {
    database,
    gate,
    query,
    server: await start(),
    async startServer() {
      scene.server = await start();
    },
    async seed() {
      written = 0;
      await query(
        'truncate shops, testimonial_daily_analytics, rollup_marks, rollup_runs, rollup_shops, rollup_troubles, "Session", handled_webhooks, privacy_requests restart identity cascade',
      );
      await seedShops(query, shops);
      for (let n = 1; n <= shops; n += 1) await storeOfflineSession(query, `shop-${n}.myshopify.com`);
    },
    async write() {
      written += 1;
      await query(
        "insert into testimonial_submissions (shop_id, media_type, submitted_at) values ('shop-2', 'video', '2025-01-05')",
      );
    },
    async letLeasesPass() {
      await query(`
update rollup_runs
set started_at = started_at - interval '1 minute', lease_until = lease_until - interval '1 minute'
where status = 'running'`);
    },
    async expectReadExact(shopId) {
      const added = shopId === "shop-2" ? written : 0;
      const answer = await waitFor("an answer with numbers", async () => {
        const read = await getRangeSum(
          scene.server,
          `${shopId}.myshopify.com`,
          `from=${seededRange.from}&to=${seededRange.to}`,
        );
        expectClear(read, [200, 503]);
        return read.status === 200 && read;
      });
      expect(answer.body.totals).toEqual({
        ...seededTotals,
        submissionsCount: seededTotals.submissionsCount + added,
        videoSubmissionsCount: seededTotals.videoSubmissionsCount + added,
      });
    },
  };
  return scene;
}

/** Asserts that the answer is one of those, and that a caller can understand it: no stack, nothing of the inside. */
export function expectClear(answer: Answer, statuses: number[]): void {
  expect(statuses, answer.text).toContain(answer.status);
  expect(answer.text).not.toMatch(/\n\s+at |prisma|127\.0\.0\.1/i);
  if (answer.status >= 500) expect(answer.body.error).toBeTruthy();
}
