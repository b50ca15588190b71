import { expect, test } from "vitest";
import { testEnv } from "../setup/settings";
import { cron } from "../support/call";
import { ask, getRangeSum, postRollup } from "../support/http";
import { listDifferences, seededRange, seededTotals, seedShops } from "../support/plain-sql";
import { makeEmbeddedFolder, makeServerDatabase, withEmbedded } from "../support/process-databases";
import { type ServerProcess, startServer } from "../support/server-process";
import { browser, signSessionToken, storeOfflineSession } from "../support/session-token";

const domain = "shop-2.myshopify.com";
const range = `from=${seededRange.from}&to=${seededRange.to}`;

async function expectWork(server: ServerProcess): Promise<void> {
  expect((await ask(`${server.url}/healthz`)).status).toBe(200);
  const before = await getRangeSum(server, domain, range);
  expect(before.status).toBe(200);
  expect(before.body.totals).toEqual(seededTotals);

  const run = await postRollup(server);
  expect(run.status).toBe(200);
  expect(run.body).toMatchObject({ status: "ok", shops: 3, remaining: 0, failedShops: [] });

  const after = await getRangeSum(server, domain, range);
  expect(after.body.totals).toEqual(seededTotals);
  expect(after.body.freshness).toMatchObject({ liveDays: 0, oldestMark: null });
}

test("on the embedded database it makes the schema itself, and works", async () => {
  const dir = makeEmbeddedFolder({ isEmpty: true });
  const first = await startServer({ EMBEDDED_DATA_DIR: dir });
  expect((await ask(`${first.url}/healthz`)).status).toBe(200);
  expect(await first.kill("SIGTERM")).toBe(0);
  await withEmbedded(dir, async (query) => {
    await seedShops(query, 3);
    await storeOfflineSession(query, domain);
  });

  const server = await startServer({ EMBEDDED_DATA_DIR: dir });
  await expectWork(server);
  expect(await server.kill("SIGTERM")).toBe(0);
  expect(await withEmbedded(dir, listDifferences)).toEqual([]);
});

test("each line of a request and of a run says so, and each answer names its request", async () => {
  const server = await startServer({ EMBEDDED_DATA_DIR: makeEmbeddedFolder() });
  const post = (requestId: string) =>
    ask(`${server.url}/jobs/rollup`, { method: "POST", headers: { ...cron, "X-Request-Id": requestId } });
  const run = await post("cron-1:a.b");
  const renamed = await post("a b");
  const ids = [];
  for (const path of ["/favicon.ico", "/none", "/app", "/metrics", "/assets/none.js"]) {
    ids.push((await ask(`${server.url}${path}`)).headers.get("X-Request-Id"));
  }
  const scrape = await ask(`${server.url}/metrics`, { headers: cron });
  await server.kill("SIGTERM");

  const lines = server
    .output()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const route = "/jobs/rollup";
  expect(run.headers.get("X-Request-Id")).toBe("cron-1:a.b");
  const ofRun = { requestId: "cron-1:a.b", route, runId: run.body.runId };
  expect(lines.find(({ msg, requestId }) => msg === "run ended" && requestId === "cron-1:a.b")).toMatchObject(ofRun);
  expect(lines).toContainEqual(expect.objectContaining({ msg: "request", requestId: "cron-1:a.b", status: 200 }));
  const newId = renamed.headers.get("X-Request-Id");
  expect(newId).toMatch(/^[\da-f-]{36}$/);
  expect(lines.find(({ runId }) => runId === renamed.body.runId)).toMatchObject({ requestId: newId, route });
  expect(new Set(ids).size).toBe(5);
  expect(ids).not.toContain(null);
  expect(server.output()).not.toContain('a b"');
  expect(scrape.text).toContain('testimonial_http_requests_total{route="/jobs/rollup",method="POST",status="2xx"} 2');
  expect(scrape.text).toContain('testimonial_http_requests_total{route="none",method="GET",status="4xx"} 2');
});

test("on a server it works, and its log holds no secret and no token", async () => {
  const { url, query } = await makeServerDatabase();
  await seedShops(query, 3);
  await storeOfflineSession(query, domain);
  const server = await startServer({ DATABASE_URL: url });
  await expectWork(server);
  expect(await listDifferences(query)).toEqual([]);

  const token = signSessionToken(domain);
  const forged = signSessionToken(domain, { secret: "another" });
  const headers = { "User-Agent": browser };
  await ask(`${server.url}/app/range-sum?${range}&shop=${domain}&id_token=${token}`, { headers });
  await ask(`${server.url}/app/range-sum?${range}&shop=${domain}&id_token=${forged}`, { headers });
  await ask(`${server.url}/app/range-sum?${range}&id_token=${token}`, { headers: { "User-Agent": "curl/8" } });
  await ask(`${server.url}/nowhere?id_token=${token}`);
  await ask(`${server.url}/jobs/rollup?id_token=${token}`, { method: "POST", headers: cron });
  await ask(`${server.url}/jobs/rollup`, { headers: { Authorization: `Bearer ${testEnv.CRON_SECRET}x` } });
  const { text: scrape } = await ask(`${server.url}/metrics`, { headers: cron });
  expect(scrape).toContain('testimonial_database_pool_max{pool="primary"} 10');
  expect(scrape).toContain('testimonial_database_pool_max{pool="reserved"} 3');
  expect(scrape).toContain('testimonial_database_pool_waiting{pool="primary"} 0');
  expect(await server.kill("SIGTERM")).toBe(0);

  const log = server.output();
  for (const secret of [testEnv.CRON_SECRET, testEnv.ADMIN_TOKEN, testEnv.SHOPIFY_API_SECRET, "id_token", "eyJ"]) {
    expect(log).not.toContain(secret);
  }
  const { password } = new URL(url);
  if (password.length > 4) expect(log).not.toContain(password);
  expect(
    log
      .trim()
      .split("\n")
      .map((line) => typeof JSON.parse(line).msg),
  ).not.toContain("undefined");
});
