import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import * as verifyRoute from "~/routes/jobs.verify";
import { call, cron } from "./support/call";
import { allCountsOf } from "./support/counts";
import { expectRefused } from "./support/refusal";
import { addRequest, at, dropMarks, expectStoredExact, makeShop } from "./support/shops";

const path = "/jobs/verify";
const verify = (query = "") => call(verifyRoute, `${path}${query}`, { method: "POST", headers: cron });

describe("POST /jobs/verify", () => {
  test("names the days that had drifted, repairs them and checks again", async () => {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at("2025-01-31") });
    await dropMarks(shop);
    await db.testimonialDailyAnalytics.create({
      data: { shopId: shop.id, date: at("2025-03-01", "00:00:00.000"), requestsSent: 5 },
    });

    const response = await verify();

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      runId: expect.any(String),
      status: "ok",
      shops: 1,
      days: 2,
      rowsWritten: 1,
      rowsDeleted: 1,
      droppedDays: 0,
      sealedDays: 0,
      brokenSeals: [],
      failedShops: [],
      remaining: 0,
      durationMs: expect.any(Number),
      compared: 2,
      drifted: 2,
      driftedAfter: 0,
      alert: true,
      before: [
        { shopId: shop.id, date: "2025-01-31", stored: null, live: allCountsOf({ requestsSent: 1 }) },
        { shopId: shop.id, date: "2025-03-01", stored: allCountsOf({ requestsSent: 5 }), live: null },
      ],
      after: [],
    });
    await expectStoredExact(shop);
  });

  test("GET does the same, for schedulers that can only GET", async () => {
    const shop = await makeShop();
    await db.testimonialDailyAnalytics.create({
      data: { shopId: shop.id, date: at("2025-03-01", "00:00:00.000"), requestsSent: 5 },
    });
    const response = await call(verifyRoute, path, { headers: cron });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: "ok", drifted: 1, rowsDeleted: 1, driftedAfter: 0 });
    await expectStoredExact(shop);
  });

  test("finds nothing where nothing drifted, and raises no alert", async () => {
    const body = await (await verify("?sample=3")).json();
    expect(body).toMatchObject({ status: "ok", drifted: 0, rowsWritten: 0, rowsDeleted: 0, alert: false });
  });
});

describe("bad input of /jobs/verify", () => {
  test.for(["0", "10001", "-5", "2.5", "all", "", "1e3"])("the sample %j is refused", async (value) => {
    await expectRefused(() => verify(`?sample=${value}`), {
      status: 400,
      issues: [{ field: "sample", value, allowed: /whole number from 1 to 10000/ }],
    });
  });

  test("a sample given twice, and a window, are refused", async () => {
    await expectRefused(() => verify("?sample=1&sample=1"), {
      status: 400,
      issues: [{ field: "sample", value: ["1", "1"], allowed: /once/ }],
    });
    await expectRefused(() => verify("?window=7"), {
      status: 400,
      issues: [{ field: "window", value: "7", allowed: /not a known field/ }],
    });
  });

  test.for(["HEAD", "PUT", "DELETE"])("%s is not allowed", async (method) => {
    const response = await expectRefused(() => call(verifyRoute, path, { method, headers: cron }), { status: 405 });
    expect(response.headers.get("Allow")).toBe("POST, GET");
  });
});
