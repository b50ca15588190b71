import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import type { Drift } from "~/services/rollup/verify/compare.server";
import type { AllCounts } from "~/testimonial-rollup";
import { listenForAlerts } from "./support/alerts";
import { corruptionOf } from "./support/corruptions";
import { bypassTriggers } from "./support/faults";
import { countAll, readSourceRows } from "./support/oracle";
import {
  addRequest,
  addSubmission,
  at,
  expectStoredExact,
  makeShop,
  readStoredRows,
  readWholeRows,
  type TestShop,
} from "./support/shops";

// Writes that no trigger sees leave no mark. What finds them is the window of each run and, for all other days, the
// verification.

const today = "2026-06-15" as Day;
const window = ["2026-06-14", "2026-06-15"];
const verify = (sample?: number) => rollup.verify({ trigger: "cron", today, sample });

beforeEach(async () => {
  await db.shop.deleteMany();
});

/** A shop with something on a few days, and right rows. */
async function makeRightShop(): Promise<TestShop> {
  const shop = await makeShop();
  for (const day of ["1970-01-01", "2024-02-29", "2026-06-13", "2026-06-14", "2026-06-15"]) {
    await addRequest(shop, { sentAt: at(day) });
    await addSubmission(shop, { submittedAt: at(day), approvedAt: at("2026-06-01"), mediaType: "video" });
  }
  await rollup.run({ trigger: "cron", today });
  return shop;
}

type DayState = { shopId: string; date: string; stored: AllCounts | null; live: AllCounts | null };

/** Every active day of the shop, stored and counted in plain arrays. */
async function listDayStates(shop: TestShop): Promise<DayState[]> {
  const [stored, live] = [await readWholeRows(shop), countAll(await readSourceRows(shop.id))];
  const days = [...new Set([...stored.keys(), ...live.keys()])];
  return days.map((date) => ({
    shopId: shop.id,
    date,
    stored: stored.get(date) ?? null,
    live: live.get(date) ?? null,
  }));
}

async function listAllDayStates(shops: TestShop[]): Promise<DayState[]> {
  return (await Promise.all(shops.map(listDayStates))).flat();
}

function isDrifted({ stored, live }: DayState): boolean {
  return JSON.stringify(stored && sortKeys(stored)) !== JSON.stringify(live && sortKeys(live));
}

function sortKeys(counts: AllCounts) {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
}

function inOrder(days: (DayState | Drift)[] = []) {
  return days.toSorted((a, b) => (`${a.shopId} ${a.date}` < `${b.shopId} ${b.date}` ? -1 : 1));
}

test("the window heals its days, and a verification finds and repairs each of the others", {
  timeout: 120_000,
}, async () => {
  const shops = [await makeRightShop(), await makeRightShop(), await makeRightShop()];
  const gone = await makeRightShop();
  await db.shop.update({ where: { id: gone.id }, data: { uninstalledAt: new Date() } });
  const corruptions = fc.array(corruptionOf([...shops, gone]), { minLength: 1, maxLength: 120, size: "max" });

  await fc.assert(
    fc.asyncProperty(corruptions, async (statements) => {
      await bypassTriggers(...statements);
      const before = await listAllDayStates(shops);
      const goneBefore = await readStoredRows(gone);
      const inWindow = before.filter(({ date }) => window.includes(date));
      const elsewhere = before.filter(({ date }) => !window.includes(date));

      const run = await rollup.run({ trigger: "cron", today });
      expect(run).toMatchObject({ status: "ok", days: inWindow.filter(isDrifted).length, remaining: 0 });
      const afterRun = await listAllDayStates(shops);
      expect(afterRun.filter(({ date }) => window.includes(date)).filter(isDrifted)).toEqual([]);
      expect(afterRun.filter(({ date }) => !window.includes(date))).toEqual(elsewhere);

      const drifted = elsewhere.filter(isDrifted);
      const verified = await verify();
      expect(verified).toMatchObject({
        status: "ok",
        compared: afterRun.length,
        drifted: drifted.length,
        driftedAfter: 0,
      });
      expect(inOrder(verified?.before)).toEqual(inOrder(drifted));
      expect(verified?.after).toEqual([]);
      const kept = await db.rollupRun.findUniqueOrThrow({ where: { id: verified?.runId } });
      expect(kept.report).toMatchObject({ drifted: drifted.length, before: verified?.before, after: [] });
      for (const shop of shops) await expectStoredExact(shop);
      expect(await verify()).toMatchObject({ drifted: 0, rowsWritten: 0, rowsDeleted: 0, alert: false });
      expect(await readStoredRows(gone)).toEqual(goneBefore);
    }),
    { numRuns: 6 },
  );

  await db.shop.update({ where: { id: gone.id }, data: { uninstalledAt: null } });
  const expected = (await listDayStates(gone)).filter(isDrifted);
  expect(inOrder((await verify())?.before)).toEqual(inOrder(expected));
  await expectStoredExact(gone);
});

