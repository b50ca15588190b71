import { randomUUID } from "node:crypto";
import pg from "pg";
import { beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { withConnection } from "../setup/server";
import { type Answer, askHealth, getRangeSum, postRollup, untilAnswer } from "../support/http";
import { makeReplicatedServer, type ReplicatedServer } from "../support/replica";
import { type ServerProcess, startServer } from "../support/server-process";
import { storeOfflineSession } from "../support/session-token";
import { makeProxy } from "../support/tcp-proxy";
import { waitFor } from "../support/wait";

const days = "from=2025-01-01&to=2025-12-31";

let servers: ReplicatedServer;
let app: ServerProcess;
let primary: pg.Client;
let replica: pg.Client;
let shopId: string;

beforeAll(async () => {
  servers = await makeReplicatedServer();
});

beforeEach(async () => {
  primary = await connect(servers.primaryUrl);
  replica = await connect(servers.replicaUrl);
  shopId = `shop-${randomUUID()}`;
  await primary.query("insert into shops (id, domain) values ($1, $1 || '.myshopify.com')", [shopId]);
  await storeOfflineSession((sql, values) => primary.query(sql, values), toDomain(shopId));
  await send("2025-05-31");
  app = await startServer({ DATABASE_URL: servers.primaryUrl, DATABASE_REPLICA_URL: servers.replicaUrl });
  await untilAnswer("the shop to reach the replica", readRange, ({ body }) => sentOf(body) === 1);
});

test("merchants' reads are the replica's, exact as of its position and no newer than they say", async () => {
  expect((await postRollup(app)).body).toMatchObject({ status: "ok", remaining: 0 });
  await untilAnswer("the run to reach the replica", readRange, ({ body }) => liveDaysOf(body) === 0);

  await pauseReplay();
  const before = await readClock(primary);
  await send("2025-06-01");
  expect((await postRollup(app)).body).toMatchObject({ status: "ok", rowsWritten: 1 });
  expect(await countSent(primary)).toBe(2);

  const behind = (await readRange()).body;
  expect(behind).toMatchObject({ totals: { requestsSent: 1 }, freshness: { liveDays: 0 } });
  expect(await countSent(replica)).toBe(1);
  expect(asOf(behind) < before).toBe(true);
  expect((await readHealth()).body).toMatchObject({ ok: true, replica: { reachable: true, asOf: asOf(behind) } });

  const resumed = await readClock(primary);
  await replica.query("select pg_wal_replay_resume()");
  const caughtUp = await untilAnswer("the replica to catch up", readRange, ({ body }) => asOf(body) > resumed);
  expect(caughtUp.body).toMatchObject({ totals: { requestsSent: 2 } });
});

test("a server whose database is a standby, as a primary is that was demoted, says that it can't be written", async () => {
  const demoted = await startServer({ DATABASE_URL: servers.replicaUrl });
  const health = await askHealth(demoted);
  expect(health.status).toBe(503);
  expect(health.body).toMatchObject({
    database: { ok: false, since: expect.any(String), reachable: true, writable: false },
    reasons: { database: expect.stringContaining("The server is a standby") },
  });
  expect((await postRollup(demoted)).status).toBeGreaterThanOrEqual(500);
  expect(demoted.output()).toContain("a run failed (");
});

test("a day whose mark has reached the replica and its recount has not is counted there", async () => {
  await send("2025-06-01");
  await untilAnswer("the request to reach the replica", readRange, ({ body }) => sentOf(body) === 2);
  await pauseReplay();
  expect((await postRollup(app)).body).toMatchObject({ status: "ok", remaining: 0 });
  expect(await countMarks(primary)).toBe(0);
  const { body } = await readRange();
  expect(sentOf(body)).toBe(2);
  expect(liveDaysOf(body)).toBe(2);
});

test("the replica of an idle primary is as young as the primary's last message, and one cut off as its last commit", async () => {
  const idleSince = await readClock(primary);
  await untilAnswer("news of an idle primary", readRange, ({ body }) => asOf(body) > idleSince);

  await cutOffReplica();
  await send("2025-06-01");
  const { rows } = await replica.query(
    "select to_char(timezone('utc', pg_last_xact_replay_timestamp()), 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') as at",
  );
  const { body } = await readRange();
  expect({ asOf: asOf(body), sent: sentOf(body) }).toEqual({ asOf: rows[0].at, sent: 1 });
  expect(asOf(body) < idleSince).toBe(true);
});

test("with the replica down the primary serves, the health check says so, and all is as before once it is back", async () => {
  await servers.stopReplica();
  await send("2025-06-01");
  expect((await readRange()).body).toMatchObject({ totals: { requestsSent: 2 } });
  const health = await readHealth();
  expect(health.status).toBe(503);
  expect(health.body).toMatchObject({
    ok: false,
    database: { ok: true },
    replica: { ok: false, reachable: false, asOf: null, lagSeconds: null, maxLagSeconds: 300 },
  });
  expect((await postRollup(app)).body).toMatchObject({ status: "ok", remaining: 0 });

  await servers.startReplica();
  replica = await connect(servers.replicaUrl);
  await untilAnswer("the replica to be healthy", readHealth, ({ status }) => status === 200);
  await waitFor("the replica to catch up", async () => (await countSent(replica)) === 2);
  await pauseReplay();
  await send("2025-06-02");
  await untilAnswer("the replica to serve again", readRange, ({ body }) => sentOf(body) === 2);
});

test("a replica that falls silent costs one answer some seconds, and serves again once it is back", async () => {
  const proxy = await makeProxy(servers.replicaUrl);
  await proxy.open();
  app = await startServer({ DATABASE_URL: servers.primaryUrl, DATABASE_REPLICA_URL: proxy.url });
  await untilAnswer("the replica to serve", readRange, ({ body }) => sentOf(body) === 1);

  proxy.freeze();
  await send("2025-06-01");
  const silentSince = performance.now();
  expect((await readRange()).body).toMatchObject({ totals: { requestsSent: 2 } });
  expect(performance.now() - silentSince).toBeLessThan(15_000);
  const restingSince = performance.now();
  expect((await readRange()).body).toMatchObject({ totals: { requestsSent: 2 } });
  expect(performance.now() - restingSince).toBeLessThan(4_000);

  await proxy.close();
  await proxy.open();
  proxy.thaw();
  await untilAnswer("the replica to be healthy", readHealth, ({ status }) => status === 200);
  await waitFor("the replica to catch up", async () => (await countSent(replica)) === 2);
  await pauseReplay();
  await send("2025-06-02");
  await untilAnswer("the replica to serve again", readRange, ({ body }) => sentOf(body) === 2);
});

test("a replica further behind than is allowed is unhealthy, however well it answers", async () => {
  await moveAppClock("1 hour");
  for (const [maxLagSeconds, status] of [
    [3_000, 503],
    [4_000, 200],
  ] as const) {
    app = await startServer({
      DATABASE_URL: servers.primaryUrl,
      DATABASE_REPLICA_URL: servers.replicaUrl,
      HEALTH_MAX_REPLICA_LAG_SECONDS: `${maxLagSeconds}`,
    });
    const health = await readHealth();
    expect(health.status).toBe(status);
    expect(health.body).toMatchObject({
      ok: status === 200,
      database: { ok: true },
      lastRun: { ok: true },
      replica: { ok: status === 200, reachable: true, maxLagSeconds },
    });
    const { lagSeconds } = health.body.replica as unknown as { lagSeconds: number };
    expect(lagSeconds).toBeGreaterThan(3_590);
    expect(lagSeconds).toBeLessThan(3_800);
  }
});

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, options: "-c TimeZone=UTC" });
  client.on("error", () => undefined);
  await client.connect();
  onTestFinished(() => client.end().catch(() => undefined));
  return client;
}

