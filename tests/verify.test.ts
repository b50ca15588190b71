import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import { isAlert } from "~/services/rollup/verify/verify.server";
import { listenForAlerts } from "./support/alerts";
import { allCountsOf } from "./support/counts";
import { bypassTriggers, poison } from "./support/faults";
import { addRequest, addSubmission, at, expectStoredExact, makeShop, type TestShop } from "./support/shops";

const today = "2026-06-15" as Day;
const verify = (sample?: number) => rollup.verify({ trigger: "cron", today, sample });

let shop: TestShop;

beforeEach(async () => {
  // Each test looks at all shops of the file's database, so it begins with none of the tests' before it.
  await db.shop.deleteMany();
  shop = await makeShop();
  for (const day of ["1999-07-04", "2024-02-29", "2026-06-14"]) await addRequest(shop, { sentAt: at(day) });
  await addSubmission(shop, { submittedAt: at("2026-06-01"), mediaType: "photo" });
  await rollup.run({ trigger: "cron", today });
});

describe("a verification", () => {
  test("of right rows finds nothing and writes nothing", async () => {
    expect(await verify()).toMatchObject({
      status: "ok",
      compared: 4,
      drifted: 0,
      driftedAfter: 0,
      alert: false,
      rowsWritten: 0,
      rowsDeleted: 0,
      before: [],
      after: [],
    });
  });

  test("looks at every day that a timestamp can lie on", async () => {
    const days = ["4714-11-24 00:00 BC", "294276-12-31 23:59:59.999", "-infinity", "infinity"];
    await bypassTriggers(
      ...days.map((day) => `insert into testimonial_requests (shop_id, sent_at) values ('${shop.id}', '${day}')`),
    );
    expect(await verify()).toMatchObject({ status: "ok", compared: 6, drifted: 2, driftedAfter: 0, rowsWritten: 2 });
    expect(await verify()).toMatchObject({ status: "ok", compared: 6, drifted: 0 });
  });

  test("does not take days that wait for their recount for drift", async () => {
    await addRequest(shop, { sentAt: at("2026-06-10") });
    expect(await verify()).toMatchObject({ compared: 5, drifted: 0, rowsWritten: 0 });
  });

  test("finds missing, extra and differing rows of any age, repairs them, and keeps before and after", async () => {
    await bypassTriggers(
      `delete from testimonial_daily_analytics where shop_id = '${shop.id}' and date = '1999-07-04'`,
      `insert into testimonial_daily_analytics (shop_id, date, approved_count) values ('${shop.id}', '2010-01-01', 4)`,
      `insert into testimonial_daily_analytics (shop_id, date) values ('${shop.id}', '2011-01-01')`,
      `update testimonial_daily_analytics set requests_sent = 5 where shop_id = '${shop.id}' and date = '2024-02-29'`,
      `insert into testimonial_requests (shop_id, sent_at) values ('${shop.id}', '2030-12-31 23:59:59.999')`,
    );
    const result = await verify();
    const one = allCountsOf({ requestsSent: 1 });
    const before = [
      { shopId: shop.id, date: "1999-07-04", stored: null, live: one },
      { shopId: shop.id, date: "2010-01-01", stored: allCountsOf({ approvedCount: 4 }), live: null },
      { shopId: shop.id, date: "2011-01-01", stored: allCountsOf({}), live: null },
      { shopId: shop.id, date: "2024-02-29", stored: allCountsOf({ requestsSent: 5 }), live: one },
      { shopId: shop.id, date: "2030-12-31", stored: null, live: one },
    ];
    expect(result).toMatchObject({ status: "ok", compared: 7, drifted: 5, driftedAfter: 0, alert: true });
    expect(result).toMatchObject({ shops: 1, days: 5, rowsWritten: 3, rowsDeleted: 2, before, after: [] });
    const kept = await db.rollupRun.findUniqueOrThrow({ where: { id: result?.runId } });
    expect(kept.report).toMatchObject({ compared: 7, drifted: 5, driftedAfter: 0, alert: true, before, after: [] });
    await expectStoredExact(shop);
    expect(await verify()).toMatchObject({ compared: 5, drifted: 0 });
  });

  test("of a sample looks at as many shops, each over thirty days", async () => {
    for (let index = 0; index < 4; index += 1) await makeShop();
    await bypassTriggers(
      `insert into testimonial_requests (shop_id, sent_at)
       select s.id, d from shops s cross join generate_series(timestamp '2024-06-01', '2026-06-15', interval '1 day') d`,
    );
    const result = await verify(3);
    expect(result).toMatchObject({ status: "ok", compared: 90, drifted: 90, driftedAfter: 0, shops: 3, days: 90 });
  });

  test.for([
    { chance: 0, from: "2024-06-16", to: "2024-07-15" },
    { chance: 1 - Number.EPSILON, from: "2026-05-17", to: "2026-06-15" },
  ])("of a sample looks at $from to $to, where chance wants it", async ({ chance, from, to }) => {
    await bypassTriggers(
      `insert into testimonial_requests (shop_id, sent_at)
       select '${shop.id}', d from generate_series(timestamp '2024-06-01', '2026-06-30', interval '1 day') d`,
    );
    const random = vi.spyOn(Math, "random").mockReturnValue(chance);
    const result = await verify(1).finally(() => random.mockRestore());
    expect(result).toMatchObject({ status: "ok", drifted: 30, driftedAfter: 0 });
    expect([result?.before.at(0)?.date, result?.before.at(-1)?.date]).toEqual([from, to]);
  });

  test("leaves uninstalled shops alone", async () => {
    await bypassTriggers(`update testimonial_daily_analytics set requests_sent = 5 where shop_id = '${shop.id}'`);
    await db.shop.update({ where: { id: shop.id }, data: { uninstalledAt: new Date() } });
    expect(await verify()).toMatchObject({ compared: 0, drifted: 0, alert: false });
  });

  test("reports a shop that can't be repaired, and repairs the others", async () => {
    const poisoned = await makeShop();
    await addRequest(poisoned, { sentAt: at("2026-06-14") });
    await rollup.run({ trigger: "cron", today });
    await bypassTriggers("update testimonial_daily_analytics set requests_sent = 5");
    const cure = await poison(poisoned);
    const result = await verify();
    await cure();
    expect(result).toMatchObject({ status: "partial", drifted: 5, remaining: 1 });
    expect(result?.failedShops).toEqual([{ shopId: poisoned.id, error: expect.stringContaining("poisoned") }]);
    await expectStoredExact(shop);
  });
});

