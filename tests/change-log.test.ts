import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import {
  addClickEvent,
  addRequest,
  addSubmission,
  at,
  countMarks,
  expectReadExact,
  expectStoredExact,
  listMarkedDays,
  makeShop,
  type TestShop,
} from "./support/shops";
import { copyRows, runSql } from "./support/writers";

const today = "2026-06-15" as Day;

let shop: TestShop;
let other: TestShop;
let requestId: string;
let submissionId: string;

/** Marks of the shop after `write`, which begins with none. Reads must be exact at once, and rows after the next run. */
async function marksOf(write: () => Promise<unknown>): Promise<string[]> {
  await rollup.run({ trigger: "cron", today });
  expect(await listMarkedDays(shop)).toEqual([]);
  await write();
  const marks = await listMarkedDays(shop);
  await expectReadExact(shop, "2026-04-01", "2026-06-30");
  await expectReadExact(other, "2026-04-01", "2026-06-30");
  await rollup.run({ trigger: "cron", today });
  await expectStoredExact(shop);
  await expectStoredExact(other);
  return marks;
}

beforeEach(async () => {
  [shop, other] = [await makeShop(), await makeShop()];
  const request = await addRequest(shop, { sentAt: at("2026-05-01"), clickedAt: at("2026-05-02") });
  const submission = await addSubmission(shop, {
    status: "approved",
    mediaType: "photo",
    submittedAt: at("2026-05-03"),
    approvedAt: at("2026-05-04"),
    publishedAt: at("2026-05-05"),
  });
  [requestId, submissionId] = [request.id, submission.id];
});

test("a shop whose id changes takes its marks along, also of a day that has become empty", async () => {
  await rollup.run({ trigger: "cron", today });
  await runSql("delete from testimonial_requests where id = $1", [requestId]);
  const renamed = { ...shop, id: `shop-${randomUUID()}` };
  await runSql("update shops set id = $2 where id = $1", [shop.id, renamed.id]);
  expect(await listMarkedDays(renamed)).toEqual(expect.arrayContaining(["2026-05-01", "2026-05-02"]));
  await expectReadExact(renamed, "2026-04-01", "2026-06-30");
  expect(await rollup.run({ trigger: "cron", today })).toMatchObject({ remaining: 0 });
  await expectStoredExact(renamed);
  expect(await listMarkedDays(shop)).toEqual([]);
});

describe("a write to requests", () => {
  test("marks the days of an insert", async () => {
    const write = () =>
      runSql(
        "insert into testimonial_requests (shop_id, sent_at, clicked_at) values ($1, '2026-05-10', '2026-05-11')",
        [shop.id],
      );
    expect(await marksOf(write)).toEqual(["2026-05-10", "2026-05-11"]);
  });

  test("marks the old and the new day of an update", async () => {
    const write = () => runSql("update testimonial_requests set sent_at = '2026-05-20' where id = $1", [requestId]);
    expect(await marksOf(write)).toEqual(["2026-05-01", "2026-05-20"]);
  });

  test("marks nothing when an instant moves within its day, or another column changes", async () => {
    const write = () =>
      runSql("update testimonial_requests set sent_at = '2026-05-01 23:59', status = 'failed' where id = $1", [
        requestId,
      ]);
    expect(await marksOf(write)).toEqual([]);
  });

  test("marks all its days in both shops when a row moves to another shop", async () => {
    const write = async () => {
      await runSql("update testimonial_requests set shop_id = $1 where id = $2", [other.id, requestId]);
      expect(await listMarkedDays(other)).toEqual(["2026-05-01", "2026-05-02"]);
    };
    expect(await marksOf(write)).toEqual(["2026-05-01", "2026-05-02"]);
  });

  test("marks the day it was sent when a row gets another id, and the days of its click events", async () => {
    await addClickEvent(shop, requestId, at("2026-05-06"));
    const write = () => runSql("update testimonial_requests set id = $1 where id = $2", [randomUUID(), requestId]);
    expect(await marksOf(write)).toEqual(["2026-05-01", "2026-05-06"]);
  });

  test("marks the days of two rows that change places, for what became of them goes along", async () => {
    await addRequest(shop, { sentAt: at("2026-05-10") });
    const write = () =>
      runSql(
        `update testimonial_requests set sent_at = case when id = $2 then timestamp '2026-05-10' else '2026-05-01' end
         where shop_id = $1`,
        [shop.id, requestId],
      );
    expect(await marksOf(write)).toEqual(["2026-05-01", "2026-05-10"]);
  });

  test("marks its days when a row is deleted", async () => {
    const write = () => runSql("delete from testimonial_requests where id = $1", [requestId]);
    expect(await marksOf(write)).toEqual(["2026-05-01", "2026-05-02"]);
  });

  test("marks each day once for a statement of many rows", async () => {
    const write = () =>
      runSql(
        `insert into testimonial_requests (shop_id, sent_at)
         select $1, timestamp '2026-05-10' + make_interval(mins => i) from generate_series(0, 2879) i`,
        [shop.id],
      );
    await write();
    expect(await countMarks(shop, "2026-05-10")).toBe(1);
    expect(await marksOf(write)).toEqual(["2026-05-10", "2026-05-11"]);
  });

  test("is logged when it comes by copy", async () => {
    const write = () =>
      copyRows("testimonial_requests", "id, shop_id, sent_at", [
        `${randomUUID()},${shop.id},2026-05-10T00:00:00.000Z`,
        `${randomUUID()},${shop.id},2026-05-12T23:59:59.999Z`,
      ]);
    expect(await marksOf(write)).toEqual(["2026-05-10", "2026-05-12"]);
  });

  test("is logged when it comes by merge or upsert", async () => {
    const write = async () => {
      await runSql(
        `insert into testimonial_requests (id, shop_id, sent_at) values ($1, $2, '2026-05-13')
         on conflict (id) do update set sent_at = excluded.sent_at`,
        [requestId, shop.id],
      );
      await runSql(
        `merge into testimonial_requests r using (values ('2026-05-14'::timestamp)) as v (at) on r.id = '${requestId}'
         when matched then update set clicked_at = v.at`,
      );
    };
    expect(await marksOf(write)).toEqual(["2026-05-01", "2026-05-02", "2026-05-13", "2026-05-14"]);
  });

  test("leaves no mark when it is rolled back", async () => {
    const write = () =>
      db
        .$transaction(async (tx) => {
          await tx.testimonialRequest.deleteMany({ where: { shopId: shop.id } });
          throw new Error("rolled back on purpose");
        })
        .catch((error: Error) => expect(error.message).toBe("rolled back on purpose"));
    expect(await marksOf(write)).toEqual([]);
  });
});

