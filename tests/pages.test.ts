import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { toDay } from "~/services/rollup/day";
import { drainMarks } from "~/services/rollup/jobs/drain.server";
import { zeros } from "./support/counts";
import { countDays, readSourceRows, sumDays } from "./support/oracle";
import { daysAgo, makeMerchant, openPage, type PageName } from "./support/pages";
import { seal } from "./support/seals";
import { addClickEvent, addRequest, addSubmission, at, type TestShop } from "./support/shops";
import { recordStatements } from "./support/statements";

const both: PageName[] = ["dashboard", "analytics"];

/** Requests, opens, clicks and testimonials over the last 200 days. */
async function addHistory(shop: TestShop): Promise<void> {
  for (let days = 0; days < 200; days += 5) {
    const day = daysAgo(days);
    const request = await addRequest(shop, { sentAt: at(day), clickedAt: days % 2 ? at(day) : null });
    if (days % 2 === 0) await addClickEvent(shop, request.id, at(day));
    await addEvent(shop, request.id, "opened", day);
    await addEvent(shop, request.id, "opened", day);
    await addSubmission(shop, {
      submittedAt: at(day),
      mediaType: ["video", "photo", "text"][days % 3] ?? "text",
      approvedAt: days % 4 ? at(day) : null,
      publishedAt: days % 5 ? at(day) : null,
    });
  }
}

async function addEvent(shop: TestShop, requestId: string, eventType: string, day: string): Promise<void> {
  await db.testimonialRequestEvent.create({ data: { shopId: shop.id, requestId, eventType, eventAt: at(day) } });
}

async function expectNumbers(page: PageName, shop: TestShop, query: Record<string, string>, from: string, to: string) {
  const { status, data } = await openPage(page, shop, query);
  expect(status).toBe(200);
  expect(data.choice.shown).toEqual({ from, to });
  const days = countDays(await readSourceRows(shop.id));
  const length = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
  const before = (days: number) => toDay(new Date(Date.parse(from) - days * 86_400_000));
  expect(data.numbers?.totals).toEqual(sumDays(days, from, to));
  expect(data.numbers?.beside.previous.totals).toEqual(sumDays(days, before(length), before(1)));
  const series = data.numbers?.series ?? [];
  expect(series.map(({ date }) => date)).toHaveLength(length);
  for (const { date, ...counts } of series) expect(counts).toEqual(days.get(date) ?? zeros);
}

describe.each(both)("the %s", (page) => {
  test("shows the oracle's numbers of the days in its address, before any run and after", async () => {
    const shop = await makeMerchant();
    await addHistory(shop);
    for (const settle of [false, true]) {
      if (settle) await rollup.run({ trigger: "cron", today: toDay(new Date()) });
      await expectNumbers(page, shop, {}, daysAgo(29), daysAgo(0));
      for (const days of [7, 30, 90]) {
        await expectNumbers(page, shop, { range: String(days) }, daysAgo(days - 1), daysAgo(0));
      }
      const [from, to] = [daysAgo(77), daysAgo(21)];
      await expectNumbers(page, shop, { range: "custom", from, to }, from, to);
      await expectNumbers(page, shop, { range: "custom", from, to: from }, from, from);
      await expectNumbers(
        page,
        shop,
        { range: "custom", from: "2021-01-01", to: "2026-01-01" },
        "2021-01-01",
        "2026-01-01",
      );
    }
  });

  test("says which days are counted live", async () => {
    const shop = await makeMerchant();
    await addRequest(shop, { sentAt: at(daysAgo(1)) });
    await addRequest(shop, { sentAt: at(daysAgo(3)) });
    expect((await openPage(page, shop)).data.numbers?.freshness.liveDays).toBe(2);
    await rollup.run({ trigger: "cron", today: toDay(new Date()) });
    expect((await openPage(page, shop)).data.numbers?.freshness.liveDays).toBe(0);
  });

  test("shows sealed numbers, and up to which day they are, when all source rows are gone", async () => {
    const shop = await makeMerchant();
    await addRequest(shop, { sentAt: at(daysAgo(3)) });
    await rollup.run({ trigger: "cron", today: toDay(new Date()) });
    await seal({ shopId: shop.id, before: daysAgo(1) });
    await db.testimonialRequest.deleteMany({ where: { shopId: shop.id } });
    const { data } = await openPage(page, shop);
    expect([data.state, data.numbers?.totals.requestsSent]).toEqual(["ready", 1]);
    expect(data.numbers?.freshness).toMatchObject({ sealedUntil: daysAgo(1), liveDays: 0 });
  });

  test("keeps the numbers and says what is wrong with a range, at its field", async () => {
    const shop = await makeMerchant();
    await addHistory(shop);
    const wrong: [Record<string, string>, string[]][] = [
      [{ range: "14" }, ["range"]],
      [{ range: "custom" }, ["from", "to"]],
      [{ range: "custom", from: "2026-02-30", to: "2026-03-01" }, ["from"]],
      [{ range: "custom", from: "2026-03-02", to: "2026-03-01" }, ["to"]],
      [{ range: "custom", from: "2021-01-01", to: "2026-01-02" }, ["to"]],
    ];
    for (const [query, fields] of wrong) {
      const { status, data } = await openPage(page, shop, query);
      expect([status, data.state]).toEqual([200, "ready"]);
      expect(data.choice.issues.map((issue) => issue.field)).toEqual(fields);
      expect(data.choice.shown).toEqual({ from: daysAgo(29), to: daysAgo(0) });
      expect(data.choice.from).toBe(query.range === "custom" ? (query.from ?? "") : daysAgo(29));
    }
  });

  test("keeps the last valid range where the next is none", async () => {
    const shop = await makeMerchant();
    await addHistory(shop);
    const [from, to] = [daysAgo(60), daysAgo(50)];
    const query = { range: "custom", from: daysAgo(1), to: daysAgo(2) };
    const { data } = await openPage(page, shop, { ...query, last: `${from}_${to}` });
    expect(data.choice.shown).toEqual({ from, to });
    expect(data.numbers?.series).toHaveLength(11);
    const nonsense = await openPage(page, shop, { ...query, last: "2026-99-01_x" });
    expect(nonsense.data.choice.shown).toEqual({ from: daysAgo(29), to: daysAgo(0) });
  });

  test("tells a shop that never had data from a range without any", async () => {
    const shop = await makeMerchant();
    expect((await openPage(page, shop)).data).toMatchObject({ state: "new", numbers: null });
    await addRequest(shop, { sentAt: at("2025-01-01") });
    expect((await openPage(page, shop)).data).toMatchObject({ state: "ready", numbers: { totals: zeros } });
  });

  test("shows nothing of another shop", async () => {
    const [shop, other] = [await makeMerchant(), await makeMerchant()];
    await addRequest(shop, { sentAt: at(daysAgo(0)) });
    await addHistory(other);
    const { data } = await openPage(page, shop, { shop: other.domain, shopId: other.id });
    expect(data.numbers?.totals).toEqual({ ...zeros, requestsSent: 1 });
    const none = { count: 0, medianSeconds: null };
    expect(data.numbers?.extras).toEqual(
      page === "dashboard"
        ? { hasData: true, waiting: { count: 0, long: 0, lowRated: 0 }, topProducts: [], latest: [] }
        : {
            hasData: true,
            opened: 0,
            times: { looked: 0, untilSubmitted: none, untilApproved: none },
            lostRequests: { failed: 0, expired: 0 },
          },
    );
  });

  test("answers a failed read with a page that says so, and nothing of the inside", async () => {
    const shop = await makeMerchant();
    await addRequest(shop, { sentAt: at(daysAgo(0)) });
    await db.$executeRawUnsafe("alter table testimonial_daily_analytics rename to hidden");
    try {
      const { status, data } = await openPage(page, shop, { range: "7" });
      expect(status).toBe(500);
      expect(data).toEqual({ choice: expect.objectContaining({ preset: "7" }), state: "failed", numbers: null });
    } finally {
      await db.$executeRawUnsafe("alter table hidden rename to testimonial_daily_analytics");
    }
    expect((await openPage(page, shop)).data.state).toBe("ready");
  });

  test("asks the database once for its numbers, and once more while a day is marked", async () => {
    const shop = await makeMerchant();
    await addHistory(shop);
    await openPage(page, shop);
    for (const times of [2, 1]) {
      const statements = await recordStatements(() => openPage(page, shop, { range: "90" }));
      const identity = statements.filter((sql) => /"Session"|s\.domain =/.test(sql));
      const numbers = statements.filter((sql) => !identity.includes(sql));
      expect(numbers).toHaveLength(times);
      for (const sql of numbers) expect(sql).toContain("testimonial_daily_analytics");
      expect(identity).toHaveLength(2);
      await drainMarks(rollup.engine, Number.POSITIVE_INFINITY);
    }
  });
});

