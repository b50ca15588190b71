import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { readAnalytics } from "~/services/analytics.server";
import { readDashboard } from "~/services/dashboard.server";
import { type Day, toDay } from "~/services/rollup/day";
import { daysAgo } from "./support/pages";
import { addClickEvent, addRequest, addSubmission, at, makeShop, type TestShop } from "./support/shops";

// What the pages say of a shop beside its daily counts, against plain arrays of what was written.

const minuteMs = 60_000;
const dayMs = 86_400_000;
const today = toDay(new Date());
const [from, to] = ["2026-03-01", "2026-03-31"];
const march = toQuery({ from: from as Day, to: to as Day });

/** What a page asks for whose days are these. */
function toQuery(shown: { from: Day; to: Day }) {
  return { shown, before: null, today, product: null };
}

async function setInstant(table: string, column: string, id: string, instant: string): Promise<void> {
  await db.$executeRawUnsafe(`update ${table} set ${column} = '${instant}' where id = '${id}'`);
}

describe("testimonials that wait", () => {
  async function readWaiting(shop: TestShop) {
    return (await readDashboard(shop.id, march)).extras.waiting;
  }

  test("are counted, those of more than 14 days and those of 1 or 2 stars among them", async () => {
    const [shop, other] = [await makeShop(), await makeShop()];
    const nowMs = Date.now();
    const ages = [null, 0, dayMs, 14 * dayMs - 5 * minuteMs, 14 * dayMs + 1, 15 * dayMs, 900 * dayMs, -5 * dayMs];
    const rows = ages.flatMap((ageMs, index) =>
      ["pending", "approved", "rejected", "archived"].map((status, place) => ({
        status,
        rating: [null, 0, 1, 2, 3, 5][(index + place) % 6] ?? null,
        submittedAt: ageMs === null ? null : new Date(nowMs - ageMs),
      })),
    );
    for (const row of rows) await addSubmission(shop, row);
    for (const row of rows) await addSubmission(other, row);
    const waiting = rows.filter(({ status }) => status === "pending");
    expect(await readWaiting(shop)).toEqual({
      count: waiting.length,
      long: waiting.filter(({ submittedAt }) => submittedAt && submittedAt.getTime() < nowMs - 14 * dayMs).length,
      lowRated: waiting.filter(({ rating }) => rating === 1 || rating === 2).length,
    });
  });

  test("have waited for no time where their instant is infinite", async () => {
    const shop = await makeShop();
    for (const instant of ["infinity", "-infinity"]) {
      const { id } = await addSubmission(shop, { rating: 1 });
      await setInstant("testimonial_submissions", "submitted_at", id, instant);
    }
    expect(await readWaiting(shop)).toEqual({ count: 2, long: 0, lowRated: 2 });
  });

  test("are none in a shop without any", async () => {
    const shop = await makeShop();
    await addSubmission(shop, { status: "approved", rating: 1, submittedAt: at("2026-01-01") });
    expect(await readWaiting(shop)).toEqual({ count: 0, long: 0, lowRated: 0 });
  });

  test("are counted up to ten thousand, and told apart from more", async () => {
    const shop = await makeShop();
    await db.$executeRawUnsafe(
      `insert into testimonial_submissions (shop_id, status, rating)
       select '${shop.id}', 'pending', 1 from generate_series(1, 10003)`,
    );
    expect(await readWaiting(shop)).toEqual({ count: 10_001, long: 0, lowRated: 10_001 });
  });
});

