import { beforeEach, expect, test } from "vitest";
import { db } from "~/db.server";
import * as rollupRoute from "~/routes/jobs.rollup";
import { toDay } from "~/services/rollup/day";
import { call, cron } from "./support/call";
import { poison } from "./support/faults";
import { addRequest, addSubmission, at, expectStoredExact, makeShop } from "./support/shops";
import { poisonCount } from "./support/source-faults";

// A faster way that fails gives way to a slower one. The numbers come out right, so nobody would ever look.

beforeEach(async () => {
  await db.shop.deleteMany();
  // So that each run begins with the first shop, and has them all in one batch.
  await db.rollupRun.deleteMany();
});

async function run() {
  const response = await call(rollupRoute, "/jobs/rollup", { method: "POST", headers: cron });
  const body = await response.json();
  const ledger = await db.rollupRun.findUniqueOrThrow({ where: { id: body.runId } });
  return { status: response.status, body, report: ledger.report };
}

test("a run whose pass over the whole window fails is right by another way, and its report says which and why", async () => {
  const shop = await makeShop();
  await addRequest(shop, { sentAt: new Date() });
  expect((await run()).report).toBeNull();
  // A row of a shop that no run looks at by itself, but the pass over all shops does.
  const uninstalled = await makeShop();
  await db.shop.update({ where: { id: uninstalled.id }, data: { uninstalledAt: new Date() } });
  await addSubmission(uninstalled, { submittedAt: at(toDay(new Date())) });
  const cure = await poisonCount(uninstalled);
  await addRequest(shop, { sentAt: new Date() });

  const { status, body, report } = await run();

  await cure();
  expect(status).toBe(200);
  expect(body).toMatchObject({ status: "ok", rowsWritten: 1, failedShops: [], remaining: 0 });
  expect(body.fallbacks).toEqual([{ step: "window of all shops", count: 1 }]);
  const error = expect.stringContaining("not an instant: 2026-02-30");
  expect(report).toEqual({ fallbacks: [{ step: "window of all shops", error, count: 1 }] });
  await expectStoredExact(shop);
  expect(await run()).toMatchObject({ body: { status: "ok" }, report: null });
});

test("batches that are halved for a shop that fails are counted in the run's report", async () => {
  const shops = [await makeShop(), await makeShop(), await makeShop(), await makeShop()];
  for (const shop of shops) await addRequest(shop, { sentAt: at("2026-03-01") });
  const cure = await poison(shops[0] ?? expect.fail());
  const { body, report } = await run();
  await cure();
  expect(body).toMatchObject({ status: "partial", rowsWritten: 3 });
  // Four shops, two, and one before its second try.
  expect(body.fallbacks).toEqual([{ step: "recount of several shops", count: 3 }]);
  const error = expect.stringContaining("poisoned on purpose");
  expect(report).toEqual({ fallbacks: [{ step: "recount of several shops", error, count: 3 }] });
});
