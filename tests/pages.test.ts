import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { toDay } from "~/services/rollup/day";
import { drainMarks } from "~/services/rollup/jobs/drain.server";
import { noCohort, zeros } from "./support/counts";
import { countAll, countCohorts, countDays, readSourceRows, sumCohorts, sumDays } from "./support/oracle";
import { daysAgo, makeMerchant, openPage, type PageName } from "./support/pages";
import { seal } from "./support/seals";
import { addClickEvent, addRequest, addSubmission, at, type TestShop } from "./support/shops";
import { recordStatements } from "./support/statements";

const both: PageName[] = ["dashboard", "analytics"];

/** Requests, opens, clicks and testimonials over the last 200 days. */
async function addHistory(shop: TestShop): Promise<void> {
  for (let days = 0; days < 200; days += 5) {
    const day = daysAgo(days);
    const request = await addRequest(shop, {
      sentAt: at(day),
      clickedAt: days % 2 ? at(day) : null,
      submittedAt: days % 3 ? at(day, "13:00:00.000") : null,
    });
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

type Dates = { from: string; to: string };

/** The dates of both ends and between. */
function listDates({ from, to }: Dates): string[] {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
  return Array.from({ length: count }, (_, index) => toDay(new Date(Date.parse(from) + index * 86_400_000)));
}

async function expectNumbers(page: PageName, shop: TestShop, query: Record<string, string>, days: Dates) {
  const { status, data } = await openPage(page, shop, query);
  expect(status).toBe(200);
  expect(data.choice.shown).toEqual(days);
  const { numbers } = data;
  if (!numbers) throw new Error("The page has no numbers.");
  const rows = await readSourceRows(shop.id);
  const [totals, cohorts, all] = [countDays(rows), countCohorts(rows), countAll(rows)];
  const sum = ({ from, to }: Dates) => ({ totals: sumDays(totals, from, to), cohort: sumCohorts(cohorts, from, to) });
  expect(numbers.sums).toEqual(sum(days));
  expect(numbers.today).toEqual(sum({ from: daysAgo(0), to: daysAgo(0) }));

  // As many days as are over, beside those just before them.
  const over = listDates(days).filter((date) => date < daysAgo(0));
  const before = { from: toDay(new Date(Date.parse(days.from) - over.length * 86_400_000)), to: "" };
  for (const kind of ["events", "sent", "submitted"] as const) {
    const count = over.filter((date) => date < numbers.openFrom[kind]).length;
    const ends = listDates({ from: before.from, to: days.from })[count - 1] ?? "";
    const compared = count > 0 && {
      days: count,
      now: sum({ from: days.from, to: over[count - 1] ?? "" }),
      before: sum({ from: before.from, to: ends }),
    };
    expect(numbers.compared[kind]).toEqual(compared || null);
  }

  // The latest days have all counts, and steps as many points as their days make.
  const latest = numbers.latestDays;
  const dates = latest ? listDates(latest) : [];
  expect(dates).toEqual(listDates(days).slice(-92));
  for (const [name, counts] of Object.entries(latest?.columns ?? {})) {
    const expected = dates.map((date) => ({ ...zeros, ...noCohort, ...all.get(date) })[name as "requestsSent"]);
    expect(counts, name).toEqual(expected);
  }
  const sent = numbers.steps?.columns.requestsSent ?? [];
  expect(sent.reduce((total, count) => total + count, 0)).toBe(numbers.sums.totals.requestsSent);
}

describe.each(both)("the %s", (page) => {
  test("shows the oracle's numbers of the days in its address, before any run and after", async () => {
    const shop = await makeMerchant();
    await addHistory(shop);
    for (const settle of [false, true]) {
      if (settle) await rollup.run({ trigger: "cron", today: toDay(new Date()) });
      await expectNumbers(page, shop, {}, { from: daysAgo(30), to: daysAgo(1) });
      for (const days of [7, 30, 90]) {
        await expectNumbers(page, shop, { range: String(days) }, { from: daysAgo(days), to: daysAgo(1) });
      }
      await expectNumbers(page, shop, { range: "yesterday" }, { from: daysAgo(1), to: daysAgo(1) });
      await expectNumbers(page, shop, { range: "today" }, { from: daysAgo(0), to: daysAgo(0) });
      const customs = [
        { from: daysAgo(77), to: daysAgo(21) },
        { from: daysAgo(77), to: daysAgo(77) },
        { from: daysAgo(40), to: daysAgo(0) },
        { from: "2021-01-01", to: "2026-01-01" },
      ];
      for (const days of customs) await expectNumbers(page, shop, { range: "custom", ...days }, days);
    }
  });

  test("shows all days from the shop's first, and compares them with the year before alone", async () => {
    const shop = await makeMerchant();
    await addHistory(shop);
    const shown = { from: daysAgo(195), to: daysAgo(1) };
    for (const settle of [false, true]) {
      if (settle) await rollup.run({ trigger: "cron", today: toDay(new Date()) });
      const { data } = await openPage(page, shop, { range: "all" });
      expect(data.choice).toMatchObject({ preset: "all", shown, before: null });
      expect(data.numbers).toMatchObject({
        compared: { events: null, sent: null, submitted: null },
        stepsBefore: null,
      });
      const year = await openPage(page, shop, { range: "all", compare: "year" });
      expect(year.data.choice).toMatchObject({ shown, compare: "year" });
      expect(year.data.numbers?.compared.events).toMatchObject({ days: 195, before: { totals: zeros } });
      expect(year.data.numbers?.stepsBefore?.columns.requestsSent?.length).toBeGreaterThan(0);
    }
  });

  test("compares with the year before where the address says so", async () => {
    const shop = await makeMerchant();
    const yearAgo = new Date(Date.now() - 86_400_000);
    yearAgo.setUTCFullYear(yearAgo.getUTCFullYear() - 1);
    for (const day of [daysAgo(1), daysAgo(1), toDay(yearAgo)]) await addRequest(shop, { sentAt: at(day) });
    const { data } = await openPage(page, shop, { range: "yesterday", compare: "year" });
    const [now, before] = [data.numbers?.compared.events?.now, data.numbers?.compared.events?.before];
    expect([now?.totals.requestsSent, before?.totals.requestsSent]).toEqual([2, 1]);
    expect(data.numbers?.stepsBefore).toMatchObject({ from: toDay(yearAgo), columns: { requestsSent: [1] } });
  });

  test("keeps the days of an address for the next visit, if they are right", async () => {
    const shop = await makeMerchant();
    await addRequest(shop, { sentAt: at(daysAgo(1)) });
    const first = await openPage(page, shop);
    expect([first.cookie, first.data.choice.preset]).toEqual([null, "30"]);
    const { cookie } = await openPage(page, shop, { range: "90", compare: "year" });
    expect(cookie).toMatch(/^days=/);
    const next = await openPage(page, shop, {}, cookie ?? "");
    expect(next.data.choice).toMatchObject({ preset: "90", compare: "year", issues: [], shown: { from: daysAgo(90) } });
    expect(next.cookie).toBeNull();
    const wrong = await openPage(page, shop, { range: "custom", from: daysAgo(1), to: daysAgo(2) }, cookie ?? "");
    expect([wrong.cookie, wrong.data.choice.issues.length]).toEqual([null, 1]);
    const hostile = await openPage(page, shop, {}, `days=${btoa('"range=custom&from=x"')}`);
    expect(hostile.data.choice).toMatchObject({ preset: "30", issues: [] });
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
    expect([data.state, data.numbers?.sums.totals.requestsSent]).toEqual(["ready", 1]);
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
      expect(data.choice.shown).toEqual({ from: daysAgo(30), to: daysAgo(1) });
      expect(data.choice.from).toBe(query.range === "custom" ? (query.from ?? "") : daysAgo(30));
    }
  });

  test("keeps the last valid range where the next is none", async () => {
    const shop = await makeMerchant();
    await addHistory(shop);
    const [from, to] = [daysAgo(60), daysAgo(50)];
    const query = { range: "custom", from: daysAgo(1), to: daysAgo(2) };
    const { data } = await openPage(page, shop, { ...query, last: `${from}_${to}` });
    expect(data.choice.shown).toEqual({ from, to });
    expect(data.numbers?.latestDays).toMatchObject({ from, to });
    const nonsense = await openPage(page, shop, { ...query, last: "2026-99-01_x" });
    expect(nonsense.data.choice.shown).toEqual({ from: daysAgo(30), to: daysAgo(1) });
  });

  test("tells a shop that never had data from a range without any", async () => {
    const shop = await makeMerchant();
    expect((await openPage(page, shop)).data).toMatchObject({ state: "new", numbers: null });
    await addRequest(shop, { sentAt: at("2025-01-01") });
    expect((await openPage(page, shop)).data).toMatchObject({ state: "ready", numbers: { sums: { totals: zeros } } });
  });

  test("shows nothing of another shop", async () => {
    const [shop, other] = [await makeMerchant(), await makeMerchant()];
    await addRequest(shop, { sentAt: at(daysAgo(0)) });
    await addHistory(other);
    const { data } = await openPage(page, shop, { shop: other.domain, shopId: other.id });
    expect(data.numbers?.sums.totals).toEqual(zeros);
    expect(data.numbers?.today.totals).toEqual({ ...zeros, requestsSent: 1 });
    expect(data.numbers?.ripening).toEqual({ sent: 7, submitted: 7 });
    const none = { count: 0, medianSeconds: null };
    expect(data.numbers?.extras).toEqual(
      page === "dashboard"
        ? { hasData: true, waiting: { count: 0, long: 0, lowRated: 0 }, topProducts: [], latest: [] }
        : {
            hasData: true,
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
        await addSubmission(shop, { submittedAt: at(daysAgo(index + 1)), shopifyProductId: product });
      }
    }
    for (const days of [0, 31]) await addSubmission(shop, { submittedAt: at(daysAgo(days)), shopifyProductId: "z" });
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
