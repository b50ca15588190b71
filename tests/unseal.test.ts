import { afterEach, describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { type Day, toRange } from "~/services/rollup/day";
import type { RebuildProgress, RebuildRequest } from "~/services/rollup/jobs/rebuild.server";
import { resumeSweeps, settleSweeps } from "~/services/rollup/jobs/sweep-worker.server";
import { countsOf } from "./support/counts";
import { readSeal, seal } from "./support/seals";
import { addRequest, at, expectStoredExact, makeShop, readStoredRows, type TestShop } from "./support/shops";

const today = "2026-06-15" as Day;
const before = "2026-05-01";
const march = toRange("2026-03-01" as Day, "2026-03-31" as Day);
const may = toRange("2026-05-01" as Day, "2026-05-31" as Day);

afterEach(async () => {
  await db.shop.deleteMany();
  await db.rollupRun.deleteMany();
});

/** A shop with a request on each of five days, the first four of which are sealed. */
async function makeSealedShop(): Promise<TestShop> {
  const shop = await makeShop();
  for (const day of ["2026-02-10", "2026-03-10", "2026-03-20", "2026-04-10", "2026-05-10"]) {
    await addRequest(shop, { sentAt: at(day) });
  }
  await run();
  await seal({ shopId: shop.id, before });
  return shop;
}

function run() {
  return rollup.run({ trigger: "cron", today });
}

async function rebuild(request: RebuildRequest): Promise<RebuildProgress> {
  const started = await rollup.startRebuild(request);
  if (typeof started !== "string") throw new Error(`The rebuild was refused: ${JSON.stringify(started)}`);
  await settleSweeps(rollup.engine);
  return (await rollup.getRebuild(started)) as RebuildProgress;
}

describe("a rebuild of sealed days", () => {
  test("is refused with the day up to which they are sealed, and one of open days is not", async () => {
    const [shop, other] = [await makeSealedShop(), await makeShop()];
    for (const request of [{ shopId: shop.id }, {}, { dryRun: true }]) {
      expect(await rollup.startRebuild({ ...request, range: march })).toEqual({ shops: 1, sealedUntil: before });
    }
    expect(await db.rollupRun.count({ where: { kind: "rebuild" } })).toBe(0);
    expect(await rebuild({ shopId: other.id, range: march })).toMatchObject({ status: "ok" });
    expect(await rebuild({ range: may })).toMatchObject({ status: "ok", done: 2 });
  });

  test("that is told to unseal counts what came late, and leaves sealed what lies before it", async () => {
    const shop = await makeSealedShop();
    await addRequest(shop, { sentAt: at("2026-02-10") });
    await addRequest(shop, { sentAt: at("2026-03-15") });
    await addRequest(shop, { sentAt: at("2026-04-20") });
    await run();
    const result = await rebuild({ shopId: shop.id, range: march, unseal: true });
    expect(result).toMatchObject({ status: "ok", done: 1, rowsWritten: 2, rowsDeleted: 0, failedShops: [] });
    expect(await readSeal(shop)).toEqual({ sealedUntil: "2026-03-01", sealedRows: 1 });
    expect([...(await readStoredRows(shop)).keys()]).toEqual([
      ...["2026-02-10", "2026-03-10", "2026-03-15", "2026-03-20", "2026-04-10", "2026-04-20", "2026-05-10"],
    ]);
    expect((await readStoredRows(shop)).get("2026-02-10")).toEqual(countsOf({ requestsSent: 1 }));
    expect(await rollup.verify({ trigger: "cron", today })).toMatchObject({ alert: false, drifted: 0, sealedDays: 1 });

    await rebuild({ shopId: shop.id, range: toRange("2026-01-01" as Day, "2026-01-02" as Day), unseal: true });
    expect(await readSeal(shop)).toEqual({ sealedUntil: null, sealedRows: null });
    await expectStoredExact(shop);
  });

  test("can be sealed again afterwards", async () => {
    const shop = await makeSealedShop();
    await rebuild({ range: march, unseal: true });
    expect(await seal({ before })).toMatchObject({ status: "ok", shops: 1, days: 3 });
    expect(await readSeal(shop)).toEqual({ sealedUntil: before, sealedRows: 4 });
  });

  test("a dry run of it says what would change, of the days that would be unsealed with the range, too", async () => {
    const shop = await makeSealedShop();
    await addRequest(shop, { sentAt: at("2026-03-20") });
    await addRequest(shop, { sentAt: at("2026-04-20") });
    await run();
    const result = await rebuild({ shopId: shop.id, range: march, unseal: true, dryRun: true });
    expect(result).toMatchObject({ status: "ok", changed: 2 });
    expect(result.changes?.map(({ date }) => date)).toEqual(["2026-03-20", "2026-04-20"]);
    expect(await readSeal(shop)).toEqual({ sealedUntil: before, sealedRows: 4 });
  });

  test("is refused where sealed days have no source rows any more, of one shop at once, of all in its turn", async () => {
    const [shop, whole] = [await makeSealedShop(), await makeSealedShop()];
    await db.testimonialRequest.deleteMany({
      where: { shopId: shop.id, sentAt: { gt: at("2026-03-15"), lt: at("2026-05-01") } },
    });
    await run();
    const obstacle = "2 sealed days have no source rows to count any more: 2026-03-20, 2026-04-10.";
    expect(await rollup.startRebuild({ shopId: shop.id, range: march, unseal: true })).toEqual({
      notUnsealed: obstacle,
    });
    const result = await rebuild({ range: march, unseal: true });
    expect(result).toMatchObject({ status: "partial", done: 2, failedShops: [{ shopId: shop.id, error: obstacle }] });
    expect(await readSeal(shop)).toEqual({ sealedUntil: before, sealedRows: 4 });
    expect((await readStoredRows(shop)).size).toBe(5);
    expect(await readSeal(whole)).toEqual({ sealedUntil: "2026-03-01", sealedRows: 1 });
    expect(await rebuild({ range: march, unseal: true, dryRun: true })).toMatchObject({
      changed: 0,
      failedShops: [{ shopId: shop.id, error: obstacle }],
    });
    expect(await db.rollupShop.count({ where: { failingSince: { not: null } } })).toBe(0);
  });

  test("leaves no doubt about what stays sealed: rows changed by hand are unsealed from the first day on", async () => {
    const shop = await makeSealedShop();
    await db.$executeRawUnsafe("update testimonial_daily_analytics set requests_sent = 9 where date = '2026-02-10'");
    expect(await rollup.startRebuild({ shopId: shop.id, range: march, unseal: true })).toEqual({
      notUnsealed: "Its sealed rows are not as they were sealed: unseal it from its first day on.",
    });
    const all = toRange("2026-01-01" as Day, "2026-06-15" as Day);
    expect(await rebuild({ shopId: shop.id, range: all, unseal: true })).toMatchObject({
      status: "ok",
      rowsWritten: 1,
    });
    await expectStoredExact(shop);
  });
});

describe("a rebuild beside a seal", () => {
  test("leaves alone what was sealed after it had been opened", async () => {
    const shop = await makeSealedShop();
    await db.rollupShop.update({ where: { shopId: shop.id }, data: { sealedUntil: null } });
    await db.testimonialRequest.deleteMany({ where: { shopId: shop.id } });
    const { id } = await db.rollupRun.create({
      data: { kind: "rebuild", trigger: "operator", fromDate: at("2026-01-01"), toDate: at("2026-06-15"), total: 1 },
    });
    await db.rollupShop.update({ where: { shopId: shop.id }, data: { sealedUntil: at("2026-05-01", "00:00:00.000") } });
    await resumeSweeps(rollup.engine);
    await settleSweeps(rollup.engine);
    expect(await rollup.getRebuild(id)).toMatchObject({ status: "ok", rowsDeleted: 1 });
    expect((await readStoredRows(shop)).size).toBe(4);
  });
});
