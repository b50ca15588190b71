import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { cron } from "../support/call";
import { makeGate } from "../support/gate/gate";
import { ask, getRebuild, postRebuild, postRollup, postSeal, untilAnswer } from "../support/http";
import { listDifferences, seededTotals, seedShops } from "../support/plain-sql";
import { makeEmbeddedFolder, makeServerDatabase, type Query, withEmbedded } from "../support/process-databases";
import { type ServerProcess, startServer } from "../support/server-process";
import { browser, signSessionToken, storeOfflineSession } from "../support/session-token";
import { waitFor } from "../support/wait";

const fewSecondsMs = 8_000;

/** Tells the server to end, and waits until it has begun to. Resolves to its exit code, which past ten seconds is 1. */
async function beginStop(server: ServerProcess): Promise<{ ended: ReturnType<ServerProcess["kill"]> }> {
  const ended = server.kill("SIGTERM");
  await waitFor("the server to stop", async () => server.output().includes("the server stops"));
  return { ended };
}

/** What all shops' requests sum up to for whoever reads now: stored, or counted on the spot. */
async function readSent(query: Query): Promise<number | undefined> {
  const [row] = await query<{ sent: number }>(
    "select sum(requests_sent)::int as sent from testimonial_daily_analytics_exact",
  );
  return row?.sent;
}

test("SIGTERM ends with code 0 and frees the embedded folder, for the next process and for the database", async () => {
  const dir = makeEmbeddedFolder();
  const server = await startServer({ EMBEDDED_DATA_DIR: dir });
  expect(existsSync(`${dir}.lock`)).toBe(true);

  expect(await server.kill("SIGTERM")).toBe(0);
  expect(existsSync(`${dir}.lock`)).toBe(false);
  expect(existsSync(`${dir}.holder.json`)).toBe(false);
  const migrations = await withEmbedded(dir, (query) =>
    query("select from _prisma_migrations where finished_at is not null"),
  );
  expect(migrations).toHaveLength(readdirSync("prisma/migrations").filter((name) => /^\d/.test(name)).length);
});

test("a connection that was opened and never used does not hold up the end", async () => {
  const server = await startServer({ EMBEDDED_DATA_DIR: makeEmbeddedFolder() });
  const idle = connect(server.port, "127.0.0.1");
  idle.on("error", () => undefined);
  await once(idle, "connect");

  const startedAt = performance.now();
  expect(await server.kill("SIGTERM")).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(fewSecondsMs);
  idle.destroy();
});

test("connections that are kept alive, each after an answer, are closed at the end", async () => {
  const server = await startServer({ EMBEDDED_DATA_DIR: makeEmbeddedFolder() });
  const sockets = Array.from({ length: 5 }, () => connect(server.port, "127.0.0.1"));
  for (const socket of sockets) {
    socket.on("error", () => undefined);
    socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    const [answer] = await once(socket, "data");
    expect(String(answer)).toMatch(/^Connection: keep-alive\r\nKeep-Alive: timeout=100\r\n/im);
  }

  const startedAt = performance.now();
  expect(await server.kill("SIGTERM")).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(fewSecondsMs);
  for (const socket of sockets) socket.destroy();
});

test("SIGTERM in the middle of a rebuild stops it behind a shop, and the next process ends it", async () => {
  const database = await makeServerDatabase();
  await seedShops(database.query, 6);
  await database.query("delete from rollup_marks");
  const server = await startServer({ DATABASE_URL: database.url });
  const blocker = await database.connect();
  await database.query("insert into rollup_shops (shop_id) values ('shop-3')");
  await blocker.query("begin");
  await blocker.query("select from rollup_shops where shop_id = 'shop-3' for update");

  const { body } = await postRebuild(server, { fromDate: "2025-01-01", toDate: "2025-12-31" });
  const runId = body.runId as unknown as string;
  await waitFor("the rebuild to wait for shop-3", async () => {
    const waiting = await database.query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return waiting.length > 0;
  });
  const ended = server.kill("SIGTERM");
  await untilAnswer(
    "the server to stop",
    () => getRebuild(server, runId).catch(() => ({ status: 0 }) as never),
    ({ status }) => status === 0,
  );
  await blocker.query("rollback");
  expect(await ended).toBe(0);
  const [run] = await database.query<{ status: string; done: number }>("select status, done from rollup_runs");
  expect(run).toEqual({ status: "running", done: 3 });

  const next = await startServer({ DATABASE_URL: database.url });
  const { body: progress } = await untilAnswer(
    "the end of the rebuild",
    () => getRebuild(next, runId),
    ({ body }) => body.status !== "running",
  );
  expect(progress).toMatchObject({ status: "ok", done: 6, total: 6 });
  expect(await listDifferences(database.query)).toEqual([]);
});

