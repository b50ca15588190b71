import { beforeEach, expect, test } from "vitest";
import { db } from "~/db.server";
import * as healthRoute from "~/routes/healthz";
import * as rollupRoute from "~/routes/jobs.rollup";
import { call, cron } from "./support/call";
import { expectRefused } from "./support/refusal";
import { addRequest, at, countMarks, dropMarks, makeShop } from "./support/shops";

const maxAgeMinutes = 26 * 60;
const instant = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);

async function ask(): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await call(healthRoute, "/healthz");
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  return { status: response.status, body: await response.json() };
}

async function run(): Promise<void> {
  await call(rollupRoute, "/jobs/rollup", { method: "POST", headers: cron });
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
  await dropMarks();
});

test("before the first run and with nothing to do all is well", async () => {
  expect(await ask()).toEqual({
    status: 200,
    body: {
      ok: true,
      database: { ok: true },
      lastRun: { ok: true, at: null, maxAgeMinutes },
      oldestMark: { ok: true, at: null, maxAgeMinutes },
      failedShops: [],
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
      database: { ok: true },
      lastRun: { ok: true, at: instant, maxAgeMinutes },
      oldestMark: { ok: true, at: instant, maxAgeMinutes },
      failedShops: [],
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
    body: { ok: false, database: { ok: true }, lastRun: { ok: false, at: instant }, oldestMark: { ok: true } },
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
  await age("rollup_marks", "marked_at", maxAgeMinutes - 1);
  expect((await ask()).status).toBe(200);
  await age("rollup_marks", "marked_at", maxAgeMinutes + 1);
  expect(await ask()).toMatchObject({
    status: 503,
    body: { ok: false, lastRun: { ok: true }, oldestMark: { ok: false, at: instant } },
  });

  await db.shop.update({ where: { id: shop.id }, data: { uninstalledAt: new Date() } });
  expect(await ask()).toMatchObject({ status: 200, body: { oldestMark: { ok: true, at: null } } });
});

test("an old mark of a shop that is gone raises no alarm", async () => {
  await db.$executeRawUnsafe(
    "insert into rollup_marks (shop_id, date, marked_at) values ('gone', '2026-03-01', '2026-03-01')",
  );
  expect(await ask()).toMatchObject({ status: 200, body: { oldestMark: { ok: true, at: null } } });
});

test("marks of an uninstalled shop wait for its return and count in no backlog", async () => {
  const shop = await makeShop();
  await addRequest(shop, { sentAt: at("2026-03-01") });
  await db.shop.update({ where: { id: shop.id }, data: { uninstalledAt: new Date() } });
  const body = await (await call(rollupRoute, "/jobs/rollup", { method: "POST", headers: cron })).json();
  expect(body).toMatchObject({ status: "ok", rowsWritten: 0, remaining: 0 });
  expect(await countMarks(shop)).toBe(1);
});

test.for(["POST", "PUT", "DELETE", "OPTIONS"])("%s is not allowed", async (method) => {
  const response = await expectRefused(() => call(healthRoute, "/healthz", { method }), { status: 405 });
  expect(response.headers.get("Allow")).toBe("GET, HEAD");
});