describe("a click", () => {
  beforeEach(async () => {
    const unclicked = await addRequest(shop, { sentAt: at("2026-05-01") });
    requestId = unclicked.id;
    await addClickEvent(shop, requestId, at("2026-05-06"));
    await addClickEvent(shop, requestId, at("2026-05-08"));
  });

  test("marks the day of its event and those of its request", async () => {
    const write = () => addClickEvent(shop, requestId, at("2026-05-09"));
    expect(await marksOf(write)).toEqual(["2026-05-01", "2026-05-06", "2026-05-08", "2026-05-09"]);
  });

  test.for([
    { type: "opened", marks: ["2026-05-01"] },
    { type: "delivered", marks: [] },
  ])("that is none: an event $type of another request marks $marks", async ({ type, marks }) => {
    const { id } = await addRequest(shop, { sentAt: at("2026-05-01") });
    const insert =
      "insert into testimonial_request_events (shop_id, request_id, event_type, event_at) values ($1, $2, $3, '2026-05-10')";
    expect(await marksOf(() => runSql(insert, [shop.id, id, type]))).toEqual(marks);
  });

  test("that is recorded on the request marks the request's day and those of its click events too", async () => {
    const write = () => runSql("update testimonial_requests set clicked_at = '2026-05-07' where id = $1", [requestId]);
    expect(await marksOf(write)).toEqual(["2026-05-01", "2026-05-06", "2026-05-07", "2026-05-08"]);
  });

  test("that is taken off the request marks its day and those of its click events again", async () => {
    await runSql("update testimonial_requests set clicked_at = '2026-05-07' where id = $1", [requestId]);
    const write = () => runSql("update testimonial_requests set clicked_at = null where id = $1", [requestId]);
    expect(await marksOf(write)).toEqual(["2026-05-01", "2026-05-06", "2026-05-07", "2026-05-08"]);
  });

  test("whose event moves, changes its type or goes marks the days it leaves and comes to", async () => {
    const write = async () => {
      await runSql("update testimonial_request_events set event_at = '2026-05-20' where event_at = '2026-05-06 12:00'");
      await runSql("update testimonial_request_events set event_type = 'opened' where event_at = '2026-05-08 12:00'");
      await runSql("delete from testimonial_request_events where event_at = '2026-05-20'");
    };
    expect(await marksOf(write)).toEqual(["2026-05-01", "2026-05-06", "2026-05-08", "2026-05-20"]);
  });

  test("of many requests marks their day once when one statement changes them", async () => {
    await addClickEvent(shop, requestId, at("2026-05-09"));
    for (let n = 0; n < 3; n += 1) await addClickEvent(shop, (await addRequest(shop)).id, at("2026-05-09"));
    await rollup.run({ trigger: "cron", today });
    await runSql("update testimonial_request_events set event_type = 'opened' where shop_id = $1", [shop.id]);
    expect(await countMarks(shop, "2026-05-09")).toBe(1);
  });

  test("goes with its request, and marks its days", async () => {
    const write = () => runSql("delete from testimonial_requests where id = $1", [requestId]);
    expect(await marksOf(write)).toEqual(["2026-05-01", "2026-05-06", "2026-05-08"]);
  });

  test("stays exact when its request moves to another shop and its events follow", async () => {
    const write = async () => {
      await runSql("update testimonial_requests set shop_id = $1 where id = $2", [other.id, requestId]);
      await expectReadExact(shop, "2026-05-01", "2026-05-31");
      await runSql("update testimonial_request_events set shop_id = $1 where request_id = $2", [other.id, requestId]);
    };
    expect(await marksOf(write)).toEqual(["2026-05-01", "2026-05-06", "2026-05-08"]);
  });
});

