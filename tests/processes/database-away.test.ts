import { expect, test } from "vitest";
import { makeGate } from "../support/gate/gate";
import { ask, askHealth, getRangeSum, postRebuild, postRollup, untilAnswer } from "../support/http";
import { countRows, listDifferences, seededRange, seededTotals, seedShops } from "../support/plain-sql";
import { makeServerDatabase } from "../support/process-databases";
import { startServer } from "../support/server-process";
import { storeOfflineSession } from "../support/session-token";
import { makeProxy } from "../support/tcp-proxy";
import { waitFor } from "../support/wait";

const away = { code: "database_unavailable", message: expect.stringContaining("database does not answer"), issues: [] };
const range = `from=${seededRange.from}&to=${seededRange.to}`;

test("a server that starts without its database serves, says so, and works by itself once it is back", async () => {
  const { url, query } = await makeServerDatabase();
  await seedShops(query, 2);
  await storeOfflineSession(query, "shop-1.myshopify.com");
  const proxy = await makeProxy(url);
  const server = await startServer({ DATABASE_URL: proxy.url });

  const health = await askHealth(server);
  expect(health.status).toBe(503);
  expect(health.body).toMatchObject({
    ok: false,
    database: { ok: false, reachable: false, since: expect.any(String) },
  });
  // No restart would mend it.
  expect((await ask(`${server.url}/livez`)).status).toBe(200);
  for (const answer of [
    await postRollup(server),
    await postRebuild(server, { fromDate: seededRange.from, toDate: seededRange.to }),
  ]) {
    expect({ status: answer.status, error: answer.body.error }).toEqual({ status: 503, error: away });
  }
  const denied = await ask(`${server.url}/jobs/rollup`, { method: "POST", headers: { Authorization: "Bearer wrong" } });
  expect(denied.status).toBe(401);
  const asked = await getRangeSum(server, "shop-1.myshopify.com", range);
  expect(asked.status).toBe(503);
  const visitor = await ask(`${server.url}/app/range-sum?shop=shop-1.myshopify.com`);
  expect(visitor.status).toBeLessThan(500);

  await proxy.open();
  expect((await askHealth(server)).status).toBe(200);
  const sums = await getRangeSum(server, "shop-1.myshopify.com", range);
  expect(sums.body.totals).toEqual(seededTotals);
  expect((await postRollup(server)).body).toMatchObject({ status: "ok", remaining: 0 });
  expect(await listDifferences(query)).toEqual([]);
});

test("a connection lost in the middle of a run loses no mark, and the next run settles it", async () => {
  const { url, query, connect } = await makeServerDatabase();
  await seedShops(query, 5);
  const marks = await countRows(query, "rollup_marks");
  const proxy = await makeProxy(url);
  await proxy.open();
  const server = await startServer({ DATABASE_URL: proxy.url, ROLLUP_BATCH_SHOPS: "1", ROLLUP_CONCURRENCY: "1" });

  // Holds the run at the first daily row that it writes: its marks are taken by then, and not committed.
  const blocker = await connect();
  await blocker.query("begin");
  await blocker.query("lock table testimonial_daily_analytics in share mode");
  const running = postRollup(server);
  await waitFor("the run to wait", async () => {
    const waiting = await query(
      "select from pg_locks where not granted and relation = 'testimonial_daily_analytics'::regclass",
    );
    return waiting.length > 0;
  });
  await proxy.close();
  const answer = await running;
  expect([500, 503]).toContain(answer.status);
  expect(answer.text).not.toMatch(/\n\s+at |prisma|127\.0\.0\.1/i);
  expect((await askHealth(server)).status).toBe(503);

  await blocker.query("rollback");
  expect(await countRows(query, "testimonial_daily_analytics")).toBe(0);
  expect(await countRows(query, "rollup_marks")).toBe(marks);
  await proxy.open();
  await untilAnswer(
    "a run that leaves nothing",
    () => postRollup(server),
    ({ body }) => body.remaining === 0,
  );
  expect(await listDifferences(query)).toEqual([]);
  expect((await askHealth(server)).status).toBe(200);
});

test("connections that are cut while the database stays cost one answer at most", async () => {
  const { url, query } = await makeServerDatabase();
  await seedShops(query, 2);
  const proxy = await makeProxy(url);
  await proxy.open();
  const server = await startServer({ DATABASE_URL: proxy.url });
  expect((await postRollup(server)).status).toBe(200);
  await query("update testimonial_requests set sent_at = sent_at + interval '400 days'");

  await proxy.close();
  await proxy.open();
  await postRollup(server);
  expect((await postRollup(server)).body).toMatchObject({ status: "ok", remaining: 0 });
  expect(await listDifferences(query)).toEqual([]);
});

test("a database that falls silent costs an answer seconds, and no connection once it speaks again", async () => {
  const { url, query } = await makeServerDatabase();
  await seedShops(query, 1);
  const proxy = await makeProxy(url);
  await proxy.open();
  const server = await startServer({ DATABASE_URL: proxy.url });
  expect((await postRollup(server)).status).toBe(200);

  proxy.freeze();
  const startedAt = performance.now();
  const health = await askHealth(server);
  expect(health.status).toBe(503);
  expect(health.body).toMatchObject({
    ok: false,
    database: { ok: false, reachable: false, since: expect.any(String) },
  });
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  proxy.thaw();
  expect((await askHealth(server)).status).toBe(200);
});

test("connections that are lost in the middle of transactions, more than there are, starve no one", async () => {
  const { url, query } = await makeServerDatabase();
  await seedShops(query, 1);
  const gate = await makeGate(url);
  const server = await startServer({ DATABASE_URL: gate.url, DATABASE_POOL_SIZE: "4", ROLLUP_CONCURRENCY: "1" });
  for (let lost = 0; lost < 5; lost += 1) {
    const reached = gate.hold({ statements: [/on conflict \(shop_id, date\) do update/], moment: "before" });
    const running = postRollup(server);
    (await reached).cut();
    expect((await running).body).toMatchObject({ status: "ok", remaining: 0 });
    await query("update testimonial_requests set sent_at = sent_at + interval '400 days'");
  }
  expect((await postRollup(server)).body).toMatchObject({ status: "ok", remaining: 0 });
  expect(await listDifferences(query)).toEqual([]);
});
