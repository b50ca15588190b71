import { describe, expect, test } from "vitest";
import { z } from "zod";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { type Day, toRange } from "~/services/rollup/day";
import { countsOf, noCohort, zeros } from "./support/counts";
import { bypassTriggers, poison } from "./support/faults";
import { countDays, readSourceRows, sumDays } from "./support/oracle";
import { addRequest, addSubmission, at, countMarks, expectReadExact, makeShop } from "./support/shops";
import { isServer, runSql } from "./support/writers";

const today = "2026-06-15" as Day;
const range = (from: string, to: string) => toRange(from as Day, to as Day);
const extras = { sql: "null::json", schema: z.null() };

describe("a read", () => {
  test("of a shop without data is zeros for each day", async () => {
    const shop = await makeShop();
    const read = await rollup.readRange(shop.id, range("2026-02-27", "2026-03-01"));
    expect(read.totals).toEqual(zeros);
    expect(read.cohort).toEqual(noCohort);
    expect(read.series).toEqual([
      { ...zeros, date: "2026-02-27" },
      { ...zeros, date: "2026-02-28" },
      { ...zeros, date: "2026-03-01" },
    ]);
    expect(read.freshness).toMatchObject({ liveDays: 0, oldestMark: null });
  });

  test("reads further ranges in the same instant, before its own or after, and none of the days between them", async () => {
    const shop = await makeShop();
    for (const day of ["2025-05-07", "2025-05-10", "2026-05-03", "2026-05-07", "2026-05-09", "2026-05-10"]) {
      await addRequest(shop, { sentAt: at(day), clickedAt: at(day) });
    }
    const ranges = {
      before: range("2026-05-04", "2026-05-06"),
      lastYear: range("2025-05-07", "2025-05-09"),
      today: range("2026-05-10", "2026-05-10"),
    };
    for (const settle of [false, true]) {
      if (settle) await rollup.run({ trigger: "cron", today });
      const read = await rollup.readRangeWith(shop.id, range("2026-05-07", "2026-05-09"), { ranges, extras });
      const sent = [read, read.beside.before, read.beside.lastYear, read.beside.today].map((one) => [
        one.totals.requestsSent,
        one.cohort.sentClicked,
        one.series.map((day) => day.requestsSent).join(""),
      ]);
      expect(sent).toEqual([
        [2, 2, "101"],
        [0, 0, "000"],
        [1, 1, "100"],
        [1, 1, "1"],
      ]);
      expect(read.freshness.liveDays).toBe(settle ? 0 : 2);
    }
  });

  test("is exact before any run, with some days marked, and after", async () => {
    const shop = await makeShop();
    for (let day = 10; day < 30; day += 1) {
      await addSubmission(shop, { submittedAt: at(`2026-05-${day}`), mediaType: day % 2 ? "video" : "photo" });
    }
    await expectReadExact(shop, "2026-05-01", "2026-06-15");
    await rollup.run({ trigger: "cron", today });
    await expectReadExact(shop, "2026-05-01", "2026-06-15");
    await runSql(
      "update testimonial_submissions set submitted_at = '2026-05-31' where shop_id = $1 and media_type = 'video'",
      [shop.id],
    );
    await expectReadExact(shop, "2026-05-01", "2026-06-15");
    await expectReadExact(shop, "2026-05-10", "2026-05-10");
  });

  test("counts a change of its first day, and of a further range, before any run", async () => {
    const shop = await makeShop();
    await rollup.run({ trigger: "cron", today });
    await addRequest(shop, { sentAt: at("2026-05-10") });
    const first = await rollup.readTotals(shop.id, range("2026-05-10", "2026-05-12"));
    expect(first.totals).toEqual(countsOf({ requestsSent: 1 }));
    const ranges = { before: range("2026-05-10", "2026-05-12") };
    const next = await rollup.readRangeWith(shop.id, range("2026-05-13", "2026-05-15"), { ranges, extras });
    expect(next.beside.before.totals).toEqual(countsOf({ requestsSent: 1 }));
    expect(next.totals).toEqual(zeros);
  });

  test("serves stored rows for clean days: what no mark tells of, it can't know", async () => {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at("2026-05-01") });
    await rollup.run({ trigger: "cron", today });
    await bypassTriggers(`update testimonial_daily_analytics set requests_sent = 9 where shop_id = '${shop.id}'`);
    expect((await rollup.readTotals(shop.id, range("2026-05-01", "2026-05-01"))).totals).toEqual(
      countsOf({ requestsSent: 9 }),
    );
  });

  test("covers five years, leap days and all", async () => {
    const shop = await makeShop();
    await runSql(
      `insert into testimonial_requests (shop_id, sent_at)
       select $1, d from generate_series(timestamp '2020-01-01', '2024-12-31', interval '1 day') d`,
      [shop.id],
    );
    await rollup.run({ trigger: "cron", today });
    const read = await rollup.readRange(shop.id, range("2020-01-01", "2024-12-31"));
    expect(read.totals).toEqual(countsOf({ requestsSent: 1_827 }));
    expect(read.series).toHaveLength(1_827);
    expect(read.series.every((day) => day.requestsSent === 1)).toBe(true);
  });

  test("says how fresh it is", async () => {
    const shop = await makeShop();
    await rollup.run({ trigger: "cron", today });
    await addRequest(shop, { sentAt: at("2026-05-01") });
    await addRequest(shop, { sentAt: at("2026-05-01", "13:00:00.000") });
    await addRequest(shop, { sentAt: at("2026-05-09") });
    await addRequest(shop, { sentAt: at("2026-04-30") });
    await runSql(
      "update rollup_marks set marked_at = '2026-05-20 10:20:30.400' where shop_id = $1 and date = '2026-05-09'",
      [shop.id],
    );
    const lastRun = await db.rollupRun.findFirstOrThrow({ orderBy: { startedAt: "desc" } });
    const { freshness } = await rollup.readTotals(shop.id, range("2026-05-01", "2026-05-31"));
    expect(freshness).toEqual({
      asOf: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      liveDays: 2,
      oldestMark: "2026-05-20T10:20:30.400Z",
      lastRunAt: lastRun.finishedAt?.toISOString(),
      sealedUntil: null,
    });
    expect(Math.abs(Date.now() - Date.parse(freshness.asOf))).toBeLessThan(60_000);
  });

  test("of a day with a hundred thousand marks is exact", async () => {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at("2026-05-01") });
    await runSql("insert into rollup_marks (shop_id, date) select $1, '2026-05-01' from generate_series(1, 100000)", [
      shop.id,
    ]);
    await expectReadExact(shop, "2026-04-01", "2026-05-31");
    await rollup.run({ trigger: "cron", today });
    await expectReadExact(shop, "2026-04-01", "2026-05-31");
  });

  test.each([150, 250])("of a shop with %i marked rows is exact", async (count) => {
    const shop = await makeShop();
    // Clicked without a click time, on one day in March and one in April each, so that both count.
    await runSql(
      `with requests as (
         insert into testimonial_requests (id, shop_id, sent_at)
         select $1 || '-' || i, $1, '2026-03-01' from generate_series(1, $2::int) i
         returning id, shop_id
       )
       insert into testimonial_request_events (shop_id, request_id, event_type, event_at)
       select r.shop_id, r.id, 'clicked', day + interval '12 hours'
       from requests r, unnest(array['2026-03-10'::timestamp, '2026-04-20']) as day`,
      [shop.id, count],
    );
    await rollup.run({ trigger: "cron", today: "2026-05-01" as Day });
    expect(await countMarks(shop)).toBe(0);
    await runSql("update testimonial_requests set clicked_at = '2026-03-20' where shop_id = $1", [shop.id]);
    await runSql("delete from rollup_marks where shop_id = $1 and date is not null", [shop.id]);
    expect(await countMarks(shop)).toBe(count);
    const { freshness } = await rollup.readRange(shop.id, toRange("2026-03-05" as Day, "2026-03-15" as Day));
    expect(freshness).toMatchObject({ liveDays: 1, oldestMark: expect.any(String) });
    for (const [from, to] of [
      ["2026-03-05", "2026-03-15"],
      ["2026-04-01", "2026-04-30"],
    ] as const) {
      await expectReadExact(shop, from, to);
    }
  });

  test("of a shop whose recount fails is exact", async () => {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at("2026-05-01") });
    const cure = await poison(shop);
    await rollup.run({ trigger: "cron", today });
    await expectReadExact(shop, "2026-05-01", "2026-05-01");
    await cure();
  });

  test("beside writers and runs is, at every instant, what the source tables say", async () => {
    const shop = await makeShop();
    let writing = true;
    async function write(seed: number): Promise<void> {
      for (let step = 0; step < 60; step += 1) {
        const day = `2026-05-${String(1 + ((seed * 7 + step * 5) % 20)).padStart(2, "0")}`;
        const { id } = await addRequest(shop, { sentAt: at(day) });
        if (step % 3 === 0) await runSql("update testimonial_requests set sent_at = '2026-05-11' where id = $1", [id]);
        if (step % 4 === 0) await runSql("delete from testimonial_requests where id = $1", [id]);
      }
    }
    async function drain(): Promise<void> {
      while (writing) await rollup.run({ trigger: "cron", today });
    }
    async function compare(): Promise<number> {
      let comparisons = 0;
      while (writing) {
        // Both in one snapshot: a count in plain SQL of the source, and the stored and live parts of the read.
        const [row] = await db.$queryRawUnsafe<{ live: number; stored: number }[]>(snapshotStatement, shop.id);
        expect(row?.stored).toBe(row?.live);
        comparisons += 1;
      }
      return comparisons;
    }
    const [, , , comparisons] = await Promise.all([
      Promise.all([write(1), write(2)]).finally(() => {
        writing = false;
      }),
      drain(),
      isServer ? drain() : undefined,
      compare(),
    ]);
    expect(comparisons).toBeGreaterThan(5);
    await rollup.run({ trigger: "cron", today });
    const expected = countDays(await readSourceRows(shop.id));
    const read = await rollup.readTotals(shop.id, range("2026-05-01", "2026-05-31"));
    expect(read.totals).toEqual(sumDays(expected, "2026-05-01", "2026-05-31"));
  });
});

/** What every read rests on: the stored rows of unmarked days and the source rows of marked days make up all. */
const snapshotStatement = `
select
  (select count(*) from testimonial_requests r where r.shop_id = $1 and r.sent_at is not null)::int as live,
  (
    (
      select coalesce(sum(a.requests_sent), 0)
      from testimonial_daily_analytics a
      where a.shop_id = $1
        and not exists (select from rollup_marks i where i.shop_id = a.shop_id and i.date = a.date)
    ) + (
      select count(*)
      from testimonial_requests r
      where r.shop_id = $1
        and exists (select from rollup_marks i where i.shop_id = r.shop_id and i.date = r.sent_at::date)
    )
  )::int as stored`;
