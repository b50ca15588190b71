import fc from "fast-check";
import { expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { type Day, toRange } from "~/services/rollup/day";
import type { AllCounts, CountName } from "~/testimonial-rollup";
import { allCountsOf } from "./support/counts";
import { countAll, readSourceRows } from "./support/oracle";
import { at, makeShop, type TestShop } from "./support/shops";

// What becomes of requests and of testimonials, whatever hosts have written of them.

/** Each stage with those after it: none is above the one before. */
const funnels: CountName[][] = [
  ["requestsSent", "sentOpened", "sentClicked", "sentSubmitted"],
  ["submissionsCount", "submittedApproved", "submittedPublished"],
];

const days = ["2026-05-01", "2026-05-02", "2026-05-03", "2026-05-04", "2026-05-05"];
const laterDay = "2026-05-06";
const moment = fc.tuple(fc.constantFrom(...days), fc.constantFrom("00:00:00.000", "23:59:59.999"));
const instant = fc.option(moment);
const request = fc.record({
  sentAt: instant,
  clickedAt: instant,
  submittedAt: instant,
  events: fc.array(fc.tuple(fc.constantFrom("opened", "clicked", "delivered"), moment), { maxLength: 3 }),
});
const submission = fc.record({
  submittedAt: instant,
  approvedAt: instant,
  publishedAt: instant,
  status: fc.constantFrom("pending", "approved", "rejected"),
  rating: fc.option(fc.integer({ min: -1, max: 7 })),
});

type Instant = [day: string, time: string] | null;
type Values<Built> = Built extends fc.Arbitrary<infer Value> ? Value : never;

const toDate = (value: Instant) => value && at(...value);

async function addRows(shop: TestShop, requests: Values<typeof request>[], submissions: Values<typeof submission>[]) {
  const idOf = (index: number) => `${shop.id} ${index}`;
  await db.testimonialRequest.createMany({
    data: requests.map(({ sentAt, clickedAt, submittedAt }, index) => ({
      id: idOf(index),
      shopId: shop.id,
      sentAt: toDate(sentAt),
      clickedAt: toDate(clickedAt),
      submittedAt: toDate(submittedAt),
    })),
  });
  await db.testimonialRequestEvent.createMany({
    data: requests.flatMap(({ events }, index) =>
      events.map(([eventType, eventAt]) => ({
        shopId: shop.id,
        requestId: idOf(index),
        eventType,
        eventAt: at(...eventAt),
      })),
    ),
  });
  await db.testimonialSubmission.createMany({
    data: submissions.map(({ submittedAt, approvedAt, publishedAt, ...rest }) => ({
      ...rest,
      shopId: shop.id,
      submittedAt: toDate(submittedAt),
      approvedAt: toDate(approvedAt),
      publishedAt: toDate(publishedAt),
    })),
  });
}

/** All counts of each day up to the later one, and of all of them together. */
async function readDays(shop: TestShop): Promise<{ each: AllCounts[]; all: AllCounts }> {
  const range = toRange(days[0] as Day, laterDay as Day);
  const { series, cohortSeries, totals, cohort } = await rollup.readRange(shop.id, range);
  const each = series.map(({ date: _, ...counts }, index) => ({ ...counts, ...cohortSeries[index] }) as AllCounts);
  return { each, all: { ...totals, ...cohort } };
}

function expectStagesInOrder(counts: AllCounts): void {
  for (const stages of funnels) {
    for (const [index, stage] of stages.slice(1).entries()) {
      expect(counts[stage], stage).toBeLessThanOrEqual(counts[stages[index] as CountName]);
    }
  }
}

test("no stage is above the one before it, and what is sent later lowers no rate of a day before", async () => {
  const rows = fc.tuple(fc.array(request, { maxLength: 30 }), fc.array(submission, { maxLength: 20 }));
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 1, max: 50 }), fc.boolean(), async (added, sentLater, settle) => {
      const shop = await makeShop();
      await addRows(shop, ...added);
      if (settle) await rollup.run({ trigger: "cron", today: laterDay as Day });
      const before = await readDays(shop);
      const counted = countAll(await readSourceRows(shop.id));
      expect(before.each).toEqual([...days, laterDay].map((day) => counted.get(day) ?? allCountsOf({})));
      for (const counts of [...before.each, before.all]) expectStagesInOrder(counts);

      await db.testimonialRequest.createMany({
        data: Array.from({ length: sentLater }, () => ({ shopId: shop.id, sentAt: at(laterDay) })),
      });
      const after = await readDays(shop);
      expect(after.each.slice(0, -1)).toEqual(before.each.slice(0, -1));
      expect(after.each.at(-1)).toEqual({
        ...before.each.at(-1),
        requestsSent: (before.each.at(-1)?.requestsSent ?? 0) + sentLater,
      });
      expectStagesInOrder(after.all);
    }),
    { numRuns: 12, endOnFailure: true },
  );
}, 120_000);
