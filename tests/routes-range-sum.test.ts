import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import * as rangeSumRoute from "~/routes/app.range-sum";
import * as rollupRoute from "~/routes/jobs.rollup";
import { badDays, dayAllowed, longestRange, tooLongRange } from "./support/bad-ranges";
import { call, cron } from "./support/call";
import { cohortOf, countsOf } from "./support/counts";
import { expectRefused } from "./support/refusal";
import { browser, type Execute, signSessionToken, storeOfflineSession } from "./support/session-token";
import { addRequest, addSubmission, at, makeShop, type TestShop } from "./support/shops";

const execute: Execute = (sql, values) => db.$executeRawUnsafe(sql, ...values);
const instant = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);

async function makeInstalledShop(): Promise<TestShop> {
  const shop = await makeShop();
  await storeOfflineSession(execute, shop.domain);
  return shop;
}

function ask(shop: TestShop, query: string, { token = signSessionToken(shop.domain), method = "GET" } = {}) {
  const headers = { Authorization: `Bearer ${token}`, "User-Agent": browser };
  return call(rangeSumRoute, `/app/range-sum?${query}`, { method, headers });
}

const march = "from=2026-03-01&to=2026-03-03";

describe("GET /app/range-sum", () => {
  test("sums both ends of the range before any run, and the same after it", async () => {
    const shop = await makeInstalledShop();
    await addRequest(shop, { sentAt: at("2026-02-28", "23:59:59.999") });
    await addRequest(shop, { sentAt: at("2026-03-01", "00:00:00.000"), clickedAt: at("2026-03-03", "23:59:59.999") });
    await addSubmission(shop, { submittedAt: at("2026-03-03"), mediaType: "photo" });
    await addRequest(shop, { sentAt: at("2026-03-04", "00:00:00.000") });
    const totals = countsOf({ requestsSent: 1, requestsClicked: 1, submissionsCount: 1, photoSubmissionsCount: 1 });

    const before = await ask(shop, march);
    expect(before.status).toBe(200);
    expect(before.headers.get("Cache-Control")).toBe("no-store");
    expect(await before.json()).toEqual({
      shopId: shop.id,
      from: "2026-03-01",
      to: "2026-03-03",
      totals,
      cohort: cohortOf({ sentOpened: 1, sentClicked: 1 }),
      freshness: { asOf: instant, liveDays: 2, oldestMark: instant, lastRunAt: null, sealedUntil: null },
    });

    await call(rollupRoute, "/jobs/rollup", { method: "POST", headers: cron });
    expect(await (await ask(shop, march)).json()).toEqual({
      shopId: shop.id,
      from: "2026-03-01",
      to: "2026-03-03",
      totals,
      cohort: cohortOf({ sentOpened: 1, sentClicked: 1 }),
      freshness: { asOf: instant, liveDays: 0, oldestMark: null, lastRunAt: instant, sealedUntil: null },
    });
  });

  test("series=1 adds each day of the range, zeros filled in", async () => {
    const shop = await makeInstalledShop();
    await addRequest(shop, { sentAt: at("2026-03-02"), submittedAt: at("2026-03-09") });
    const { series, totals, cohort, cohortSeries } = await (await ask(shop, `${march}&series=1`)).json();
    expect(series).toEqual([
      { date: "2026-03-01", ...countsOf({}) },
      { date: "2026-03-02", ...countsOf({ requestsSent: 1 }) },
      { date: "2026-03-03", ...countsOf({}) },
    ]);
    expect(totals).toEqual(countsOf({ requestsSent: 1 }));
    expect(cohort).toEqual(cohortOf({ sentOpened: 1, sentClicked: 1, sentSubmitted: 1 }));
    expect(cohortSeries).toEqual([cohortOf({}), cohort, cohortOf({})]);
  });

  test("a shop with nothing has seven zeros, over the longest range too", async () => {
    const shop = await makeInstalledShop();
    const response = await ask(shop, `from=${longestRange.from}&to=${longestRange.to}&series=1`);
    const { totals, series } = await response.json();
    expect(totals).toEqual(countsOf({}));
    expect(series).toHaveLength(1827);
  });

  test("what Shopify adds to the address of an embedded page is no field of ours", async () => {
    const shop = await makeInstalledShop();
    const added = `embedded=1&hmac=x&host=aG9zdA&locale=en&session=s&timestamp=1&shop=${shop.domain}`;
    expect((await ask(shop, `${march}&${added}`)).status).toBe(200);
  });
});

describe("bad input of /app/range-sum", () => {
  test("both days missing are named both", async () => {
    const shop = await makeInstalledShop();
    await expectRefused(() => ask(shop, ""), {
      status: 400,
      code: "bad_input",
      issues: ["from", "to"].map((field) => ({ field, value: null, allowed: dayAllowed })),
    });
  });

  test("a value that is no day is refused at either end", async () => {
    const shop = await makeInstalledShop();
    for (const value of badDays) {
      for (const field of ["from", "to"]) {
        const other = field === "from" ? "to" : "from";
        await expectRefused(() => ask(shop, `${field}=${encodeURIComponent(value)}&${other}=2026-01-01`), {
          status: 400,
          issues: [{ field, value, allowed: dayAllowed }],
        });
      }
    }
  });

  test("a reversed range and one of 1,828 days are refused", async () => {
    const shop = await makeInstalledShop();
    await expectRefused(() => ask(shop, "from=2026-03-02&to=2026-03-01"), {
      status: 400,
      issues: [{ field: "to", value: "2026-03-01", allowed: /not be before from \(2026-03-02\)/ }],
    });
    await expectRefused(() => ask(shop, `from=${tooLongRange.from}&to=${tooLongRange.to}`), {
      status: 400,
      issues: [{ field: "to", value: tooLongRange.to, allowed: /at most 1827 days/ }],
    });
  });

  test("a field given twice, an unknown one and another series are refused", async () => {
    const shop = await makeInstalledShop();
    const given = [
      { query: `${march}&to=2026-03-04`, field: "to", value: ["2026-03-03", "2026-03-04"], allowed: /once/ },
      { query: `${march}&shopId=other`, field: "shopId", value: "other", allowed: /not a known field/ },
      { query: `${march}&__proto__=1`, field: "__proto__", value: "1", allowed: /not a known field/ },
      { query: `${march}&series=true`, field: "series", value: "true", allowed: /"1" or left out/ },
      { query: `${march}&series=`, field: "series", value: "", allowed: /"1" or left out/ },
    ];
    for (const { query, ...issue } of given) {
      await expectRefused(() => ask(shop, query), { status: 400, issues: [issue] });
    }
  });

  test.for(["POST", "PUT", "DELETE", "OPTIONS"])("%s is not allowed", async (method) => {
    const shop = await makeInstalledShop();
    const response = await expectRefused(() => ask(shop, march, { method }), { status: 405 });
    expect(response.headers.get("Allow")).toBe("GET, HEAD");
  });
});
