import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { createRollup } from "~/services/rollup";
import type { Day } from "~/services/rollup/day";
import { countsOf } from "./support/counts";
import { bypassTriggers, poison } from "./support/faults";
import {
  addClickEvent,
  addRequest,
  addSubmission,
  at,
  countMarks,
  expectReadExact,
  expectStoredExact,
  listMarkedDays,
  makeShop,
  readStoredRows,
  type TestShop,
} from "./support/shops";
import { runSql } from "./support/writers";

const today = "2026-06-15" as Day;

function run(options: { lookbackDays?: number; budgetMs?: number; slot?: string } = {}) {
  return rollup.run({ trigger: "cron", today, ...options });
}

async function readVersions(shop: TestShop) {
  return db.$queryRawUnsafe(
    "select date::text, xmin::text, updated_at::text from testimonial_daily_analytics where shop_id = $1 order by date",
    shop.id,
  );
}

/** A shop with one sent request on each of `count` days from 2025-01-01. */
async function makeBusyShop(count: number): Promise<TestShop> {
  const shop = await makeShop();
  await runSql(
    "insert into testimonial_requests (shop_id, sent_at) select $1, timestamp '2025-01-01' + make_interval(days => i) from generate_series(0, $2 - 1) i",
    [shop.id, count],
  );
  return shop;
}

