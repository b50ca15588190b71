import { afterEach, describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { type Day, toRange } from "~/services/rollup/day";
import { runVerify } from "~/services/rollup/verify/verify.server";
import { countsOf } from "./support/counts";
import { bypassTriggers } from "./support/faults";
import { readSeal, seal } from "./support/seals";
import {
  addClickEvent,
  addRequest,
  addSubmission,
  at,
  countMarks,
  expectReadExact,
  expectStoredExact,
  makeShop,
  readStoredRows,
  type TestShop,
} from "./support/shops";

const today = "2026-06-15" as Day;
const before = "2026-05-01";
const march = toRange("2026-03-01" as Day, "2026-03-31" as Day);
const everything = toRange("2026-01-01" as Day, "2026-06-30" as Day);

afterEach(async () => {
  await db.shop.deleteMany();
  await db.rollupRun.deleteMany();
});

/** A shop with right days on both sides of the seal's end, of which it returns a request of a day that it seals. */
async function makeRightShop(): Promise<TestShop & { requestId: string }> {
  const shop = await makeShop();
  const { id: requestId } = await addRequest(shop, { sentAt: at("2026-03-05"), clickedAt: at("2026-03-06") });
  await addRequest(shop, { sentAt: at("2026-04-30", "23:59:59.999") });
  await addRequest(shop, { sentAt: at("2026-05-01", "00:00:00.000") });
  await addSubmission(shop, { submittedAt: at("2026-03-07"), mediaType: "video", approvedAt: at("2026-05-02") });
  await run();
  return { ...shop, requestId };
}

function run() {
  return rollup.run({ trigger: "cron", today });
}

async function readDays(shop: TestShop) {
  const { series, totals, freshness } = await rollup.readRange(shop.id, everything);
  const active = series.filter(({ date, ...counts }) => Object.values(counts).some((count) => count > 0));
  return { days: new Map(active.map(({ date, ...counts }) => [String(date), counts])), totals, freshness };
}

const sealedDays = [
  ["2026-03-05", countsOf({ requestsSent: 1 })],
  ["2026-03-06", countsOf({ requestsClicked: 1 })],
  ["2026-03-07", countsOf({ submissionsCount: 1, videoSubmissionsCount: 1 })],
  ["2026-04-30", countsOf({ requestsSent: 1 })],
] as const;

describe("a seal", () => {
  test("keeps its days as they are when all of their source rows go, and leaves the others open", async () => {
    const shop = await makeRightShop();
    expect(await seal({ before })).toMatchObject({
      status: "ok",
      done: 1,
      total: 1,
      shops: 1,
      days: 4,
      failedShops: [],
    });
    expect(await readSeal(shop)).toEqual({ sealedUntil: before, sealedRows: 4 });

    await db.testimonialRequest.deleteMany({ where: { shopId: shop.id } });
    await db.testimonialSubmission.deleteMany({ where: { shopId: shop.id } });
    const atOnce = await readDays(shop);
    expect(atOnce.days).toEqual(new Map(sealedDays));
    expect(atOnce.totals).toEqual(
      countsOf({ requestsSent: 2, requestsClicked: 1, submissionsCount: 1, videoSubmissionsCount: 1 }),
    );

    const result = await run();
    expect(result).toMatchObject({ status: "ok", rowsWritten: 0, rowsDeleted: 2, remaining: 0, droppedDays: 4 });
    expect(result?.dropped.map(({ date }) => date).sort()).toEqual(sealedDays.map(([date]) => date));
    expect(await readStoredRows(shop)).toEqual(new Map(sealedDays));
    expect((await readDays(shop)).days).toEqual(new Map(sealedDays));
    expect(await readExactView(shop)).toEqual(sealedDays.map(([date]) => date));
    expect(await rollup.verify({ trigger: "cron", today })).toMatchObject({
      drifted: 0,
      alert: false,
      sealedDays: 4,
      brokenSeals: [],
    });
    expect(await run()).toMatchObject({ droppedDays: 0, rowsDeleted: 0 });
  });

  test("says in each read up to which day it reaches", async () => {
    const shop = await makeRightShop();
    expect((await readDays(shop)).freshness.sealedUntil).toBeNull();
    await seal({ shopId: shop.id, before });
    expect((await readDays(shop)).freshness.sealedUntil).toBe(before);
    await addRequest(shop, { sentAt: at("2026-05-03") });
    expect((await readDays(shop)).freshness).toMatchObject({ sealedUntil: before, liveDays: 1 });
    expect((await rollup.readTotals(shop.id, march)).freshness.sealedUntil).toBe(before);
  });

  test("serves late data of a sealed day to nobody, and the run says what it dropped", async () => {
    const shop = await makeRightShop();
    await seal({ before });
    await addRequest(shop, { sentAt: at("2026-03-20") });
    await addRequest(shop, { sentAt: at("2026-03-05") });
    await addRequest(shop, { sentAt: at("2026-05-20") });
    const { days, freshness } = await readDays(shop);
    expect(days.get("2026-03-20")).toBeUndefined();
    expect(days.get("2026-03-05")).toEqual(countsOf({ requestsSent: 1 }));
    expect(days.get("2026-05-20")).toEqual(countsOf({ requestsSent: 1 }));
    expect(freshness).toMatchObject({ liveDays: 1 });
    const result = await run();
    expect(result).toMatchObject({ rowsWritten: 1, droppedDays: 2, remaining: 0 });
    expect(result?.dropped).toEqual([
      { shopId: shop.id, date: "2026-03-05" },
      { shopId: shop.id, date: "2026-03-20" },
    ]);
    const ledger = await db.rollupRun.findFirstOrThrow({ where: { kind: "rollup" }, orderBy: { startedAt: "desc" } });
    expect(ledger.report).toMatchObject({ droppedDays: 2, dropped: result?.dropped });
    expect(await countMarks(shop)).toBe(0);
  });

  test("holds against a click that is taken from a request, whose click events then count on a sealed day", async () => {
    const shop = await makeRightShop();
    await addClickEvent(shop, shop.requestId, at("2026-03-09"));
    await addClickEvent(shop, shop.requestId, at("2026-05-09"));
    await run();
    await seal({ before });
    await db.testimonialRequest.update({ where: { id: shop.requestId }, data: { clickedAt: null } });
    for (const read of [await readDays(shop), await run().then(() => readDays(shop))]) {
      expect(read.days.get("2026-03-09")).toBeUndefined();
      expect(read.days.get("2026-03-06")).toEqual(countsOf({ requestsClicked: 1 }));
      expect(read.days.get("2026-05-09")).toEqual(countsOf({ requestsClicked: 1 }));
    }
  });

  test("holds in the window of a run, too", async () => {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at("2026-06-10") });
    await addRequest(shop, { sentAt: at("2026-06-14") });
    await run();
    await seal({ before: "2026-06-12" });
    await bypassTriggers(`delete from testimonial_requests where shop_id = '${shop.id}'`);
    expect(await rollup.run({ trigger: "cron", today, lookbackDays: 7 })).toMatchObject({ days: 1, rowsDeleted: 1 });
    expect([...(await readStoredRows(shop)).keys()]).toEqual(["2026-06-10"]);
  });

  test("is only moved forward, and adds the days in between", async () => {
    const shop = await makeRightShop();
    await seal({ before });
    expect(await seal({ before: "2026-04-01" })).toMatchObject({ status: "ok", shops: 0, days: 0, failedShops: [] });
    expect(await readSeal(shop)).toEqual({ sealedUntil: before, sealedRows: 4 });
    await db.testimonialRequest.deleteMany({ where: { shopId: shop.id, sentAt: { lt: at("2026-04-01") } } });
    await run();
    expect(await seal({ before: "2026-06-01" })).toMatchObject({ status: "ok", shops: 1, days: 2, failedShops: [] });
    expect(await readSeal(shop)).toEqual({ sealedUntil: "2026-06-01", sealedRows: 6 });
  });

  test("a dry run says what it would seal, and seals nothing", async () => {
    const shop = await makeRightShop();
    expect(await seal({ before, dryRun: true })).toMatchObject({ status: "ok", shops: 1, days: 4 });
    expect(await readSeal(shop)).toEqual({ sealedUntil: null, sealedRows: null });
  });

  test("follows its shop to another id, and goes with it", async () => {
    const shop = await makeRightShop();
    await seal({ before });
    const renamed = { ...shop, id: `${shop.id}-renamed` };
    await db.shop.update({ where: { id: shop.id }, data: { id: renamed.id } });
    await db.testimonialRequest.deleteMany({ where: { shopId: renamed.id } });
    await run();
    expect(await readSeal(renamed)).toEqual({ sealedUntil: before, sealedRows: 4 });
    expect((await readDays(renamed)).totals.requestsSent).toBe(2);
    await db.shop.delete({ where: { id: renamed.id } });
    expect(await readSeal(renamed)).toEqual({ sealedUntil: null, sealedRows: null });
  });
});

