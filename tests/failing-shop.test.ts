import { expect, test } from "vitest";
import { db } from "~/db.server";
import * as rangeSumRoute from "~/routes/app.range-sum";
import * as healthRoute from "~/routes/healthz";
import * as rollupRoute from "~/routes/jobs.rollup";
import { call, cron } from "./support/call";
import { countsOf } from "./support/counts";
import { poison } from "./support/faults";
import { browser, signSessionToken, storeOfflineSession } from "./support/session-token";
import { addRequest, at, expectStoredExact, listMarkedDays, makeShop, readStoredRows } from "./support/shops";

// One shop that can't be recounted must cost no other shop its numbers, and itself no more than a live count.

async function run(): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await call(rollupRoute, "/jobs/rollup", { method: "POST", headers: cron });
  return { status: response.status, body: await response.json() };
}

async function readFailing(): Promise<unknown> {
  const health = await call(healthRoute, "/healthz", { headers: cron });
  return (await health.json()).failingShops.shops;
}

test("a shop that fails is named, keeps its marks and exact sums, and stops no other shop", async () => {
  const [before, poisoned, after] = [await makeShop(), await makeShop(), await makeShop()];
  for (const shop of [before, poisoned, after]) {
    await addRequest(shop, { sentAt: at("2026-03-01") });
    await addRequest(shop, { sentAt: at("2026-03-02") });
  }
  await storeOfflineSession((sql, values) => db.$executeRawUnsafe(sql, ...values), poisoned.domain);
  const heal = await poison(poisoned);

  const partial = await run();

  expect(partial.status).toBe(207);
  expect(partial.body).toMatchObject({
    status: "partial",
    rowsWritten: 4,
    failedShops: [{ shopId: poisoned.id, error: expect.stringContaining("poisoned on purpose") }],
    remaining: 2,
  });
  await expectStoredExact(before);
  await expectStoredExact(after);
  expect(await readStoredRows(poisoned)).toEqual(new Map());
  expect(await listMarkedDays(poisoned)).toEqual(["2026-03-01", "2026-03-02"]);

  expect(await readFailing()).toEqual([
    { shopId: poisoned.id, since: expect.any(String), reason: expect.stringContaining("poisoned on purpose") },
  ]);

  const headers = { Authorization: `Bearer ${signSessionToken(poisoned.domain)}`, "User-Agent": browser };
  const sums = await call(rangeSumRoute, "/app/range-sum?from=2026-03-01&to=2026-03-31", { headers });
  expect((await sums.json()).totals).toEqual(countsOf({ requestsSent: 2 }));

  await heal();
  const settled = await run();
  expect(settled.status).toBe(200);
  expect(settled.body).toMatchObject({ status: "ok", rowsWritten: 2, failedShops: [], remaining: 0 });
  await expectStoredExact(poisoned);
  expect(await readFailing()).toEqual([]);
});