describe("the dashboard's extras", () => {
  test("rank products by the testimonials of the range", async () => {
    const shop = await makeMerchant();
    const counts = { a: 3, b: 1, c: 2, d: 1, e: 1, f: 1 };
    for (const [product, count] of Object.entries(counts)) {
      for (let index = 0; index < count; index += 1) {
        await addSubmission(shop, { submittedAt: at(daysAgo(index)), shopifyProductId: product });
      }
    }
    await addSubmission(shop, { submittedAt: at(daysAgo(30)), shopifyProductId: "z" });
    await addSubmission(shop, { submittedAt: at(daysAgo(1)) });
    const { data } = await openPage("dashboard", shop);
    expect(data.numbers?.extras.topProducts.map(({ productId, count }) => `${productId}${count}`)).toEqual([
      "a3",
      "c2",
      "b1",
      "d1",
      "e1",
    ]);
  });

  test("count what waits and list what is latest, of any age", async () => {
    const shop = await makeMerchant();
    const days = ["2025-01-01", "2025-01-03", "2025-01-02"];
    for (const [index, day] of days.entries()) {
      await addSubmission(shop, { submittedAt: at(day), headline: day, rating: index + 1, mediaType: "video" });
    }
    await addSubmission(shop, { submittedAt: at("2024-01-01"), status: "rejected" });
    await addSubmission(shop, { headline: "never submitted" });
    const { data } = await openPage("dashboard", shop);
    expect(data.numbers?.extras.waiting).toEqual({ count: 4, long: 3, lowRated: 2 });
    expect(data.numbers?.extras.latest.map(({ headline }) => headline)).toEqual([
      "2025-01-03",
      "2025-01-02",
      "2025-01-01",
      null,
    ]);
    expect(data.numbers?.extras.latest[0]).toMatchObject({
      mediaType: "video",
      rating: 2,
      status: "pending",
      submittedAt: "2025-01-03T12:00:00.000Z",
    });
  });
});

test("opened counts each request with an open event in the range once", async () => {
  const shop = await makeMerchant();
  const [first, second, third] = [await addRequest(shop), await addRequest(shop), await addRequest(shop)];
  for (const days of [0, 0, 29]) await addEvent(shop, first.id, "opened", daysAgo(days));
  await addEvent(shop, second.id, "opened", daysAgo(29));
  await addEvent(shop, third.id, "opened", daysAgo(30));
  await addEvent(shop, third.id, "delivered", daysAgo(1));
  expect((await openPage("analytics", shop)).data.numbers?.extras.opened).toBe(2);
});
