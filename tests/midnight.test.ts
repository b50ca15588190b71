import { getTasks } from "node-cron";
import { afterEach, describe, expect, test, vi } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import * as rollupRoute from "~/routes/jobs.rollup";
import type { Day } from "~/services/rollup/day";
import { startSchedule, stopSchedule } from "~/services/rollup/jobs/schedule.server";
import { call, cron } from "./support/call";
import { makeMerchant, openPage } from "./support/pages";
import { addRequest, at, expectReadExact, expectStoredExact, listMarkedDays, makeShop } from "./support/shops";
import { onFirstStatement } from "./support/statements";
import { waitFor } from "./support/wait";

// What a request calls today it calls today to its end, also when midnight passes meanwhile.

const [eve, morning] = ["2027-02-28", "2027-03-01"];
const justBefore = at(eve, "23:59:59.900");
const justAfter = at(morning, "00:00:00.100");

afterEach(() => {
  stopSchedule(rollup.engine);
  vi.useRealTimers();
});

function setClock(now: Date): void {
  vi.useFakeTimers({ toFake: ["Date"], now });
}

test("a run that begins before midnight and works after it keeps its window, and rows of both days are right", async () => {
  const shop = await makeShop();
  await addRequest(shop, { sentAt: at(eve) });
  setClock(justBefore);
  const response = await onFirstStatement(
    async () => {
      setClock(justAfter);
      await addRequest(shop, { sentAt: at(eve, "23:59:59.999") });
      await addRequest(shop, { sentAt: at(morning, "00:00:00.000") });
    },
    () => call(rollupRoute, "/jobs/rollup", { method: "POST", headers: cron }),
  );
  expect(await response.json()).toMatchObject({ status: "ok", window: { from: "2027-02-27", to: eve } });
  await expectReadExact(shop, eve, morning);
  await call(rollupRoute, "/jobs/rollup", { method: "POST", headers: cron });
  expect(await listMarkedDays(shop)).toEqual([]);
  await expectStoredExact(shop);
});

describe.each(["dashboard", "analytics"] as const)("the %s", (page) => {
  test("opened before midnight and read after it shows the days that it was opened on", async () => {
    // Before all else: the merchant's session must be young by that clock.
    setClock(justBefore);
    const shop = await makeMerchant();
    await addRequest(shop, { sentAt: at(eve) });
    await addRequest(shop, { sentAt: at(morning) });
    const opened = await onFirstStatement(
      async () => setClock(justAfter),
      () => openPage(page, shop, { range: "7" }),
    );
    expect(opened.data).toMatchObject({
      state: "ready",
      choice: { today: eve, shown: { from: "2027-02-21", to: "2027-02-27" } },
      numbers: { sums: { totals: { requestsSent: 0 } }, today: { totals: { requestsSent: 1 } } },
    });
    const next = await openPage(page, shop, { range: "7" });
    expect(next.data).toMatchObject({
      choice: { today: morning, shown: { from: "2027-02-22", to: eve } },
      numbers: { sums: { totals: { requestsSent: 1 } }, today: { totals: { requestsSent: 1 } } },
    });
    expect(next.data.numbers?.steps?.columns.requestsSent).toEqual([0, 0, 0, 0, 0, 0, 1]);
  });
});

test("the schedule's tick at midnight takes the day that begins for today", async () => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], now: justBefore });
  startSchedule(rollup.engine, "* * * * *");
  expect([...getTasks().values()].map((task) => task.getNextRun()?.toISOString()).sort()[0]).toBe(
    `${morning}T00:00:00.000Z`,
  );
  await vi.advanceTimersByTimeAsync(200);
  vi.useRealTimers();
  const run = await waitFor("the run at midnight", () =>
    db.rollupRun.findFirst({ where: { slot: `rollup ${morning}T00:00:00Z`, status: "ok" } }),
  );
  expect([run.fromDate, run.toDate]).toEqual([at(eve, "00:00:00.000"), at(morning, "00:00:00.000")]);
});

test("an instant within the last half millisecond of a day is stored, and counts, on the next", async () => {
  const shop = await makeShop();
  for (const [day, next] of [
    ["2027-02-28", "2027-03-01"],
    ["2027-12-31", "2028-01-01"],
    ["1969-12-31", "1970-01-01"],
    ["2099-12-31", "2100-01-01"],
  ]) {
    await db.$executeRawUnsafe(
      `insert into testimonial_requests (shop_id, sent_at, clicked_at)
       values ($1, '${day} 23:59:59.9996', '${day} 23:59:59.9994'), ($1, '${next} 00:00:00.000001', '${day} 23:59:59.999999')`,
      shop.id,
    );
    await expectReadExact(shop, day as Day, next as Day);
  }
  await rollup.run({ trigger: "cron", today: "2027-03-01" as Day });
  await expectStoredExact(shop);
  const stored = await db.$queryRawUnsafe(
    `select date::text, requests_sent as sent, requests_clicked as clicked
     from testimonial_daily_analytics where shop_id = $1 and date >= '2027-12-31' and date < '2028-01-02' order by date`,
    shop.id,
  );
  expect(stored).toEqual([
    { date: "2027-12-31", sent: 0, clicked: 1 },
    { date: "2028-01-01", sent: 2, clicked: 1 },
  ]);
});