test("SIGTERM in the middle of a verification stops it behind a batch, and the ledger says that it is not whole", async () => {
  const database = await makeServerDatabase();
  await seedShops(database.query, 3);
  const gate = await makeGate(database.url);
  const server = await startServer({ DATABASE_URL: gate.url, ROLLUP_BATCH_SHOPS: "1" });
  const reached = gate.hold({ statements: [/^with live as /], moment: "before" });
  const answer = ask(`${server.url}/jobs/verify`, { method: "POST", headers: cron });
  const held = await reached;
  const { ended } = await beginStop(server);
  held.release();

  expect((await answer).status).toBe(500);
  expect(await ended).toBe(0);
  const runs = await database.query("select kind, status, error from rollup_runs");
  expect(runs).toEqual([{ kind: "verify", status: "failed", error: expect.stringContaining("was told to end") }]);
});

test("SIGTERM in the middle of a run ends it after the batch, and what is left keeps its marks", async () => {
  const database = await makeServerDatabase();
  await seedShops(database.query, 3);
  const gate = await makeGate(database.url);
  const server = await startServer({ DATABASE_URL: gate.url, ROLLUP_BATCH_SHOPS: "1", ROLLUP_CONCURRENCY: "1" });
  const reached = gate.hold({ statements: [/delete from rollup_marks/], moment: "after" });
  const answer = postRollup(server);
  const held = await reached;
  const { ended } = await beginStop(server);
  held.release();

  expect((await answer).body).toMatchObject({ status: "ok", shops: 1 });
  expect(await ended).toBe(0);
  const marked = await database.query("select distinct shop_id from rollup_marks");
  expect(marked).toHaveLength(2);
  expect(await readSent(database.query)).toBe(3 * seededTotals.requestsSent);
});

test("SIGTERM in the middle of a seal stops it after a shop, and the next process ends it", async () => {
  const database = await makeServerDatabase();
  await seedShops(database.query, 3);
  const gate = await makeGate(database.url);
  const server = await startServer({ DATABASE_URL: gate.url, ROLLUP_BATCH_SHOPS: "1" });
  expect((await postRollup(server)).body).toMatchObject({ status: "ok", remaining: 0 });
  const reached = gate.hold({ statements: [/^update rollup_shops r set sealed_until = /], moment: "before" });
  expect((await postSeal(server, { before: "2025-01-05" })).status).toBe(202);
  const held = await reached;
  const { ended } = await beginStop(server);
  held.release();

  expect(await ended).toBe(0);
  const readRuns = () => database.query("select status, done from rollup_runs where kind = 'seal'");
  expect(await readRuns()).toEqual([{ status: "running", done: 1 }]);
  await startServer({ DATABASE_URL: database.url });
  await waitFor("the end of the seal", async () => {
    const [run] = await readRuns();
    return run?.status !== "running";
  });
  expect(await readRuns()).toEqual([{ status: "ok", done: 3 }]);
  expect(await readSent(database.query)).toBe(3 * seededTotals.requestsSent);
});

test("a page that is being made when SIGTERM comes is sent whole", async () => {
  const database = await makeServerDatabase();
  await seedShops(database.query, 1);
  const shop = "shop-1.myshopify.com";
  await storeOfflineSession(database.query, shop);
  const gate = await makeGate(database.url);
  const server = await startServer({ DATABASE_URL: gate.url });
  const reached = gate.hold({ statements: [/testimonial_daily_analytics/], moment: "before" });
  const token = signSessionToken(shop);
  const host = Buffer.from("admin.shopify.com/store/shop-1").toString("base64url");
  const address = new URLSearchParams({ shop, host, embedded: "1", id_token: token, range: "all" });
  const page = ask(`${server.url}/app/testimonials/analytics?${address}`, { headers: { "User-Agent": browser } });
  const held = await reached;
  const { ended } = await beginStop(server);
  held.release();

  const { status, text } = await page;
  expect(status).toBe(200);
  expect(text).toMatch(/<\/html>\s*$/);
  expect(text).toContain(`"requestsSent":${seededTotals.requestsSent}`);
  expect(await ended).toBe(0);
});
