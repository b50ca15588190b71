import { afterEach, beforeEach, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import * as rangeSumRoute from "~/routes/app.range-sum";
import * as healthRoute from "~/routes/healthz";
import * as rollupRoute from "~/routes/jobs.rollup";
import * as verifyRoute from "~/routes/jobs.verify";
import { type Day, toRange } from "~/services/rollup/day";
import { settleSweeps } from "~/services/rollup/jobs/sweep-worker.server";
import { call, cron } from "./support/call";
import { countsOf } from "./support/counts";
import { bypassTriggers } from "./support/faults";
import { makeMerchant, openPage } from "./support/pages";
import { browser, signSessionToken } from "./support/session-token";
import { addSubmission, at, expectReadExact, expectStoredExact, listMarkedDays, type TestShop } from "./support/shops";
import { poisonCount } from "./support/source-faults";

// A shop whose very count raises can't be counted live either. Then a read says so: it shows no wrong number.

const today = "2026-06-15" as Day;
const raised = expect.stringContaining("not an instant");

let shops: TestShop[];
let poisoned: TestShop;
let cure: () => Promise<void>;

beforeEach(async () => {
  await db.shop.deleteMany();
  shops = [await makeMerchant(), await makeMerchant(), await makeMerchant()];
  for (const shop of shops) {
    await addSubmission(shop, { submittedAt: at("2026-05-01"), mediaType: "video" });
    await addSubmission(shop, { submittedAt: at("2026-06-15") });
  }
  // In the middle of the batch.
  poisoned = shops.toSorted((a, b) => (a.id < b.id ? -1 : 1))[1] as TestShop;
  await rollup.run({ trigger: "cron", today });
  for (const shop of shops) await addSubmission(shop, { submittedAt: at("2026-05-02") });
  cure = await poisonCount(poisoned);
});

// A test that fails before its cure must not leave the table to the next.
afterEach(async () => {
  await cure().catch(() => undefined);
});

async function post(route: typeof rollupRoute | typeof verifyRoute, path: string) {
  const response = await call(route, path, { method: "POST", headers: cron });
  return { status: response.status, body: await response.json() };
}

async function readFailing(): Promise<unknown> {
  const health = await call(healthRoute, "/healthz", { headers: cron });
  return (await health.json()).failingShops.shops;
}

async function readSums(shop: TestShop, from: string, to: string) {
  const headers = { Authorization: `Bearer ${signSessionToken(shop.domain)}`, "User-Agent": browser };
  const response = await call(rangeSumRoute, `/app/range-sum?from=${from}&to=${to}`, { headers });
  return { status: response.status, text: await response.text() };
}

async function expectOthersExact(): Promise<void> {
  for (const shop of shops.filter(({ id }) => id !== poisoned.id)) {
    await expectStoredExact(shop);
    await expectReadExact(shop, "2026-04-15", "2026-06-30");
  }
}

test("a run settles the others, names the shop until it is mended, and then settles it, too", async () => {
  const partial = await post(rollupRoute, "/jobs/rollup");
  expect(partial).toMatchObject({
    status: 207,
    body: { status: "partial", shops: 2, days: 2, remaining: 1, failedShops: [{ shopId: poisoned.id, error: raised }] },
  });
  expect(partial.body.failedShops).toHaveLength(1);
  await expectOthersExact();
  expect(await listMarkedDays(poisoned)).toEqual(["2026-05-02"]);
  const since = expect.any(String);
  expect(await readFailing()).toEqual([{ shopId: poisoned.id, since, reason: raised }]);
  expect(await post(rollupRoute, "/jobs/rollup")).toMatchObject({
    status: 207,
    body: { rowsWritten: 0, remaining: 1 },
  });

  await cure();
  const settled = await post(rollupRoute, "/jobs/rollup");
  expect(settled).toMatchObject({ status: 200, body: { status: "ok", rowsWritten: 1, failedShops: [], remaining: 0 } });
  for (const shop of shops) await expectStoredExact(shop);
  expect(await readFailing()).toEqual([]);
});

test("its reads give right numbers or none, and never a word of the database's", async () => {
  const clean = await readSums(poisoned, "2026-05-01", "2026-05-01");
  expect(JSON.parse(clean.text).totals).toEqual(countsOf({ submissionsCount: 1, videoSubmissionsCount: 1 }));

  const marked = await readSums(poisoned, "2026-05-01", "2026-05-31");
  expect(marked.status).toBe(500);
  expect(JSON.parse(marked.text)).toEqual({ error: { code: "internal", message: expect.any(String), issues: [] } });
  expect(marked.text).not.toMatch(/instant|read_|submissions|at \w+ \(/);

  for (const page of ["dashboard", "analytics"] as const) {
    const range = { range: "custom", from: "2026-05-01", to: "2026-05-31" };
    expect(await openPage(page, poisoned, range)).toEqual({
      status: 500,
      cookie: expect.stringMatching(/^days=/),
      data: { choice: expect.objectContaining({ from: "2026-05-01" }), state: "failed", numbers: null },
    });
    const other = shops.find(({ id }) => id !== poisoned.id) as TestShop;
    expect(await openPage(page, other, range)).toMatchObject({
      status: 200,
      data: {
        state: "ready",
        numbers: { sums: { totals: countsOf({ submissionsCount: 2, videoSubmissionsCount: 1 }) } },
      },
    });
  }
});

test("a verification repairs the others and names the shop, and the first run after it is mended finds its drift", async () => {
  await bypassTriggers("update testimonial_daily_analytics set approved_count = 9 where date = '2026-05-01'");
  const partial = await post(verifyRoute, "/jobs/verify");
  expect(partial).toMatchObject({
    status: 207,
    body: { status: "partial", drifted: 2, driftedAfter: 0, failedShops: [{ shopId: poisoned.id, error: raised }] },
  });
  await cure();
  // One marked day, and one that had drifted.
  expect(await rollup.run({ trigger: "cron", today })).toMatchObject({ status: "ok", shops: 1, days: 2 });
  for (const shop of shops) await expectStoredExact(shop);
  const healed = await post(verifyRoute, "/jobs/verify");
  expect(healed).toMatchObject({ status: 200, body: { drifted: 0, driftedAfter: 0, failedShops: [] } });
  for (const shop of shops) await expectStoredExact(shop);
});

test("a rebuild of all shops passes it by, and a dry run says so as well", async () => {
  await bypassTriggers("update testimonial_daily_analytics set approved_count = 9 where date = '2026-05-01'");
  const may = toRange("2026-05-01" as Day, "2026-05-31" as Day);
  for (const dryRun of [true, false]) {
    const runId = await rollup.startRebuild({ range: may, dryRun });
    await settleSweeps(rollup.engine);
    expect(await rollup.getRebuild(String(runId))).toMatchObject({
      status: "partial",
      done: 3,
      ...(dryRun ? { changed: 4, rowsWritten: 0 } : { rowsWritten: 4 }),
      failedShops: [{ shopId: poisoned.id, error: raised }],
    });
  }
  await expectOthersExact();
});