/** A shop with one sent request on each of so many days up to today, and right rows. */
async function makeLongShop(days: number): Promise<TestShop> {
  const shop = await makeShop();
  await bypassTriggers(
    `insert into testimonial_requests (shop_id, sent_at)
     select '${shop.id}', timestamp '${today} 12:00' - make_interval(days => n) from generate_series(0, ${days - 1}) n`,
    `insert into testimonial_daily_analytics (shop_id, date, requests_sent)
     select '${shop.id}', date '${today}' - n, 1 from generate_series(0, ${days - 1}) n`,
  );
  return shop;
}

/** Makes the rows of the shop's first days wrong. */
async function corruptDays(shop: TestShop, days: number): Promise<void> {
  await bypassTriggers(
    `update testimonial_daily_analytics set requests_sent = 7
     where shop_id = '${shop.id}'
       and date in (select date from testimonial_daily_analytics where shop_id = '${shop.id}' order by date limit ${days})`,
  );
}

describe("drift past a threshold", () => {
  let alerts: Awaited<ReturnType<typeof listenForAlerts>>;
  beforeAll(async () => {
    alerts = await listenForAlerts();
  });
  afterAll(() => alerts.close());

  // By default more than one in a hundred, or more than a hundred rows.
  test.for([
    { days: 1_000, within: 10, above: 11 },
    { days: 10_200, within: 100, above: 101 },
  ])("of $days rows: $within raise no alert, $above do", async ({ days, within, above }) => {
    alerts.received.length = 0;
    const shop = await makeLongShop(days);
    await corruptDays(shop, within);
    expect(await verify()).toMatchObject({ compared: days, drifted: within, driftedAfter: 0, alert: false });
    expect(alerts.received).toEqual([]);

    await corruptDays(shop, above);
    expect(await verify()).toMatchObject({ compared: days, drifted: above, driftedAfter: 0, alert: true });
    expect(alerts.received).toEqual([{ text: expect.stringContaining(`${above} of ${days} daily rows had drifted`) }]);
    expect(alerts.received).toEqual([{ text: expect.stringContaining("after the repair 0 still do") }]);

    expect(await verify()).toMatchObject({ drifted: 0, alert: false });
    expect(alerts.received).toHaveLength(1);
  });
});

test("a sample repairs thirty days on end of each shop that it takes, and no other day", async () => {
  const shops = [await makeLongShop(730), await makeLongShop(730)];
  for (const shop of shops) await corruptDays(shop, 730);
  const first = await verify(1);
  const [shopId] = new Set(first?.before.map((day) => day.shopId));
  const days = first?.before.map((day) => Date.parse(day.date) / 86_400_000) ?? [];
  expect(days).toEqual(Array.from({ length: 30 }, (_, index) => (days[0] ?? 0) + index));
  expect(first).toMatchObject({ compared: 30, drifted: 30, driftedAfter: 0, rowsWritten: 30, shops: 1 });

  const left = (await listAllDayStates(shops)).filter(isDrifted);
  expect(left).toHaveLength(2 * 730 - 30);
  expect(left.filter((day) => day.shopId === shopId)).toHaveLength(700);
  const all = await verify();
  expect(inOrder(all?.before)).toEqual(inOrder(left).slice(0, 1_000));
  expect(all).toMatchObject({ compared: 2 * 730, drifted: left.length, driftedAfter: 0 });
  expect(await verify(10)).toMatchObject({ compared: 60, drifted: 0 });
});