test("the shops that are sealed are listed in order, page by page, or of some alone", async () => {
  const shops = [await makeRightShop(), await makeRightShop(), await makeRightShop()];
  const [first, second] = shops.map(({ id }) => id).toSorted();
  for (const id of [first, second]) await seal({ shopId: id, before });
  const toRow = (shopId = "") => ({ shopId, sealedUntil: before, sealedRows: 4, purgedUntil: null });
  expect(await rollup.listSeals({ limit: 9 })).toEqual([toRow(first), toRow(second)]);
  expect(await rollup.listSeals({ limit: 1 })).toEqual([toRow(first)]);
  expect(await rollup.listSeals({ limit: 9, after: first })).toEqual([toRow(second)]);
  expect(await rollup.listSeals({ limit: 9, shopIds: [second ?? "", "none"] })).toEqual([toRow(second)]);
  expect(await rollup.listSeals({ limit: 9, shopIds: [] })).toEqual([]);
});

test("a sample is taken of the days that are open", async () => {
  const shop = await makeShop();
  for (const day of ["2026-03-01", "2026-06-06", "2026-06-14"]) await addRequest(shop, { sentAt: at(day) });
  await run();
  await seal({ before: "2026-06-01" });
  await bypassTriggers(`delete from testimonial_daily_analytics where shop_id = '${shop.id}' and date = '2026-06-06'`);
  expect(await rollup.verify({ trigger: "cron", today, sample: 1 })).toMatchObject({
    compared: 2,
    drifted: 1,
    driftedAfter: 0,
    sealedDays: 1,
  });
});