describe("a run", () => {
  test("says what it did, and the next one that there was nothing to do", async () => {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at("2026-06-15") });
    await addRequest(shop, { sentAt: at("2020-02-29") });
    expect(await run()).toMatchObject({
      status: "ok",
      window: { from: "2026-06-14", until: "2026-06-16" },
      shops: 1,
      days: 2,
      rowsWritten: 2,
      rowsDeleted: 0,
      failedShops: [],
      fallbacks: [],
      remaining: 0,
    });
    const versions = await readVersions(shop);
    expect(await run()).toMatchObject({
      status: "ok",
      shops: 0,
      days: 0,
      rowsWritten: 0,
      rowsDeleted: 0,
      remaining: 0,
    });
    expect(await readVersions(shop)).toEqual(versions);
  });

  test("recounts only the days that were touched, and rewrites only those whose value changed", async () => {
    const shop = await makeBusyShop(30);
    await run();
    const before = (await readVersions(shop)) as { date: string }[];
    const request = await addRequest(shop, { sentAt: at("2025-01-05") });
    await addRequest(shop, { sentAt: at("2025-01-09") });
    await runSql("delete from testimonial_requests where id = $1", [request.id]);
    expect(await run()).toMatchObject({ shops: 1, days: 2, rowsWritten: 1, rowsDeleted: 0 });
    const after = (await readVersions(shop)) as { date: string }[];
    expect(after.filter((row) => row.date !== "2025-01-09")).toEqual(before.filter((row) => row.date !== "2025-01-09"));
    await expectStoredExact(shop);
  });

  test.for(["", "'\"{,}\\", "NULL", "É😀"])("reaches a shop whose id is %j, as a verification does", async (id) => {
    const shop = { id, domain: `${randomUUID()}.myshopify.com` };
    await db.shop.create({ data: shop });
    await addRequest(shop, { sentAt: at("2020-02-29") });
    await expectReadExact(shop, "2020-01-01", "2020-12-31");
    expect(await run()).toMatchObject({ status: "ok", shops: 1, days: 1, rowsWritten: 1, remaining: 0 });
    await expectStoredExact(shop);
    await bypassTriggers(
      "update testimonial_daily_analytics set requests_sent = 9 where date = '2020-02-29' and requests_sent = 1",
    );
    expect((await rollup.verify({ trigger: "cron", today }))?.before.map((drift) => drift.shopId)).toContain(id);
    await expectStoredExact(shop);
    await db.shop.delete({ where: { id } });
    await run();
  });

  test("deletes the row of a day that became empty", async () => {
    const shop = await makeShop();
    const { id } = await addSubmission(shop, { submittedAt: at("2026-05-01"), publishedAt: at("2026-05-02") });
    await run();
    expect((await readStoredRows(shop)).size).toBe(2);
    await runSql("delete from testimonial_submissions where id = $1", [id]);
    expect(await run()).toMatchObject({ days: 2, rowsWritten: 0, rowsDeleted: 2 });
    expect(await readStoredRows(shop)).toEqual(new Map());
  });

  test("after a week without one settles every day at once", async () => {
    const shop = await makeShop();
    for (let day = 1; day <= 9; day += 1) await addRequest(shop, { sentAt: at(`2026-06-0${day}`) });
    await expectReadExact(shop, "2026-06-01", "2026-06-15");
    expect(await run()).toMatchObject({ status: "ok", days: 9, remaining: 0 });
    await expectStoredExact(shop);
  });

  test("takes more marked days of a shop than fit in one batch, and counts the shop once", async () => {
    const shop = await makeBusyShop(2_345);
    expect(await run()).toMatchObject({ shops: 1, days: 2_345, rowsWritten: 2_345, remaining: 0 });
    await expectStoredExact(shop);
  });

  test("takes as many marks of one request as there are, though a batch holds fewer", async () => {
    const shop = await makeShop();
    const { id } = await addRequest(shop);
    await addClickEvent(shop, id, at("2025-03-04"));
    const setClickedAt = `
      update testimonial_requests
      set clicked_at = case when clicked_at is null then timestamp '2025-03-04' end
      where id = $1`;
    for (let times = 0; times < 7; times += 1) await runSql(setClickedAt, [id]);
    const inBatchesOfTwo = createRollup(rollup.definition, { ...rollup.engine, settings: { batchDays: 2 } });
    expect(await inBatchesOfTwo.run({ trigger: "cron", today })).toMatchObject({
      status: "ok",
      shops: 1,
      remaining: 0,
    });
    expect(await countMarks(shop)).toBe(0);
    await expectStoredExact(shop);
  });

  test("stops at its budget, says what is left, and the next ones finish", async () => {
    const shops = await Promise.all([makeBusyShop(2_100), makeBusyShop(2_100)]);
    const first = await run({ budgetMs: 1 });
    expect(first).toMatchObject({ status: "ok" });
    expect(first?.remaining).toBeGreaterThan(0);
    expect((first?.days ?? 0) + (first?.remaining ?? 0)).toBe(4_200);
    for (const shop of shops) await expectReadExact(shop, "2025-01-01", "2026-06-15");
    let remaining = first?.remaining ?? 0;
    for (let runs = 0; runs < 10 && remaining > 0; runs += 1) {
      const next = await run({ budgetMs: 1 });
      expect(next?.remaining).toBeLessThan(remaining);
      remaining = next?.remaining ?? 0;
    }
    expect(remaining).toBe(0);
    for (const shop of shops) await expectStoredExact(shop);
  });

  test("beside another run does no harm, and together they do all", async () => {
    const shops = await Promise.all([makeBusyShop(500), makeBusyShop(300), makeBusyShop(200)]);
    const runs = await Promise.all([run(), run(), run()]);
    expect(runs.map((result) => result?.status)).toEqual(["ok", "ok", "ok"]);
    expect(runs.reduce((sum, result) => sum + (result?.rowsWritten ?? 0), 0)).toBe(1_000);
    expect((await run())?.remaining).toBe(0);
    for (const shop of shops) await expectStoredExact(shop);
  });

  test("leaves one row in the ledger", async () => {
    const shop = await makeBusyShop(3);
    const result = await run({ lookbackDays: 7 });
    const row = await db.rollupRun.findUniqueOrThrow({ where: { id: result?.runId } });
    expect(row).toMatchObject({
      kind: "rollup",
      trigger: "cron",
      status: "ok",
      fromDate: at("2026-06-08", "00:00:00.000"),
      toDate: at("2026-06-15", "00:00:00.000"),
      shops: 1,
      days: 3,
      rowsWritten: 3,
      rowsDeleted: 0,
      failedShops: [],
      remaining: 0,
      error: null,
      leaseUntil: null,
    });
    expect(row.durationMs).toBeGreaterThanOrEqual(0);
    expect(row.finishedAt?.getTime()).toBeGreaterThanOrEqual(row.startedAt.getTime());
    await expectStoredExact(shop);
  });

  test("of a slot of the schedule that another process has does nothing", async () => {
    const slot = randomUUID();
    const runs = await Promise.all([run({ slot }), run({ slot })]);
    expect(runs.filter((result) => result === null)).toHaveLength(1);
    expect(await db.rollupRun.count({ where: { slot } })).toBe(1);
  });

  test("closes the runs of processes that died", async () => {
    const dead = await db.rollupRun.create({
      data: { kind: "rollup", trigger: "cron", leaseOwner: "dead", leaseUntil: new Date(Date.now() - 1_000) },
    });
    const alive = await db.rollupRun.create({
      data: { kind: "verify", trigger: "cron", leaseOwner: "alive", leaseUntil: new Date(Date.now() + 60_000) },
    });
    await run();
    const [deadRow, aliveRow] = await Promise.all(
      [dead, alive].map(({ id }) => db.rollupRun.findUniqueOrThrow({ where: { id } })),
    );
    expect(deadRow).toMatchObject({ status: "failed", error: expect.stringContaining("process") });
    expect(aliveRow?.status).toBe("running");
    await db.rollupRun.delete({ where: { id: alive.id } });
  });
});

