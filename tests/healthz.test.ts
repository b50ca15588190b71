import { beforeEach, describe, expect, test } from "vitest";
import { db } from "~/db.server";
import * as healthRoute from "~/routes/healthz";
import * as rollupRoute from "~/routes/jobs.rollup";
import * as verifyRoute from "~/routes/jobs.verify";
import { call, cron, operator } from "./support/call";
import { poison } from "./support/faults";
import { expectRefused } from "./support/refusal";
import { addRequest, at, makeShop } from "./support/shops";

const maxAgeMinutes = 26 * 60;
const maxVerifyAgeMinutes = 50 * 60;
const instant = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
const database = { ok: true, since: null, reachable: true, writable: true };
const never = { ok: true, since: null, at: null };

type Answer = { status: number; body: Record<string, unknown> };

async function get(headers?: Record<string, string>): Promise<Answer> {
  const response = await call(healthRoute, "/healthz", { headers });
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  return { status: response.status, body: await response.json() };
}

/** What anyone is told of now: an operator's look is a new one, and serves those who come within a second. */
async function ask(): Promise<Answer> {
  await get(cron);
  return get();
}

async function run(): Promise<void> {
  await call(rollupRoute, "/jobs/rollup", { method: "POST", headers: cron });
}

async function verify(): Promise<void> {
  await call(verifyRoute, "/jobs/verify", { method: "POST", headers: cron });
}

/** Makes every instant of the column so many minutes old. */
async function age(table: string, column: string, minutes: number): Promise<void> {
  await db.$executeRawUnsafe(
    `update ${table} set ${column} = timezone('utc', now()) - make_interval(mins => $1::int)`,
    minutes,
  );
}

beforeEach(async () => {
  await db.rollupRun.deleteMany();
  await db.rollupInvalidation.deleteMany();
  await db.rollupShop.deleteMany();
  await db.rollupTrouble.deleteMany();
});

test("before the first run and with nothing to do all is well", async () => {
  expect(await ask()).toEqual({
    status: 200,
    body: {
      ok: true,
      database,
      lastRun: { ...never, maxAgeMinutes },
      lastVerification: { ...never, maxAgeMinutes: maxVerifyAgeMinutes },
      oldestMark: { ...never, maxAgeMinutes },
      failingShops: { count: 0, since: null },
    },
  });
});

test("after a run it says when that was, and what is marked since", async () => {
  await run();
  await addRequest(await makeShop(), { sentAt: at("2026-03-01") });
  expect(await ask()).toEqual({
    status: 200,
    body: {
      ok: true,
      database,
      lastRun: { ok: true, since: null, at: instant, maxAgeMinutes },
      lastVerification: { ...never, maxAgeMinutes: maxVerifyAgeMinutes },
      oldestMark: { ok: true, since: null, at: instant, maxAgeMinutes },
      failingShops: { count: 0, since: null },
    },
  });
});

test("a last run that is too old answers 503", async () => {
  await run();
  await age("rollup_runs", "finished_at", maxAgeMinutes - 1);
  expect((await ask()).status).toBe(200);
  await age("rollup_runs", "finished_at", maxAgeMinutes + 1);
  expect(await ask()).toMatchObject({
    status: 503,
    body: { ok: false, database, lastRun: { ok: false, since: instant, at: instant }, oldestMark: { ok: true } },
  });
});

test("a young run that failed does not make up for an old one that succeeded", async () => {
  await run();
  await age("rollup_runs", "finished_at", maxAgeMinutes + 1);
  await age("rollup_runs", "started_at", maxAgeMinutes + 1);
  await db.rollupRun.createMany({
    data: [
      { kind: "rollup", trigger: "cron", status: "failed", finishedAt: new Date() },
      { kind: "verify", trigger: "cron", status: "ok", finishedAt: new Date() },
      { kind: "rollup", trigger: "cron", status: "running" },
    ],
  });
  expect(await ask()).toMatchObject({ status: 503, body: { lastRun: { ok: false } } });
});