describe("a shop is not sealed", () => {
  test("while a day of it is marked, by itself or as one of a marked row", async () => {
    const [marked, clicked, right] = [await makeRightShop(), await makeRightShop(), await makeRightShop()];
    const { id } = await addRequest(clicked, { sentAt: at("2026-05-08"), clickedAt: at("2026-05-10") });
    await addClickEvent(clicked, id, at("2026-03-09"));
    await run();
    await addRequest(marked, { sentAt: at("2026-04-30") });
    // Marks the day of the click, which is not to be sealed, and the request, whose click event then counts.
    await db.testimonialRequest.update({ where: { id }, data: { clickedAt: null } });
    const result = await seal({ before });
    expect(result).toMatchObject({ status: "partial", done: 3, shops: 1, days: 4 });
    expect(new Map(result.failedShops.map(({ shopId, error }) => [shopId, error]))).toEqual(
      new Map([marked, clicked].map(({ id }) => [id, "Some of these days are marked: they wait for a run."])),
    );
    expect(await readSeal(right)).toMatchObject({ sealedUntil: before });
    expect(await readSeal(marked)).toMatchObject({ sealedUntil: null });
    await addRequest(right, { sentAt: at("2026-05-20") });
    await run();
    await addRequest(marked, { sentAt: at("2026-05-20") });
    expect(await seal({ before })).toMatchObject({ status: "ok", shops: 2 });
  });

  test("while it is failing, and while a day of it differs from its source rows", async () => {
    const [failing, drifted] = [await makeRightShop(), await makeRightShop()];
    await db.rollupShop.update({
      where: { shopId: failing.id },
      data: { failingSince: new Date(), failingReason: "a broken row", failingIn: "recount" },
    });
    await bypassTriggers(`update testimonial_daily_analytics set requests_sent = 9
      where shop_id = '${drifted.id}' and date in ('2026-03-06', '2026-03-07', '2026-05-01')`);
    const result = await seal({ before });
    expect(result).toMatchObject({ status: "partial", shops: 0, days: 0 });
    expect(new Map(result.failedShops.map(({ shopId, error }) => [shopId, error]))).toEqual(
      new Map([
        [failing.id, "It is failing: its last recount or comparison did not succeed."],
        [drifted.id, "2 days differ from the source rows, the first of them 2026-03-06: a verification mends that."],
      ]),
    );
    await runVerify(rollup.engine, { trigger: "cron", today });
    expect(await seal({ before, shopId: drifted.id })).toMatchObject({ status: "ok", shops: 1 });
  });

  test("before it has a day to seal, so that an import can bring it some", async () => {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at("2026-05-20") });
    await run();
    expect(await seal({ before })).toMatchObject({ status: "ok", shops: 0, failedShops: [] });
    await addRequest(shop, { sentAt: at("2026-03-20") });
    await run();
    await expectStoredExact(shop);
    await expectReadExact(shop, "2026-03-01", "2026-05-31");
  });

  test("while it is uninstalled, unless it is asked for by its id", async () => {
    const shop = await makeRightShop();
    await db.shop.update({ where: { id: shop.id }, data: { uninstalledAt: new Date() } });
    expect(await seal({ before })).toMatchObject({ status: "ok", total: 0, shops: 0 });
    expect(await readSeal(shop)).toMatchObject({ sealedUntil: null });
    expect(await seal({ before, shopId: shop.id })).toMatchObject({ status: "ok", total: 1, shops: 1 });
  });

  test("further than the days that are right: none of it, where one of the new days is wrong", async () => {
    const shop = await makeRightShop();
    await seal({ before });
    await bypassTriggers(
      `delete from testimonial_daily_analytics where shop_id = '${shop.id}' and date = '2026-05-02'`,
    );
    expect(await seal({ before: "2026-06-01" })).toMatchObject({ status: "partial", shops: 0, days: 0 });
    expect(await readSeal(shop)).toEqual({ sealedUntil: before, sealedRows: 4 });
  });
});