describe("an alert", () => {
  let alerts: Awaited<ReturnType<typeof listenForAlerts>>;

  beforeAll(async () => {
    alerts = await listenForAlerts();
  });

  beforeEach(() => {
    alerts.received.length = 0;
  });

  afterAll(() => alerts.close());

  test.for([
    { compared: 0, drifted: 0, expected: false },
    { compared: 100, drifted: 1, expected: false },
    { compared: 100, drifted: 2, expected: true },
    { compared: 1_000_000, drifted: 100, expected: false },
    { compared: 1_000_000, drifted: 101, expected: true },
  ])("for $drifted of $compared rows: $expected", ({ compared, drifted, expected }) => {
    expect(isAlert(rollup.engine, { compared, drifted })).toBe(expected);
  });

  test("is posted as a text that Slack takes, and names the first drifted day", async () => {
    await bypassTriggers(`update testimonial_daily_analytics set requests_sent = 5 where date = '2024-02-29'`);
    expect(await verify()).toMatchObject({ alert: true });
    expect(alerts.received).toEqual([{ text: expect.stringContaining(`1 of 4 daily rows`) }]);
    expect(alerts.received).toEqual([{ text: expect.stringContaining(`2024-02-29 of shop ${shop.id}`) }]);
  });

  test("is raised once when a shop begins to fail, not in each run", async () => {
    await addRequest(shop, { sentAt: at("2026-06-14") });
    const cure = await poison(shop);
    await rollup.run({ trigger: "cron", today });
    await rollup.run({ trigger: "cron", today });
    await cure();
    expect(alerts.received).toEqual([{ text: expect.stringContaining(shop.id) }]);
  });
});