describe("the window", () => {
  test("is today and yesterday, or reaches as many days back as asked", async () => {
    expect((await run())?.window).toEqual({ from: "2026-06-14", until: "2026-06-16" });
    expect((await run({ lookbackDays: 7 }))?.window).toEqual({ from: "2026-06-08", until: "2026-06-16" });
  });

  test("is healed of writes that went round the change log, and older days are not looked at", async () => {
    const shop = await makeShop();
    for (const day of ["2026-06-07", "2026-06-08", "2026-06-14", "2026-06-15", "2026-06-16"]) {
      await addRequest(shop, { sentAt: at(day) });
    }
    await run();
    await bypassTriggers(
      `update testimonial_daily_analytics set requests_sent = 99 where shop_id = '${shop.id}'`,
      `delete from testimonial_daily_analytics where shop_id = '${shop.id}' and date = '2026-06-15'`,
      `insert into testimonial_daily_analytics (shop_id, date, approved_count) values ('${shop.id}', '2026-06-13', 5)`,
    );
    expect(await run()).toMatchObject({ shops: 1, days: 2, rowsWritten: 2, rowsDeleted: 0 });
    const wrong = countsOf({ requestsSent: 99 });
    const right = countsOf({ requestsSent: 1 });
    expect(await readStoredRows(shop)).toEqual(
      new Map([
        ["2026-06-07", wrong],
        ["2026-06-08", wrong],
        ["2026-06-13", countsOf({ approvedCount: 5 })],
        ["2026-06-14", right],
        ["2026-06-15", right],
        ["2026-06-16", wrong],
      ]),
    );
    expect(await run({ lookbackDays: 7 })).toMatchObject({ days: 2, rowsWritten: 1, rowsDeleted: 1 });
    expect((await readStoredRows(shop)).get("2026-06-08")).toEqual(right);
  });

  test("gets a row for source rows that came round the change log", async () => {
    const shop = await makeShop();
    await bypassTriggers(
      `insert into testimonial_requests (shop_id, sent_at) values ('${shop.id}', '2026-06-15 10:00')`,
    );
    expect(await listMarkedDays(shop)).toEqual([]);
    await run();
    await expectStoredExact(shop);
  });
});

describe("an uninstalled shop", () => {
  test("keeps its marks, which count in nothing, until it comes back", async () => {
    const shop = await makeBusyShop(4);
    await db.shop.update({ where: { id: shop.id }, data: { uninstalledAt: new Date() } });
    expect(await run()).toMatchObject({ status: "ok", shops: 0, days: 0, remaining: 0 });
    expect(await listMarkedDays(shop)).toHaveLength(4);
    await expectReadExact(shop, "2025-01-01", "2025-01-31");

    await db.shop.update({ where: { id: shop.id }, data: { uninstalledAt: null } });
    expect(await run()).toMatchObject({ shops: 1, days: 4, remaining: 0 });
    await expectStoredExact(shop);
  });
});

describe("a shop whose recount fails", () => {
  test("is reported, stays exact to read, stops no other shop, and recovers by itself", async () => {
    const shops = await Promise.all([makeBusyShop(5), makeBusyShop(6), makeBusyShop(7)]);
    const poisoned = shops[1] as TestShop;
    const cure = await poison(poisoned);
    const failed = await run();
    expect(failed).toMatchObject({
      status: "partial",
      shops: 2,
      days: 12,
      rowsWritten: 12,
      remaining: 6,
      failedShops: [{ shopId: poisoned.id, error: expect.stringContaining("poisoned on purpose") }],
    });
    for (const shop of shops) await expectReadExact(shop, "2025-01-01", "2025-01-31");
    expect(await listMarkedDays(poisoned)).toHaveLength(6);

    await cure();
    expect(await run()).toMatchObject({ status: "ok", shops: 1, days: 6, failedShops: [], remaining: 0 });
    for (const shop of shops) await expectStoredExact(shop);
  });
});