describe("sealed rows that are changed by hand", () => {
  const changes = [
    ["updated", "update testimonial_daily_analytics set requests_sent = 5 where date = '2026-03-05'"],
    ["deleted", "delete from testimonial_daily_analytics where date = '2026-03-05'"],
    [
      "added",
      "insert into testimonial_daily_analytics (shop_id, date, requests_sent) select id, '2026-03-10', 1 from shops",
    ],
    ["moved", "update testimonial_daily_analytics set date = '2026-03-10' where date = '2026-03-05'"],
  ] as const;

  test.for(changes)("are told by a verification and not repaired: a row is %s", async ([, sql]) => {
    const shop = await makeRightShop();
    await seal({ before });
    await db.$executeRawUnsafe(sql);
    const changed = await readStoredRows(shop);
    const found = await rollup.verify({ trigger: "cron", today });
    expect(found).toMatchObject({ status: "ok", drifted: 0, alert: true });
    expect(found?.brokenSeals).toEqual([
      { shopId: shop.id, sealedUntil: before, sealedRows: 4, rows: changed.size - 2 },
    ]);
    expect(await readStoredRows(shop)).toEqual(changed);
    expect(await seal({ before: "2026-06-01" })).toMatchObject({
      status: "partial",
      failedShops: [{ shopId: shop.id, error: "Its sealed rows are not as they were sealed." }],
    });
  });

  test("a row that is changed outside the seal is no matter of it", async () => {
    const shop = await makeRightShop();
    await seal({ before });
    await db.$executeRawUnsafe("update testimonial_daily_analytics set requests_sent = 5 where date = '2026-05-01'");
    const found = await rollup.verify({ trigger: "cron", today });
    expect(found).toMatchObject({ drifted: 1, driftedAfter: 0, brokenSeals: [] });
    expect((await readStoredRows(shop)).get("2026-05-01")).toEqual(countsOf({ requestsSent: 1 }));
  });
});

async function readExactView(shop: TestShop): Promise<string[]> {
  const rows = await db.$queryRawUnsafe<{ date: string }[]>(
    "select date::text as date from testimonial_daily_analytics_exact where shop_id = $1 order by date",
    shop.id,
  );
  return rows.map(({ date }) => date);
}
