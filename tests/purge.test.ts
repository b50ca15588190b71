import { afterEach, describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { events, unansweredRequests } from "~/purgeable-rows";
import { rollup } from "~/rollup.server";
import { type Day, toRange } from "~/services/rollup/day";
import { type PurgeOptions, purge as purgeRows } from "~/services/rollup/seal/purge.server";
import { readSeal, seal } from "./support/seals";
import {
  addClickEvent,
  addRequest,
  addSubmission,
  at,
  countMarks,
  makeShop,
  readStoredRows,
  type TestShop,
} from "./support/shops";

const today = "2026-06-15" as Day;
const before = "2026-05-01" as Day;
const everything = toRange("2026-01-01" as Day, "2026-06-30" as Day);

afterEach(async () => {
  await db.shop.deleteMany();
  await db.rollupRun.deleteMany();
});

function purge(options: Partial<PurgeOptions> = {}) {
  return purgeRows(rollup.engine, { before, purgeables: [events, unansweredRequests], ...options });
}

function addEvent(shop: TestShop, requestId: string, eventType: string, day: string) {
  return db.testimonialRequestEvent.create({ data: { shopId: shop.id, requestId, eventType, eventAt: at(day) } });
}

/** A sealed shop, with the names of the rows that may go and of those that may not. */
async function makeSealedShop() {
  const shop = await makeShop();
  const old = await addRequest(shop, { sentAt: at("2026-03-01") });
  const answered = await addRequest(shop, { sentAt: at("2026-03-02"), clickedAt: at("2026-03-03") });
  const clickedLate = await addRequest(shop, { sentAt: at("2026-03-04"), clickedAt: at("2026-05-04") });
  const openedLate = await addRequest(shop, { sentAt: at("2026-03-05") });
  const atTheEnd = await addRequest(shop, { sentAt: at("2026-04-30", "23:59:59.999") });
  const young = await addRequest(shop, { sentAt: at("2026-05-01", "00:00:00.000") });
  const unsent = await addRequest(shop, {});
  await addSubmission(shop, { requestId: answered.id, submittedAt: at("2026-03-04") });
  await addClickEvent(shop, old.id, at("2026-03-02"));
  await addEvent(shop, old.id, "opened", "2026-03-01");
  await addEvent(shop, answered.id, "delivered", "2026-03-02");
  const youngEvent = await addEvent(shop, openedLate.id, "opened", "2026-05-02");
  await rollup.run({ trigger: "cron", today });
  await seal({ shopId: shop.id, before });
  return {
    shop,
    youngEvent,
    gone: [old.id, atTheEnd.id],
    kept: [answered.id, clickedLate.id, openedLate.id, young.id, unsent.id],
  };
}

async function listRows(shop: TestShop): Promise<{ requests: string[]; events: string[] }> {
  const where = { shopId: shop.id };
  const [requests, ofRequests] = [
    await db.testimonialRequest.findMany({ where, select: { id: true } }),
    await db.testimonialRequestEvent.findMany({ where, select: { id: true } }),
  ];
  return { requests: requests.map(({ id }) => id).sort(), events: ofRequests.map(({ id }) => id).sort() };
}

const whole = { done: 1, total: 1, inUse: 0, failedShops: [] };

describe("a purge", () => {
  test("deletes what is of sealed days wholly, and changes no number, and nothing is reported as late", async () => {
    const { shop, youngEvent, kept } = await makeSealedShop();
    const numbers = await rollup.readRange(shop.id, everything);
    const rows = await readStoredRows(shop);
    expect(await purge()).toEqual({
      ...whole,
      rows: { testimonial_request_events: 3, testimonial_requests: 2 },
    });
    expect(await listRows(shop)).toEqual({ requests: kept.sort(), events: [youngEvent.id] });
    expect(await countMarks(shop)).toBe(0);
    const read = await rollup.readRange(shop.id, everything);
    expect({ ...read, freshness: numbers.freshness }).toEqual(numbers);
    expect(await rollup.run({ trigger: "cron", today, lookbackDays: 31 })).toMatchObject({
      status: "ok",
      rowsWritten: 0,
      rowsDeleted: 0,
      droppedDays: 0,
    });
    expect(await readStoredRows(shop)).toEqual(rows);
    expect(await rollup.verify({ trigger: "cron", today })).toMatchObject({ drifted: 0, alert: false });
    expect(await purge()).toMatchObject({ rows: {} });
  });

  test("of events alone leaves all requests", async () => {
    const { shop, youngEvent, gone, kept } = await makeSealedShop();
    expect(await purge({ purgeables: [events] })).toMatchObject({ rows: { testimonial_request_events: 3 } });
    expect(await listRows(shop)).toEqual({ requests: [...gone, ...kept].sort(), events: [youngEvent.id] });
  });

  test("deletes nothing of days that are not sealed, whatever day it is given, nor of days after that day", async () => {
    const { shop, gone } = await makeSealedShop();
    const open = await makeShop();
    await addRequest(open, { sentAt: at("2026-03-01") });
    expect(await purge({ before: "2026-03-02" as Day })).toMatchObject({
      rows: { testimonial_request_events: 1 },
    });
    expect(await purge({ before: "2999-12-31" as Day })).toMatchObject({ rows: { testimonial_requests: 2 } });
    expect((await listRows(shop)).requests).not.toEqual(expect.arrayContaining(gone));
    expect((await listRows(open)).requests).toHaveLength(1);
  });

  test("of one shop leaves the others", async () => {
    const [one, other] = [await makeSealedShop(), await makeSealedShop()];
    expect(await purge({ shopId: one.shop.id })).toMatchObject({ done: 1, total: 1 });
    expect((await listRows(other.shop)).requests).toEqual([...other.gone, ...other.kept].sort());
  });

  test("a dry run counts what would go, and deletes nothing", async () => {
    const { shop } = await makeSealedShop();
    const rows = await listRows(shop);
    expect(await purge({ dryRun: true })).toEqual({
      ...whole,
      rows: { testimonial_request_events: 3, testimonial_requests: 2 },
    });
    expect(await listRows(shop)).toEqual(rows);
  });

  test("goes in batches, tells how far it is, keeps to its rate, and can be stopped between two of them", async () => {
    const { shop } = await makeSealedShop();
    const stop = new AbortController();
    const told: number[] = [];
    const startedAt = performance.now();
    await purge({
      batchRows: 1,
      rowsPerSecond: 10,
      signal: stop.signal,
      report: ({ rows }) => {
        told.push(rows.testimonial_request_events ?? 0);
        if (told.length === 2) stop.abort();
      },
    });
    expect(performance.now() - startedAt).toBeGreaterThan(100);
    expect(told).toEqual([1, 2]);
    expect((await listRows(shop)).events).toHaveLength(2);
    expect(await purge()).toMatchObject({ rows: { testimonial_request_events: 1, testimonial_requests: 2 } });
  });

  test("keeps its days from being unsealed, and leaves those after it free", async () => {
    const { shop } = await makeSealedShop();
    await purge({ before: "2026-04-01" as Day });
    const from = (day: string) => toRange(day as Day, "2026-06-15" as Day);
    expect(await rollup.startRebuild({ shopId: shop.id, range: from("2026-03-31"), unseal: true })).toEqual({
      notUnsealed: "Source rows of its days before 2026-04-01 were purged: those days stay sealed.",
    });
    expect(await rollup.startRebuild({ shopId: shop.id, range: from("2026-04-01"), unseal: true })).toBeTypeOf(
      "string",
    );
    await rollup.settle();
    expect(await readSeal(shop)).toMatchObject({ sealedUntil: "2026-04-01" });
  });

  test("leaves a shop alone whose sealed rows were changed: its source rows are all that could mend them", async () => {
    const [changed, other] = [await makeSealedShop(), await makeSealedShop()];
    await db.$executeRawUnsafe(
      "update testimonial_daily_analytics set requests_sent = 9 where date = '2026-03-01' and shop_id = $1",
      changed.shop.id,
    );
    expect(await purge()).toMatchObject({
      done: 1,
      total: 2,
      failedShops: [{ shopId: changed.shop.id, error: "Its sealed rows are not as they were sealed." }],
    });
    expect((await listRows(changed.shop)).requests).toHaveLength(7);
    expect((await listRows(other.shop)).requests).toHaveLength(5);
  });

  test("of rows on no day is refused", async () => {
    await makeSealedShop();
    await expect(purge({ purgeables: [{ source: "shops" }] })).rejects.toThrow('no source "shops"');
  });
});
