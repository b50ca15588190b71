import { beforeEach, describe, expect, test, vi } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import { makePlace, spread } from "~/services/rollup/jobs/place.server";
import { bypassTriggers } from "./support/faults";
import { dropMarks } from "./support/shops";
import { runSql } from "./support/writers";

// With budgets too short for all shops each has its turn, whatever ids look like. One shop a batch: then the window is
// looked through shop by shop as well.

vi.hoisted(() => {
  process.env.ROLLUP_SHARDED = "true";
  process.env.ROLLUP_CONCURRENCY = "1";
});

const today = "2026-06-15" as Day;
const forms = {
  numbers: (n: number) => `shop-${n}`,
  cuids: (n: number) => `cl${n.toString(36).padStart(3, "0")}x9q0000l80f5h2k7j`,
  "global ids": (n: number) => `gid://shopify/Shop/${n}`,
  "capitals, digits and more": (n: number) => `${["Z", "0", "é", " ", "~"][n % 5]}${n}`,
};
const count = 12;

async function addShops(toId: (n: number) => string): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => toId(index + 1));
  await db.shop.createMany({ data: ids.map((id) => ({ id, domain: `${encodeURIComponent(id)}.example` })) });
  return ids;
}

/** Runs with a budget for one shop, and says which it was. */
async function runOnce(): Promise<void> {
  expect(await rollup.run({ trigger: "cron", today, budgetMs: 1 })).toMatchObject({ status: "ok" });
}

beforeEach(async () => {
  await db.shop.deleteMany();
  await db.rollupRun.deleteMany();
  await dropMarks();
});

describe.for(Object.entries(forms))("with ids of %s", ([, toId]) => {
  test("each shop is recounted in its turn, however busy those before it are", async () => {
    const ids = await addShops(toId);
    for (let runs = 0; runs < count; runs += 1) {
      await runSql("insert into rollup_marks (shop_id, date) select s.id, '2026-01-01' from shops s");
      if (runs === 0) {
        await runSql("insert into testimonial_requests (shop_id, sent_at) select s.id, '2026-01-01' from shops s");
      }
      await runOnce();
    }
    const rows = await db.testimonialDailyAnalytics.findMany({ select: { shopId: true } });
    expect(rows.map(({ shopId }) => shopId).sort()).toEqual(ids.toSorted());
  });
});

test("the window of each shop is looked at in its turn, with no time for more than one", async () => {
  await addShops(forms.numbers);
  await runSql("insert into testimonial_requests (shop_id, sent_at) select s.id, '2026-06-15' from shops s");
  expect(await rollup.run({ trigger: "cron", today })).toMatchObject({ shops: count });
  await bypassTriggers("update testimonial_daily_analytics set requests_sent = 9");
  const wrong = () => db.testimonialDailyAnalytics.count({ where: { requestsSent: 9 } });
  for (let runs = 0; runs < count; runs += 1) await runOnce();
  expect(await wrong()).toBe(0);
});

test("after a run that died at a shop's work the next begins with the one after it", async () => {
  const ids = (await addShops((n) => `shop-${n + 100}`)).toSorted();
  await db.rollupRun.create({ data: { kind: "rollup", trigger: "cron", status: "failed", cursor: ids[4] } });
  await runSql("insert into testimonial_requests (shop_id, sent_at) select s.id, '2026-01-01' from shops s");
  await runOnce();
  const rows = await db.testimonialDailyAnalytics.findMany({ select: { shopId: true } });
  expect(rows).toEqual([{ shopId: ids[5] }]);
});

test("a place is written down before the work on its shops, and not for each of many small batches", async () => {
  const saved: string[] = [];
  const place = makePlace({ cursor: "a", isShared: false }, async (cursor) => void saved.push(cursor));
  await place.moveTo("b");
  await place.moveTo("c");
  expect(saved).toEqual(["b"]);
  expect(place.cursor).toBe("c");
});

test("runs beside each other begin at shops by chance, each of which is there", async () => {
  const ids = ["a", "b", "c", "d"];
  const list = async ({ after, until, limit }: { after: string | null; until: string | null; limit: number }) =>
    ids.filter((id) => (after === null || id > after) && (until === null || id <= until)).slice(0, limit);
  const starts = new Set<string | null>();
  for (let tries = 0; tries < 500; tries += 1) {
    starts.add(await spread(makePlace({ cursor: "b", isShared: true }), list));
  }
  expect([...starts].toSorted()).toEqual(["a", "b", "c", "d"]);
  expect(await spread(makePlace({ cursor: "b", isShared: false }), list)).toBe("b");
  expect(await spread(makePlace({ cursor: "b", isShared: true }), async () => [])).toBe("b");
});
