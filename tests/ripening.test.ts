import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { toDay } from "~/services/rollup/day";
import { daysAgo, makeMerchant, openPage, type PageName } from "./support/pages";
import { at, type TestShop } from "./support/shops";
import { runSql } from "./support/writers";

// Within how many days most answers come, by the answers that a shop has had.

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Requests sent so many days ago, each answered after one of the times. */
async function addAnswered(shop: TestShop, sentDaysAgo: number, afterMs: number[]): Promise<void> {
  const sentAt = at(daysAgo(sentDaysAgo));
  await db.testimonialRequest.createMany({
    data: afterMs.map((ms) => ({ shopId: shop.id, sentAt, submittedAt: new Date(Number(sentAt) + ms) })),
  });
}

/** The same of testimonials and decisions on them. */
async function addDecided(shop: TestShop, submittedDaysAgo: number, afterMs: number[], column = "approvedAt") {
  const submittedAt = at(daysAgo(submittedDaysAgo));
  await db.testimonialSubmission.createMany({
    data: afterMs.map((ms) => ({ shopId: shop.id, submittedAt, [column]: new Date(Number(submittedAt) + ms) })),
  });
}

async function readRipening(shop: TestShop, page: PageName = "analytics") {
  const { data } = await openPage(page, shop, { range: "7" });
  return data.numbers?.ripening;
}

/** In whole days: the first of the times, in order, up to which nine of ten of them are. */
function findNineOfTen(timesMs: number[]): number {
  const sorted = timesMs.toSorted((a, b) => a - b);
  const time = sorted.find((_, index) => 10 * (index + 1) >= 9 * sorted.length) ?? Number.NaN;
  return Math.ceil(time / dayMs);
}

describe.each(["dashboard", "analytics"] as const)("the %s", (page) => {
  test("knows within how many days nine of ten answers came, and decisions", async () => {
    for (const [count, step] of [
      [20, 11],
      [21, 17],
      [37, 23],
      [100, 5],
    ] as const) {
      const shop = await makeMerchant();
      const times = Array.from({ length: count }, (_, index) => (((index * 31) % count) * step + 1) * hourMs);
      await addAnswered(shop, 61, times.slice(0, 10));
      await addAnswered(shop, 200, times.slice(10));
      await addDecided(
        shop,
        70,
        times.map((ms) => ms / 2),
      );
      expect(await readRipening(shop, page)).toEqual({
        sent: Math.min(60, findNineOfTen(times)),
        submitted: findNineOfTen(times.map((ms) => ms / 2)),
      });
    }
  });
});

test("fewer than twenty answers tell nothing, and a week is taken", async () => {
  const shop = await makeMerchant();
  const times = Array.from({ length: 19 }, () => 2 * dayMs);
  await addAnswered(shop, 61, times);
  await addDecided(shop, 61, times);
  expect(await readRipening(shop)).toEqual({ sent: 7, submitted: 7 });
  await addAnswered(shop, 61, [dayMs]);
  await addDecided(shop, 61, [hourMs], "publishedAt");
  expect(await readRipening(shop)).toEqual({ sent: 2, submitted: 2 });
});

test("rows of the last sixty days tell nothing: of these the quick answers alone are known", async () => {
  const shop = await makeMerchant();
  await addAnswered(shop, 61, Array(20).fill(9 * dayMs));
  await addDecided(shop, 61, Array(20).fill(9 * dayMs));
  for (const days of [1, 30, 60]) {
    await addAnswered(shop, days, Array(100).fill(hourMs));
    await addDecided(shop, days, Array(100).fill(hourMs));
  }
  expect(await readRipening(shop)).toEqual({ sent: 9, submitted: 9 });
});

test("what was not answered, or before it was asked, tells nothing", async () => {
  const shop = await makeMerchant();
  await addAnswered(shop, 61, [...Array(20).fill(3 * dayMs), ...Array(50).fill(-dayMs)]);
  await db.testimonialRequest.createMany({
    data: Array.from({ length: 50 }, () => ({ shopId: shop.id, sentAt: at(daysAgo(61)) })),
  });
  await runSql(
    `insert into testimonial_requests (shop_id, sent_at, submitted_at)
     select $1, began::timestamp, answered::timestamp
     from (values ('-infinity', '2020-01-01'), ('2020-01-01', 'infinity'), ('infinity', 'infinity')) v (began, answered),
       generate_series(1, 30)`,
    [shop.id],
  );
  expect(await readRipening(shop)).toEqual({ sent: 3, submitted: 7 });
});

test("the latest two thousand rows are looked at, so that a page costs the same however many there are", async () => {
  const shop = await makeMerchant();
  await addAnswered(shop, 300, Array(30).fill(dayMs));
  expect(await readRipening(shop)).toMatchObject({ sent: 1 });
  await runSql(
    "insert into testimonial_requests (shop_id, sent_at) select $1, $2::timestamp from generate_series(1, 2000)",
    [shop.id, daysAgo(100)],
  );
  expect(await readRipening(shop)).toMatchObject({ sent: 7 });
});

test("answers at once leave today alone open, and those that take for ever sixty days", async () => {
  const [quick, slow] = [await makeMerchant(), await makeMerchant()];
  await addAnswered(quick, 61, Array(20).fill(0));
  await addAnswered(slow, 400, Array(20).fill(300 * dayMs));
  const open = async (shop: TestShop) => {
    const { data } = await openPage("analytics", shop, { range: "90" });
    const { openFrom, compared } = data.numbers ?? {};
    return [openFrom, compared?.events?.days, compared?.sent?.days, compared?.submitted?.days];
  };
  const today = toDay(new Date());
  const week = daysAgo(7);
  expect(await open(quick)).toEqual([{ events: today, sent: today, submitted: week }, 90, 90, 83]);
  expect(await open(slow)).toEqual([{ events: today, sent: daysAgo(60), submitted: week }, 90, 30, 83]);
  const { data } = await openPage("analytics", slow, { range: "30" });
  expect(data.numbers?.compared).toMatchObject({ events: { days: 30 }, sent: null, submitted: { days: 23 } });
});