describe("the weeks that a fall is told by", () => {
  const counts: [days: number, sent: number, clicked: number][] = [
    [-1, 1, 1],
    [0, 2, 1],
    [1, 3, 2],
    [7, 4, 3],
    [8, 5, 4],
    [20, 6, 1],
    [35, 7, 6],
    [36, 8, 7],
  ];

  function sum(place: 1 | 2, first: number, last: number): number {
    return counts.filter(([days]) => days >= first && days <= last).reduce((sum, row) => sum + row[place], 0);
  }

  test("are the 7 days before today and the 28 before those, whatever is shown, stored or not, uninstalled or not", async () => {
    const [shop, other] = [await makeShop(), await makeShop()];
    for (const [days, sent, clicked] of counts) {
      for (let index = 0; index < sent; index += 1) {
        const { id } = await addRequest(shop, { sentAt: at(daysAgo(days), "00:00:00.000") });
        if (index < clicked) await addClickEvent(shop, id, at(daysAgo(days), "23:59:59.999"));
      }
    }
    await addRequest(other, { sentAt: at(daysAgo(3)) });
    const { id } = await addRequest(shop, {});
    await setInstant("testimonial_requests", "sent_at", id, "infinity");
    async function expectWeeks(query: typeof march): Promise<void> {
      const { weeks } = await readDashboard(shop.id, query);
      expect(weeks?.recent).toMatchObject({ requestsSent: sum(1, 1, 7), requestsClicked: sum(2, 1, 7) });
      expect(weeks?.before).toMatchObject({ requestsSent: sum(1, 8, 35), requestsClicked: sum(2, 8, 35) });
    }
    const shown = [march, toQuery({ from: daysAgo(29) as Day, to: today }), toQuery({ from: today, to: today })];
    for (const query of shown) await expectWeeks(query);
    await rollup.run({ trigger: "cron", today });
    for (const query of shown) await expectWeeks(query);
    await db.shop.update({ where: { id: shop.id }, data: { uninstalledAt: new Date() } });
    for (const query of shown) await expectWeeks(query);
  });
});

type Testimonial = {
  submittedAt: Date;
  sentAt?: Date | null;
  approvedAt?: Date | null;
  publishedAt?: Date | null;
};

function median(values: number[]): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

function toSeconds(pairs: [Date | null | undefined, Date | null | undefined][]): number[] {
  return pairs.flatMap(([start, end]) =>
    start && end && end >= start ? [(end.getTime() - start.getTime()) / 1_000] : [],
  );
}