function readRange(): Promise<Answer> {
  return getRangeSum(app, toDomain(shopId), days);
}

function readHealth(): Promise<Answer> {
  return askHealth(app);
}

function asOf(body: Answer["body"]): string {
  return (body.freshness as unknown as { asOf: string }).asOf;
}

function liveDaysOf(body: Answer["body"]): number {
  return (body.freshness as unknown as { liveDays: number }).liveDays;
}

function sentOf(body: Answer["body"]): number {
  return (body.totals as unknown as { requestsSent: number }).requestsSent;
}

async function countSent(client: pg.Client): Promise<number> {
  const statement = "select count(sent_at)::int as sent from testimonial_requests where shop_id = $1";
  const { rows } = await client.query(statement, [shopId]);
  return rows[0].sent;
}

async function countMarks(client: pg.Client): Promise<number> {
  const { rows } = await client.query("select count(*)::int as marks from rollup_marks");
  return rows[0].marks;
}

/** Sends a request, on the primary. */
async function send(day: string): Promise<void> {
  await primary.query("insert into testimonial_requests (shop_id, sent_at) values ($1, $2::timestamp)", [shopId, day]);
}

function toDomain(id: string): string {
  return `${id}.myshopify.com`;
}

/** The server's time, as the app writes an instant. */
async function readClock(client: pg.Client): Promise<string> {
  const { rows } = await client.query("select clock_timestamp() as now");
  return rows[0].now.toISOString();
}

/** Lets the primary's sessions of the app that begin now find it so much later. What the replica has replayed stays old. */
async function moveAppClock(interval: string): Promise<void> {
  await primary.query(
    `create function public.now() returns timestamptz language sql as $$ select pg_catalog.now() + interval '${interval}' $$`,
  );
  await primary.query("alter database app set search_path = public, pg_catalog");
  const { primaryUrl } = servers;
  onTestFinished(() =>
    withConnection(primaryUrl, async (client) => {
      await client.query("alter database app reset search_path");
      await client.query("drop function public.now()");
    }),
  );
}

async function pauseReplay(): Promise<void> {
  await replica.query("select pg_wal_replay_pause()");
  const { replicaUrl } = servers;
  onTestFinished(() =>
    withConnection(replicaUrl, async (client) => void (await client.query("select pg_wal_replay_resume()"))),
  );
  await waitFor("the replay to pause", async () => {
    const { rows } = await replica.query("select pg_get_wal_replay_pause_state() = 'paused' as paused");
    return rows[0].paused;
  });
}

/** Lets the replica lose its primary, until the test is over. */
async function cutOffReplica(): Promise<void> {
  const { rows } = await replica.query("select current_setting('primary_conninfo') as conninfo");
  await setConninfo("");
  onTestFinished(() => setConninfo(rows[0].conninfo));
  await waitFor("the replica to be cut off", async () => {
    const { rowCount } = await replica.query("select from pg_stat_wal_receiver");
    return rowCount === 0;
  });
}

function setConninfo(conninfo: string): Promise<void> {
  return withConnection(servers.replicaUrl, async (client) => {
    await client.query(`alter system set primary_conninfo = ${pg.escapeLiteral(conninfo)}`);
    await client.query("select pg_reload_conf()");
  });
}
