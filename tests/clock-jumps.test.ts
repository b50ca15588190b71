import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import * as rangeSumRoute from "~/routes/app.range-sum";
import * as healthRoute from "~/routes/healthz";
import * as rollupRoute from "~/routes/jobs.rollup";
import { type Day, toDay, toRange } from "~/services/rollup/day";
import { resumeSweeps, settleSweeps } from "~/services/rollup/jobs/sweep-worker.server";
import { listenForAlerts } from "./support/alerts";
import { call, cron } from "./support/call";
import { moveDatabaseClock, moveProcessClock } from "./support/clocks";
import { poison } from "./support/faults";
import { makeMerchant } from "./support/pages";
import { browser, signSessionToken } from "./support/session-token";
import { addRequest, at, dropMarks, expectReadExact, expectStoredExact, makeShop } from "./support/shops";

// The process's clock and the database's are set back or forward between runs. No number may depend on either, and what
// a wrong clock has left in the ledger may hide nothing that happens after.

beforeEach(async () => {
  await db.shop.deleteMany();
  await db.rollupRun.deleteMany();
  await dropMarks();
});

afterEach(() => {
  vi.useRealTimers();
});

async function run(status = 200) {
  const response = await call(rollupRoute, "/jobs/rollup", { method: "POST", headers: cron });
  expect(response.status).toBe(status);
  return response.json();
}

async function askHealth() {
  const response = await call(healthRoute, "/healthz", { headers: cron });
  return { status: response.status, body: await response.json() };
}

const jumps = [
  { name: "the process's clock", move: async (days: number) => moveProcessClock(days) },
  { name: "the database's clock", move: moveDatabaseClock },
  {
    name: "both clocks",
    move: async (days: number) => {
      moveProcessClock(days);
      await moveDatabaseClock(days);
    },
  },
];

describe.each(jumps)("$name", ({ move }) => {
  test.for([-1, 7])("set by %d days between runs loses no day and leaves health as it should be", async (days) => {
    const shop = await makeShop();
    const todayBefore = toDay(new Date());
    await addRequest(shop, { sentAt: new Date() });
    await run();
    await addRequest(shop, { sentAt: new Date() });
    await move(days);
    const today = toDay(new Date());
    await addRequest(shop, { sentAt: new Date() });

    const body = await run();
    expect(body).toMatchObject({ status: "ok", remaining: 0, window: { to: today } });
    expect(body.durationMs).toBeGreaterThanOrEqual(0);
    expect(body.durationMs).toBeLessThan(60_000);
    await expectStoredExact(shop);
    const [from = today, to = today] = [todayBefore, today].sort();
    await expectReadExact(shop, from, to);

    const ledger = await db.rollupRun.findUniqueOrThrow({ where: { id: body.runId } });
    const tookMs = (ledger.finishedAt?.getTime() ?? 0) - ledger.startedAt.getTime();
    expect(tookMs).toBeGreaterThanOrEqual(0);
    expect(tookMs).toBeLessThan(60_000);
    await rollup.verify({ trigger: "cron", today });
    expect(await askHealth()).toMatchObject({
      status: 200,
      body: { lastRun: { at: ledger.finishedAt?.toISOString() } },
    });
    const { freshness } = await rollup.readTotals(shop.id, toRange(from as Day, to as Day));
    expect(freshness.lastRunAt).toBe(ledger.finishedAt?.toISOString());
  });
});

describe("the database's clock", () => {
  test("set back leaves no shop listed as failing that has been mended since", async () => {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at("2026-03-01") });
    const cure = await poison(shop);
    await run(207);
    await moveDatabaseClock(-7);
    expect((await askHealth()).body.failingShops).toMatchObject({ count: 1 });
    await cure();
    await run();
    expect(await askHealth()).toMatchObject({ status: 200, body: { failingShops: { count: 0, since: null } } });
  });

  test("set back hides no shop that begins to fail again from the alerts", async () => {
    const alerts = await listenForAlerts();
    onTestFinished(async () => void (await alerts.close()));
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at("2026-03-01") });
    const cure = await poison(shop);
    await run(207);
    expect(alerts.received).toHaveLength(1);
    await moveDatabaseClock(-7);
    await cure();
    await run();
    await addRequest(shop, { sentAt: at("2026-03-01") });
    const cureAgain = await poison(shop);
    await run(207);
    await run(207);
    await cureAgain();
    expect(alerts.received).toEqual(
      ["fails", "succeeds again", "fails"].map((words) => ({ text: expect.stringContaining(`recount ${words} for`) })),
    );
  });

  test("set forward by a week says that the last run is old, until the next", async () => {
    await addRequest(await makeShop(), { sentAt: at("2026-03-01") });
    await run();
    await moveDatabaseClock(7);
    expect(await askHealth()).toMatchObject({ status: 503, body: { lastRun: { ok: false } } });
    await run();
    await rollup.verify({ trigger: "cron", today: toDay(new Date()) });
    expect(await askHealth()).toMatchObject({ status: 200, body: { lastRun: { ok: true } } });
  });

  test.for([-1, 7])("set by %d days keeps no lease for a process that died", async (days) => {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at("2026-05-01") });
    const lease = { trigger: "cron", leaseOwner: randomUUID(), leaseUntil: new Date(Date.now() + 10_000) };
    const cutOff = await db.rollupRun.create({ data: { kind: "rollup", ...lease } });
    const rebuild = await db.rollupRun.create({
      data: { kind: "rebuild", total: 1, fromDate: at("2026-05-01"), toDate: at("2026-05-31"), ...lease },
    });
    await moveDatabaseClock(days);
    await resumeSweeps(rollup.engine);
    await settleSweeps(rollup.engine);
    expect(await rollup.getRebuild(rebuild.id)).toMatchObject({ status: "ok", done: 1, rowsWritten: 1 });
    await run();
    expect(await db.rollupRun.findUnique({ where: { id: cutOff.id } })).toMatchObject({ status: "failed" });
  });
});

test("a window in the future leaves the days before it right", async () => {
  const shop = await makeShop();
  await addRequest(shop, { sentAt: at("2026-06-15") });
  for (const today of ["2026-06-15", "2026-06-22", "2026-06-14", "2026-06-15"] as Day[]) {
    await addRequest(shop, { sentAt: at(today, "23:59:59.999") });
    await addRequest(shop, { sentAt: at("2026-06-14", "00:00:00.000") });
    expect(await rollup.run({ trigger: "cron", today })).toMatchObject({ status: "ok", remaining: 0 });
    await expectStoredExact(shop);
  }
});

test.for([-1, 7])(
  "a session token is refused by a process that is %d days off, and taken when it is right again",
  async (days) => {
    const shop = await makeMerchant();
    const headers = { Authorization: `Bearer ${signSessionToken(shop.domain)}`, "User-Agent": browser };
    const ask = () => call(rangeSumRoute, "/app/range-sum?from=2026-03-01&to=2026-03-31", { headers });
    moveProcessClock(days);
    expect((await ask()).status).toBe(401);
    vi.useRealTimers();
    expect((await ask()).status).toBe(200);
  },
);