test("a mark that is too old answers 503, and one of an uninstalled shop does not", async () => {
  const shop = await makeShop();
  await addRequest(shop, { sentAt: at("2026-03-01") });
  await age("rollup_invalidations", "marked_at", maxAgeMinutes - 1);
  expect((await ask()).status).toBe(200);
  await age("rollup_invalidations", "marked_at", maxAgeMinutes + 1);
  expect(await ask()).toMatchObject({
    status: 503,
    body: { ok: false, lastRun: { ok: true }, oldestMark: { ok: false, since: instant, at: instant } },
  });

  await db.shop.update({ where: { id: shop.id }, data: { uninstalledAt: new Date() } });
  expect(await ask()).toMatchObject({ status: 200, body: { oldestMark: { ok: true, at: null } } });
});

test("an old mark of a shop that is gone raises no alarm", async () => {
  await db.rollupInvalidation.create({ data: { shopId: "gone", date: at("2026-03-01"), markedAt: at("2026-03-01") } });
  expect(await ask()).toMatchObject({ status: 200, body: { oldestMark: { ok: true, at: null } } });
});

test("marks of an uninstalled shop wait for its return and count in no backlog", async () => {
  const shop = await makeShop();
  await addRequest(shop, { sentAt: at("2026-03-01") });
  await db.shop.update({ where: { id: shop.id }, data: { uninstalledAt: new Date() } });
  const body = await (await call(rollupRoute, "/jobs/rollup", { method: "POST", headers: cron })).json();
  expect(body).toMatchObject({ status: "ok", rowsWritten: 0, remaining: 0 });
  expect(await db.rollupInvalidation.count({ where: { shopId: shop.id } })).toBe(1);
});

describe("the verification", () => {
  test("that never runs is missed once the first run is older than verifications may be", async () => {
    await run();
    await age("rollup_runs", "started_at", maxVerifyAgeMinutes - 1);
    expect((await ask()).status).toBe(200);
    await age("rollup_runs", "started_at", maxVerifyAgeMinutes + 1);
    expect(await ask()).toMatchObject({
      status: 503,
      body: { lastRun: { ok: true }, lastVerification: { ok: false, since: instant, at: null } },
    });
    await verify();
    expect(await ask()).toMatchObject({ status: 200, body: { lastVerification: { ok: true, at: instant } } });
  });

  test("that is too old answers 503", async () => {
    await verify();
    await age("rollup_runs", "finished_at", maxVerifyAgeMinutes + 1);
    await run();
    expect(await ask()).toMatchObject({
      status: 503,
      body: { lastRun: { ok: true }, lastVerification: { ok: false, since: instant, at: instant } },
    });
  });
});

describe("who asks", () => {
  const words = "poisoned on purpose";

  /** A shop of which the database's own words tell, and a run that has met it. */
  async function failShop() {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at("2026-03-01") });
    const cure = await poison(shop);
    await run();
    return { shop, cure };
  }

  test.for([
    { who: "anyone", headers: undefined },
    { who: "a caller with a wrong secret", headers: { Authorization: "Bearer wrong" } },
    { who: "a caller with the operator's token", headers: operator },
  ])("is told no id and no word of the database's: $who", async ({ headers }) => {
    const { shop, cure } = await failShop();
    await get(cron);
    const answer = await get(headers);
    await cure();
    expect(answer).toMatchObject({ status: 200, body: { failingShops: { count: 1, since: instant } } });
    const text = JSON.stringify(answer.body);
    expect(text).not.toContain(shop.id);
    expect(text).not.toMatch(/poison|reason|error/i);
  });

  test("is told which shop is failing, since when and why, with the cron secret", async () => {
    const { shop, cure } = await failShop();
    const answer = await get(cron);
    await cure();
    expect(answer).toMatchObject({
      status: 200,
      body: {
        reasons: {},
        failingShops: {
          count: 1,
          shops: [{ shopId: shop.id, since: instant, reason: expect.stringContaining(words) }],
        },
      },
    });
  });
});

test.for(["POST", "PUT", "DELETE", "OPTIONS"])("%s is not allowed", async (method) => {
  const response = await expectRefused(() => call(healthRoute, "/healthz", { method }), { status: 405 });
  expect(response.headers.get("Allow")).toBe("GET, HEAD");
});
