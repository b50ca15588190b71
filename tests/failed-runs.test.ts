import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import * as healthRoute from "~/routes/healthz";
import type { Day } from "~/services/rollup/day";
import { recordRun } from "~/services/rollup/jobs/record-run.server";
import { listenForAlerts } from "./support/alerts";
import { call, cron } from "./support/call";
import { addRequest, at, makeShop } from "./support/shops";

// A run that fails as a whole, whatever the reason, and what its caller, its operator and the health check are told.

const today = "2026-06-15" as Day;
const range = { from: "2026-06-14" as Day, until: "2026-06-16" as Day };

let alerts: Awaited<ReturnType<typeof listenForAlerts>>;

beforeAll(async () => {
  alerts = await listenForAlerts();
});

beforeEach(async () => {
  await db.shop.deleteMany();
  await db.rollupRun.deleteMany();
  alerts.received.length = 0;
});

afterEach(mend);

afterAll(() => alerts.close());

/** Takes away what every run counts on. */
async function breakRuns(): Promise<void> {
  await db.$executeRawUnsafe("alter table rollup_marks rename column marked_at to marked_at_kept");
  await db.$executeRawUnsafe("alter table rollup_marks rename to rollup_marks_kept");
}

async function mend(): Promise<void> {
  await db.$executeRawUnsafe("alter table if exists rollup_marks_kept rename to rollup_marks");
  await db
    .$executeRawUnsafe("alter table rollup_marks rename column marked_at_kept to marked_at")
    .catch(() => undefined);
}

async function askHealth() {
  const response = await call(healthRoute, "/healthz", { headers: cron });
  return { status: response.status, body: await response.json() };
}

const kinds = [
  { name: "run", check: "lastRun", work: () => rollup.run({ trigger: "cron", today }) },
  { name: "verification", check: "lastVerification", work: () => rollup.verify({ trigger: "cron", today }) },
];

describe.each(kinds)("a $name that fails as a whole", ({ name, check, work }) => {
  test("raises one alert however often it fails, and one when it is over, and is unhealthy in between", async () => {
    expect(await work()).toMatchObject({ status: "ok" });
    await breakRuns();
    for (let failed = 0; failed < 3; failed += 1) expect(await work()).toMatchObject({ status: "failed" });
    expect(alerts.received).toEqual([
      { text: expect.stringMatching(`^Daily analytics: a ${name} failed \\(.+\\)\\. `) },
    ]);
    await mend();
    expect(await askHealth()).toMatchObject({
      status: 503,
      body: {
        database: { ok: true },
        [check]: { ok: false, since: expect.any(String), at: expect.any(String) },
        reasons: { [check]: expect.stringContaining("rollup_marks") },
      },
    });

    expect(await work()).toMatchObject({ status: "ok" });
    expect(alerts.received.slice(1)).toEqual([{ text: `Daily analytics: a ${name} succeeded again.` }]);
    expect(await askHealth()).toMatchObject({ status: 200, body: { [check]: { ok: true, since: null }, reasons: {} } });
    await work();
    expect(alerts.received).toHaveLength(2);
  });
});

test("a run whose process died is told of by the one that closes it", async () => {
  await db.rollupRun.create({
    data: { kind: "verify", trigger: "cron", leaseOwner: randomUUID(), leaseUntil: new Date(Date.now() - 1_000) },
  });
  expect(await rollup.run({ trigger: "cron", today })).toMatchObject({ status: "ok" });
  expect(alerts.received).toEqual([
    { text: expect.stringContaining("a verification failed (The process that ran it") },
  ]);
  await rollup.verify({ trigger: "cron", today });
  expect(alerts.received).toHaveLength(2);
});

test("a run that another process has closed as dead is answered as the ledger says", async () => {
  const shop = await makeShop();
  await addRequest(shop, { sentAt: at("2026-05-01") });
  const ended = await recordRun(rollup.engine, { kind: "rollup", trigger: "cron", range }, async (runId) => {
    await db.rollupRun.update({
      where: { id: runId },
      data: { status: "failed", error: "closed elsewhere", finishedAt: new Date(), leaseUntil: null },
    });
    return {};
  });
  expect(ended).toMatchObject({ status: "failed", error: "closed elsewhere", remaining: null });
  const ledger = await db.rollupRun.findUniqueOrThrow({ where: { id: ended?.runId } });
  expect(ledger).toMatchObject({ status: "failed", error: "closed elsewhere" });
});
