import { randomUUID } from "node:crypto";
import type { Prisma } from "@prisma/client";
import { expect } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import { toRange } from "~/services/rollup/day";
import { type CohortCounts, type Counts, metricNames } from "~/testimonial-rollup";
import { noCohort, zeros } from "./counts";
import { countAll, countCohorts, countDays, readSourceRows, sumCohorts, sumDays } from "./oracle";

export type TestShop = { id: string; domain: string };

/** A shop of its own for a test. */
export async function makeShop(): Promise<TestShop> {
  const id = `shop-${randomUUID()}`;
  const domain = `${id}.myshopify.com`;
  await db.shop.create({ data: { id, domain } });
  return { id, domain };
}

/** An instant at noon, or at `time`, of a day. */
export function at(day: string, time = "12:00:00.000"): Date {
  return new Date(`${day}T${time}Z`);
}

export function addRequest(
  shop: TestShop,
  data: Omit<Prisma.TestimonialRequestUncheckedCreateInput, "shopId"> = {},
): Promise<{ id: string }> {
  return db.testimonialRequest.create({ data: { ...data, shopId: shop.id }, select: { id: true } });
}

export function addClickEvent(shop: TestShop, requestId: string, eventAt: Date): Promise<{ id: string }> {
  return db.testimonialRequestEvent.create({
    data: { shopId: shop.id, requestId, eventType: "clicked", eventAt },
    select: { id: true },
  });
}

export function addSubmission(
  shop: TestShop,
  data: Omit<Prisma.TestimonialSubmissionUncheckedCreateInput, "shopId"> = {},
): Promise<{ id: string }> {
  return db.testimonialSubmission.create({ data: { ...data, shopId: shop.id }, select: { id: true } });
}

/** The shop's daily rows as they are stored, by day: their seven counts. */
export async function readStoredRows(shop: TestShop): Promise<Map<string, Counts>> {
  const pick = (counts: Counts) => Object.fromEntries(metricNames.map((name) => [name, counts[name]])) as Counts;
  return new Map([...(await readWholeRows(shop))].map(([day, counts]) => [day, pick(counts)]));
}

/** The same rows with all of their counts. */
export async function readWholeRows(shop: TestShop): Promise<Map<string, Counts & CohortCounts>> {
  const rows = await db.testimonialDailyAnalytics.findMany({
    where: { shopId: shop.id },
    orderBy: { date: "asc" },
    omit: { id: true, shopId: true, createdAt: true, updatedAt: true },
  });
  return new Map(rows.map(({ date, ...counts }) => [date.toISOString().slice(0, 10), counts]));
}

/** The distinct days of the shop that are marked, in order: those of marked requests and of their click events among them. */
export async function listMarkedDays(shop: TestShop): Promise<string[]> {
  const rows = await db.$queryRawUnsafe<{ date: string }[]>(
    `select m.date::text as date from rollup_marks m where m.shop_id = $1 and m.date is not null
     union
     select e.event_at::date::text
     from rollup_marks m
     join testimonial_request_events e on e.request_id = m.parent_id and e.shop_id = m.shop_id
     where m.shop_id = $1 and e.event_type = 'clicked' and isfinite(e.event_at)
     union
     select r.sent_at::date::text
     from rollup_marks m
     join testimonial_requests r on r.id = m.parent_id and r.shop_id = m.shop_id
     where m.shop_id = $1 and isfinite(r.sent_at)
     order by 1`,
    shop.id,
  );
  return rows.map((row) => row.date);
}

/** How many marks the shop has, of one day or of all that marks can name. */
export async function countMarks(shop: TestShop, day: string | null = null): Promise<number> {
  const [row] = await db.$queryRawUnsafe<{ marks: number }[]>(
    "select count(*)::int as marks from rollup_marks where shop_id = $1 and ($2::date is null or date = $2::date)",
    shop.id,
    day,
  );
  return row?.marks ?? 0;
}

/** Forgets what is marked, of one shop or of all: as if nothing had been written to the change log. */
export async function dropMarks(shop?: TestShop): Promise<void> {
  await db.$executeRawUnsafe("delete from rollup_marks where $1::text is null or shop_id = $1", shop?.id ?? null);
}

/** Asserts that the shop's daily rows are, row for row, what the oracle counts. */
export async function expectStoredExact(shop: TestShop): Promise<void> {
  expect(await readWholeRows(shop)).toEqual(countAll(await readSourceRows(shop.id)));
}

/** Asserts that a read of the range is what the oracle counts: sums and each day. */
export async function expectReadExact(shop: TestShop, from: string, to: string): Promise<void> {
  const rows = await readSourceRows(shop.id);
  const [totals, cohorts] = [countDays(rows), countCohorts(rows)];
  const read = await rollup.readRange(shop.id, toRange(from as Day, to as Day));
  const days = listCalendarDays(from, to);
  expect(read.totals).toEqual(sumDays(totals, from, to));
  expect(read.cohort).toEqual(sumCohorts(cohorts, from, to));
  expect(read.series).toEqual(days.map((date) => ({ ...(totals.get(date) ?? zeros), date })));
  expect(read.cohortSeries).toEqual(days.map((date) => cohorts.get(date) ?? noCohort));
}

function listCalendarDays(from: string, to: string): string[] {
  const days: string[] = [];
  for (let time = Date.parse(from); time <= Date.parse(to); time += 86_400_000) {
    days.push(new Date(time).toISOString().slice(0, 10));
  }
  return days;
}
