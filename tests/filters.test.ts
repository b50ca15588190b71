import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import * as rangeSum from "~/routes/app.range-sum";
import type { Day } from "~/services/rollup/day";
import { toRange } from "~/services/rollup/day";
import { call } from "./support/call";
import { noCohort, zeros } from "./support/counts";
import { countCohorts, countDays, readSourceRows, sumCohorts, sumDays } from "./support/oracle";
import { browser, signSessionToken, storeOfflineSession } from "./support/session-token";
import { addClickEvent, addRequest, addSubmission, at, makeShop, type TestShop } from "./support/shops";

// A read that is narrowed to one product counts on the spot what the whole would be if no other product were there.

const candle = "gid://shopify/Product/1";
const trimmer = "2";
const may = toRange("2026-05-01" as Day, "2026-05-31" as Day);

let shop: TestShop;
let other: TestShop;

async function addRows(of: TestShop, shopifyProductId: string | null): Promise<void> {
  const clicked = await addRequest(of, { shopifyProductId, sentAt: at("2026-05-01"), clickedAt: at("2026-05-02") });
  const { id } = await addRequest(of, { shopifyProductId, sentAt: at("2026-05-03") });
  await addClickEvent(of, id, at("2026-05-06"));
  await addClickEvent(of, id, at("2026-05-06", "13:00:00.000"));
  await addSubmission(of, {
    shopifyProductId,
    requestId: clicked.id,
    status: "approved",
    mediaType: "photo",
    rating: 4,
    submittedAt: at("2026-05-05"),
    approvedAt: at("2026-05-31", "23:59:59.999"),
  });
  await addSubmission(of, { shopifyProductId, rating: 1, submittedAt: at("2026-04-30", "23:59:59.999") });
}

/** What the oracle counts when no other product's rows are there. */
async function countProduct(productId: string) {
  const rows = await readSourceRows(shop.id);
  const [requests, submissions] = await Promise.all([
    db.testimonialRequest.findMany({ where: { shopId: shop.id, shopifyProductId: productId } }),
    db.testimonialSubmission.findMany({ where: { shopId: shop.id, shopifyProductId: productId } }),
  ]);
  const ofRequests = new Set(requests.map(({ id }) => id));
  const submittedAt = new Set(submissions.map((row) => row.submittedAt?.toISOString().slice(0, 23)));
  return {
    requests: rows.requests.filter(({ id }) => ofRequests.has(id)),
    events: rows.events.filter(({ requestId }) => ofRequests.has(requestId)),
    submissions: rows.submissions.filter((row) => submittedAt.has(row.submittedAt ?? "")),
  };
}

beforeEach(async () => {
  [shop, other] = [await makeShop(), await makeShop()];
  await storeOfflineSession((sql, values) => db.$executeRawUnsafe(sql, ...values), shop.domain);
  await addRows(shop, candle);
  await addRows(other, candle);
});

describe("a read of one product", () => {
  test.for([false, true])("is what the oracle counts of its rows alone (after a run: %s)", async (isSettled) => {
    const alone = await countProduct(candle);
    await addRows(shop, trimmer);
    await addRows(shop, null);
    if (isSettled) await rollup.run({ trigger: "cron", today: "2026-06-15" as Day });
    const read = await rollup.readRange(shop.id, may, { name: "product", value: candle });
    const [totals, cohorts] = [countDays(alone), countCohorts(alone)];
    expect(read.totals).toEqual(sumDays(totals, "2026-05-01", "2026-05-31"));
    expect(read.cohort).toEqual(sumCohorts(cohorts, "2026-05-01", "2026-05-31"));
    expect(read.totals).toMatchObject({ requestsSent: 2, requestsClicked: 2, submissionsCount: 1, approvedCount: 1 });
    expect(read.series).toEqual(read.series.map(({ date }) => ({ ...(totals.get(date) ?? zeros), date })));
    expect(read.cohortSeries).toEqual(read.series.map(({ date }) => cohorts.get(date) ?? noCohort));
    expect(read.freshness.liveDays).toBe(31);
    const sums = await rollup.readTotals(shop.id, may, { name: "product", value: candle });
    expect([sums.totals, sums.cohort]).toEqual([read.totals, read.cohort]);
  });

  test("leaves further ranges to the same product, and extras as they are", async () => {
    await addRows(shop, trimmer);
    const april = toRange("2026-04-01" as Day, "2026-04-30" as Day);
    const read = await rollup.readRangeWith(shop.id, may, {
      ranges: { april },
      extras: { sql: "json_build_object('product', :product::text)", schema: z.object({ product: z.string() }) },
      filter: { name: "product", value: trimmer },
      values: { product: "any text: 'quoted' :shopId" },
    });
    expect(read.beside.april.totals).toEqual({ ...zeros, submissionsCount: 1 });
    expect(read.beside.april.cohort).toEqual({ ...noCohort, ratingsSum: 1, ratingsCount: 1, ratings1: 1 });
    expect(read.extras.product).toBe("any text: 'quoted' :shopId");
  });

  test("that there is none of is zeros, and so is any other text", async () => {
    for (const value of ["3", "' or true --", ":shopId", "\\"]) {
      expect((await rollup.readRange(shop.id, may, { name: "product", value })).totals).toEqual(zeros);
    }
  });

  test("is refused by a name that the definition does not have", async () => {
    await expect(rollup.readRange(shop.id, may, { name: "colour", value: "red" })).rejects.toThrow(
      'The definition has no filter "colour".',
    );
  });
});

describe("GET /app/range-sum of one product", () => {
  const ask = (query: string) =>
    call(rangeSum, `/app/range-sum?from=2026-05-01&to=2026-05-31&${query}`, {
      headers: { Authorization: `Bearer ${signSessionToken(shop.domain)}`, "User-Agent": browser },
    });

  test("sums up its requests and testimonials alone", async () => {
    await addRows(shop, trimmer);
    const [one, all] = [await ask(`product=${encodeURIComponent(candle)}`), await ask("")];
    expect((await one.json()).totals).toMatchObject({ requestsSent: 2, submissionsCount: 1 });
    expect((await all.json()).totals).toMatchObject({ requestsSent: 4, submissionsCount: 2 });
  });

  test("refuses what can be no id", async () => {
    for (const product of ["", "a%00b", "x".repeat(256)]) {
      const response = await ask(`product=${product}`);
      expect(response.status).toBe(400);
      expect((await response.json()).error.issues).toMatchObject([{ field: "product" }]);
    }
  });
});