describe("a write to submissions", () => {
  test("marks the days of an insert", async () => {
    const write = () =>
      runSql(
        `insert into testimonial_submissions (shop_id, status, submitted_at, approved_at, published_at)
         values ($1, 'approved', '2026-05-10', '2026-05-11', '2026-05-12')`,
        [shop.id],
      );
    expect(await marksOf(write)).toEqual(["2026-05-10", "2026-05-11", "2026-05-12"]);
  });

  const updates = [
    { change: "submitted_at = '2026-05-20'", marks: ["2026-05-03", "2026-05-20"] },
    { change: "approved_at = '2026-05-20'", marks: ["2026-05-03", "2026-05-04", "2026-05-20"] },
    { change: "published_at = null, published = false", marks: ["2026-05-03", "2026-05-05"] },
    { change: "status = 'rejected', approved_at = null", marks: ["2026-05-03", "2026-05-04"] },
    { change: "media_type = 'video'", marks: ["2026-05-03"] },
    { change: "rating = 1", marks: ["2026-05-03"] },
    { change: "headline = 'Other', review_text = 'Words'", marks: [] },
    { change: "submitted_at = '2026-05-03 00:00'", marks: [] },
  ];
  test.for(updates)("$change marks $marks", async ({ change, marks }) => {
    const write = () => runSql(`update testimonial_submissions set ${change} where id = $1`, [submissionId]);
    expect(await marksOf(write)).toEqual(marks);
  });

  test("marks all its days in both shops when a row moves to another shop", async () => {
    const write = async () => {
      await runSql("update testimonial_submissions set shop_id = $1 where id = $2", [other.id, submissionId]);
      expect(await listMarkedDays(other)).toEqual(["2026-05-03", "2026-05-04", "2026-05-05"]);
    };
    expect(await marksOf(write)).toEqual(["2026-05-03", "2026-05-04", "2026-05-05"]);
  });

  test("marks its days when a row is deleted", async () => {
    const write = () => runSql("delete from testimonial_submissions where id = $1", [submissionId]);
    expect(await marksOf(write)).toEqual(["2026-05-03", "2026-05-04", "2026-05-05"]);
  });
});

describe("a write to whole tables", () => {
  test("of a deleted shop leaves marks that the next run drops", async () => {
    await rollup.run({ trigger: "cron", today });
    await runSql("delete from shops where id = $1", [shop.id]);
    expect(await listMarkedDays(shop)).not.toEqual([]);
    const run = await rollup.run({ trigger: "cron", today });
    expect(run).toMatchObject({ status: "ok", remaining: 0, failedShops: [] });
    expect(await listMarkedDays(shop)).toEqual([]);
    expect(await db.testimonialDailyAnalytics.count({ where: { shopId: shop.id } })).toBe(0);
  });

  test("of a deleted shop leaves the marks and rows of the shops beside it", async () => {
    await rollup.run({ trigger: "cron", today });
    const uninstalled = await makeShop();
    await addRequest(uninstalled, { sentAt: at("2026-05-06") });
    await rollup.run({ trigger: "cron", today });
    await db.shop.update({ where: { id: uninstalled.id }, data: { uninstalledAt: new Date() } });
    for (const { id } of [other, uninstalled]) await addRequest({ id, domain: "" }, { sentAt: at("2026-05-07") });
    await runSql("delete from shops where id = $1", [shop.id]);
    expect(await rollup.run({ trigger: "cron", today })).toMatchObject({ status: "ok", remaining: 0 });
    await expectStoredExact(other);
    expect(await listMarkedDays(uninstalled)).toEqual(["2026-05-07"]);
    expect(await db.testimonialDailyAnalytics.count({ where: { shopId: uninstalled.id } })).toBe(1);
  });

  test("of all shops at the same time leaves no daily row", async () => {
    await rollup.run({ trigger: "cron", today });
    expect(await db.testimonialDailyAnalytics.count({ where: { shopId: shop.id } })).toBeGreaterThan(0);
    await runSql("truncate shops cascade");
    expect(await db.testimonialDailyAnalytics.count()).toBe(0);
    expect(await rollup.run({ trigger: "cron", today })).toMatchObject({ status: "ok", failedShops: [], remaining: 0 });
  });

  test("that truncates them marks every day they had", async () => {
    const unclicked = await addRequest(shop, { sentAt: at("2026-05-07") });
    await addClickEvent(shop, unclicked.id, at("2026-05-08"));
    expect(await marksOf(() => runSql("truncate testimonial_submissions"))).toEqual([
      "2026-05-03",
      "2026-05-04",
      "2026-05-05",
    ]);
    expect(await marksOf(() => runSql("truncate testimonial_request_events"))).toEqual(["2026-05-07", "2026-05-08"]);
    expect(await marksOf(() => runSql("truncate testimonial_requests cascade"))).toEqual([
      "2026-05-01",
      "2026-05-02",
      "2026-05-07",
    ]);
  });
});
