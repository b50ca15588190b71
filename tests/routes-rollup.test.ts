import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import * as rollupRoute from "~/routes/jobs.rollup";
import { allowWork, requestStop } from "~/services/rollup/jobs/stop.server";
import { call, cron } from "./support/call";
import { countsOf } from "./support/counts";
import { expectRefused } from "./support/refusal";
import { addRequest, at, dropMarks, expectStoredExact, makeShop, readStoredRows } from "./support/shops";

const path = "/jobs/rollup";
const today = () => new Date().toISOString().slice(0, 10);
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

describe("POST /jobs/rollup", () => {
  test("settles what is marked and answers with what it did", async () => {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at("2024-02-29"), clickedAt: at("2024-03-01") });

    const response = await call(rollupRoute, path, { method: "POST", headers: cron });
    const body = await response.json();

    expect(response.status).toBe(200);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(body).toEqual({
      runId: expect.any(String),
      status: "ok",
      window: { from: daysAgo(1), to: today() },
      shops: 1,
      days: 2,
      rowsWritten: 2,
      rowsDeleted: 0,
      droppedDays: 0,
      failedShops: [],
      remaining: 0,
      durationMs: expect.any(Number),
    });
    expect(await readStoredRows(shop)).toEqual(
      new Map([
        ["2024-02-29", countsOf({ requestsSent: 1 })],
        ["2024-03-01", countsOf({ requestsClicked: 1 })],
      ]),
    );
    expect(await db.rollupRun.findUnique({ where: { id: body.runId }, select: { kind: true, trigger: true } })).toEqual(
      {
        kind: "rollup",
        trigger: "cron",
      },
    );
  });

  test("a second run writes nothing and leaves every updated_at", async () => {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at("2025-05-05") });
    await call(rollupRoute, path, { method: "POST", headers: cron });
    const before = await db.testimonialDailyAnalytics.findMany({ where: { shopId: shop.id } });

    const body = await (await call(rollupRoute, path, { method: "POST", headers: cron })).json();

    expect(body).toMatchObject({ status: "ok", rowsWritten: 0, rowsDeleted: 0, remaining: 0 });
    expect(await db.testimonialDailyAnalytics.findMany({ where: { shopId: shop.id } })).toEqual(before);
  });

  test("?window=7 heals writes of the last seven days that went round the triggers", async () => {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at(daysAgo(7)) });
    await dropMarks(shop);

    await call(rollupRoute, path, { method: "POST", headers: cron });
    expect(await readStoredRows(shop)).toEqual(new Map());
    const body = await (await call(rollupRoute, `${path}?window=7`, { method: "POST", headers: cron })).json();

    expect(body.window).toEqual({ from: daysAgo(7), to: today() });
    await expectStoredExact(shop);
    expect((await readStoredRows(shop)).size).toBe(1);
  });

  test("GET does the same, for schedulers that can only GET", async () => {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at("2025-05-05") });
    const response = await call(rollupRoute, path, { headers: cron });
    expect(response.status).toBe(200);
    expect(await readStoredRows(shop)).toEqual(new Map([["2025-05-05", countsOf({ requestsSent: 1 })]]));
  });

  test("two at once both succeed and the table is right", async () => {
    const shop = await makeShop();
    for (let day = 1; day <= 28; day += 1)
      await addRequest(shop, { sentAt: at(`2025-02-${`${day}`.padStart(2, "0")}`) });
    const responses = await Promise.all([1, 2].map(() => call(rollupRoute, path, { method: "POST", headers: cron })));
    expect(responses.map((response) => response.status)).toEqual([200, 200]);
    await expectStoredExact(shop);
  });
});

describe("bad input of /jobs/rollup", () => {
  const allowed = /whole number from 1 to 31/;
  const windows = [
    "0",
    "32",
    "-1",
    "1.5",
    "seven",
    "",
    " 7",
    "7 ",
    "0x7",
    "1e1",
    "NaN",
    "٧",
    "9999999999999999999",
    "7\u0000",
  ];

  test.for(windows)("the window %j is refused", async (value) => {
    const query = `window=${encodeURIComponent(value)}`;
    await expectRefused(() => call(rollupRoute, `${path}?${query}`, { method: "POST", headers: cron }), {
      status: 400,
      code: "bad_input",
      issues: [{ field: "window", value, allowed }],
    });
  });

  test("a window given twice is refused", async () => {
    await expectRefused(() => call(rollupRoute, `${path}?window=7&window=1`, { method: "POST", headers: cron }), {
      status: 400,
      issues: [{ field: "window", value: ["7", "1"], allowed: /once/ }],
    });
  });

  test("a run that is due when the process is about to end is left to the next process", async () => {
    requestStop(rollup.engine);
    try {
      await expectRefused(() => call(rollupRoute, path, { method: "POST", headers: cron }), {
        status: 503,
        code: "stopping",
      });
    } finally {
      allowWork(rollup.engine);
    }
  });

  test.for(["days", "Window", "__proto__", "constructor"])("the unknown field %j is refused", async (field) => {
    await expectRefused(() => call(rollupRoute, `${path}?${field}=7`, { method: "POST", headers: cron }), {
      status: 400,
      issues: [{ field, value: "7", allowed: /not a known field/ }],
    });
  });

  test.for(["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])("%s is not allowed and runs nothing", async (method) => {
    const response = await expectRefused(() => call(rollupRoute, path, { method, headers: cron }), {
      status: 405,
      code: "method_not_allowed",
    });
    expect(response.headers.get("Allow")).toBe("POST, GET");
  });
});