describe("times", () => {
  async function readTimes(shop: TestShop) {
    return (await readAnalytics(shop.id, march)).extras.times;
  }

  async function addTestimonials(shop: TestShop, testimonials: Testimonial[]): Promise<void> {
    for (const { sentAt, ...data } of testimonials) {
      const requestId = sentAt === undefined ? null : (await addRequest(shop, { sentAt })).id;
      await addSubmission(shop, { ...data, requestId });
    }
  }

  const inMarch: Testimonial[] = [
    {
      submittedAt: at(from, "00:00:00.000"),
      sentAt: at("2026-02-27"),
      approvedAt: at("2026-03-04"),
      publishedAt: at("2026-03-09"),
    },
    { submittedAt: at("2026-03-05"), sentAt: at("2026-03-05"), publishedAt: at("2026-03-05", "18:30:15.250") },
    { submittedAt: at("2026-03-06"), sentAt: null, approvedAt: at("2026-03-06", "11:00:00.000") },
    { submittedAt: at("2026-03-07"), sentAt: at("2026-03-08") },
    { submittedAt: at("2026-03-08"), approvedAt: at("2026-05-01") },
    { submittedAt: at("2026-03-09"), sentAt: at("2026-03-01"), approvedAt: at("2026-03-10") },
    { submittedAt: at(to, "23:59:59.999"), sentAt: at("2026-03-30") },
  ];

  test("are the medians of the testimonials submitted in the range", async () => {
    const [shop, other] = [await makeShop(), await makeShop()];
    const around: Testimonial[] = ["2026-02-28", "2026-04-01"].map((day) => ({
      submittedAt: at(day),
      sentAt: at("2026-02-01"),
      approvedAt: at("2026-06-01"),
    }));
    await addTestimonials(shop, [...inMarch, ...around]);
    await addTestimonials(other, [{ submittedAt: at("2026-03-03"), sentAt: at("2026-01-01") }]);
    const untilSubmitted = toSeconds(inMarch.map(({ sentAt, submittedAt }) => [sentAt, submittedAt]));
    const untilApproved = toSeconds(
      inMarch.map(({ submittedAt, approvedAt, publishedAt }) => [submittedAt, approvedAt ?? publishedAt]),
    );
    expect([untilSubmitted.length, untilApproved.length]).toEqual([4, 4]);
    expect(await readTimes(shop)).toEqual({
      looked: inMarch.length,
      untilSubmitted: { count: untilSubmitted.length, medianSeconds: median(untilSubmitted) },
      untilApproved: { count: untilApproved.length, medianSeconds: median(untilApproved) },
    });
  });

  test("leave out infinite instants and another shop's request", async () => {
    const [shop, other] = [await makeShop(), await makeShop()];
    const foreign = await addRequest(other, { sentAt: at("2026-03-01") });
    await addSubmission(shop, { submittedAt: at("2026-03-02"), requestId: foreign.id });
    for (const instant of ["infinity", "-infinity"]) {
      const request = await addRequest(shop);
      await setInstant("testimonial_requests", "sent_at", request.id, instant);
      const { id } = await addSubmission(shop, { submittedAt: at("2026-03-02"), requestId: request.id });
      await setInstant("testimonial_submissions", "approved_at", id, instant);
      const { id: endless } = await addSubmission(shop, { approvedAt: at("2026-03-03") });
      await setInstant("testimonial_submissions", "submitted_at", endless, instant);
    }
    const none = { count: 0, medianSeconds: null };
    expect(await readTimes(shop)).toEqual({ looked: 3, untilSubmitted: none, untilApproved: none });
  });

  test("are of the latest two thousand where there are more", async () => {
    const shop = await makeShop();
    await db.$executeRawUnsafe(
      `insert into testimonial_submissions (shop_id, submitted_at, approved_at)
       select '${shop.id}', s.at, s.at + case when n > 10 then interval '1 hour' else interval '1 year' end
       from generate_series(1, 2010) n, lateral (select '2026-03-01'::timestamp + n * interval '10 minutes') s (at)`,
    );
    expect(await readTimes(shop)).toMatchObject({
      looked: 2_000,
      untilApproved: { count: 2_000, medianSeconds: 3_600 },
    });
  });
});

test("failed and expired requests are those sent in the range or, never sent, created in it", async () => {
  const [shop, other] = [await makeShop(), await makeShop()];
  const edges = [
    "2026-02-28T23:59:59.999Z",
    `${from}T00:00:00.000Z`,
    `${to}T23:59:59.999Z`,
    "2026-04-01T00:00:00.000Z",
  ];
  const instants = [null, ...edges.map((edge) => new Date(edge))];
  const statuses = ["scheduled", "sent", "clicked", "submitted", "expired", "failed"];
  const rows = statuses.flatMap((status) =>
    instants.flatMap((sentAt) =>
      instants.flatMap((createdAt) => (createdAt === null ? [] : [{ status, sentAt, createdAt }])),
    ),
  );
  for (const data of rows) await addRequest(shop, data);
  for (const data of rows) await addRequest(other, data);
  const { id } = await addRequest(shop, { status: "failed", createdAt: at(from) });
  await setInstant("testimonial_requests", "sent_at", id, "infinity");
  function count(asked: string): number {
    const instantsOf = rows.filter(({ status }) => status === asked).map((row) => row.sentAt ?? row.createdAt);
    return instantsOf.filter((instant) => instant.toISOString().slice(0, 7) === "2026-03").length;
  }
  expect(count("failed")).toBeGreaterThan(5);
  expect((await readAnalytics(shop.id, march)).extras.lostRequests).toEqual({
    failed: count("failed"),
    expired: count("expired"),
  });
});
