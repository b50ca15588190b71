import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { type Day, toRange } from "~/services/rollup/day";
import { seal } from "./support/seals";
import { copyRows } from "./support/writers";

// 6,123 real survey invitations and answers of 40 shops, whose daily rows were counted by another program. They are
// not part of this project (their licence is CC BY-NC-SA 4.0), so the test needs the folder they are in.

const folder = process.env.REAL_DATA_DIR || "../shared/real";
const isThere = existsSync(join(folder, "expected_daily.csv"));
if (!isThere) process.stdout.write(`No real data in ${folder} (REAL_DATA_DIR): its test is left out.\n`);

const today = "2026-06-15" as Day;
const wholeRange = toRange("2016-01-01" as Day, "2018-12-31" as Day);
const metricFields = [
  "requestsSent",
  "requestsClicked",
  "submissionsCount",
  "approvedCount",
  "publishedCount",
  "videoSubmissionsCount",
  "photoSubmissionsCount",
] as const;

function readLines(file: string): { header: string; lines: string[] } {
  const [header = "", ...lines] = readFileSync(join(folder, file), "utf8").trim().split(/\r?\n/);
  return { header, lines };
}

async function load(shopIds: string[]): Promise<void> {
  await db.shop.createMany({ data: shopIds.map((id) => ({ id, domain: `${id}.myshopify.com` })) });
  for (const table of ["requests", "submissions"]) {
    const { header, lines } = readLines(`${table}.csv`);
    await copyRows(`testimonial_${table}`, header, lines);
  }
}

/** Asserts that the totals of each shop are the sums of its expected rows. */
async function expectSums(shopIds: string[], expected: string[]): Promise<void> {
  for (const shopId of shopIds) {
    const days = expected.filter((line) => line.startsWith(`${shopId},`)).map((line) => line.split(",").slice(2));
    const sums = metricFields.map((_, index) => days.reduce((sum, counts) => sum + Number(counts[index]), 0));
    const { totals } = await rollup.readTotals(shopId, wholeRange);
    expect(metricFields.map((field) => totals[field])).toEqual(sums);
  }
}

async function readRows(): Promise<{ line: string; updatedAt: string }[]> {
  return db.$queryRawUnsafe(`
    select concat_ws(',', shop_id, to_char(date, 'YYYY-MM-DD'), requests_sent, requests_clicked, submissions_count,
        approved_count, published_count, video_submissions_count, photo_submissions_count) as line,
      updated_at::text as "updatedAt"
    from testimonial_daily_analytics
    order by shop_id, date`);
}

describe.runIf(isThere)("real survey data", () => {
  const title = "is summed exactly before any run, stored row for row by the first, and left alone by the second";
  test(title, { timeout: 120_000 }, async () => {
    const expected = readLines("expected_daily.csv").lines;
    const shopIds = [...new Set(expected.map((line) => line.split(",")[0] ?? ""))];
    expect([shopIds.length, expected.length]).toEqual([40, 11_727]);
    await load(shopIds);

    await expectSums(shopIds, expected);

    const first = await rollup.run({ trigger: "cron", today, budgetMs: 60_000 });
    expect(first).toMatchObject({ status: "ok", shops: 40, days: 11_727, rowsWritten: 11_727, remaining: 0 });
    const rows = await readRows();
    expect(rows.map((row) => row.line)).toEqual(expected);

    const second = await rollup.run({ trigger: "cron", today });
    expect(second).toMatchObject({ status: "ok", rowsWritten: 0, rowsDeleted: 0, remaining: 0 });
    expect(await readRows()).toEqual(rows);

    // Sealed, the numbers outlive every source row, and what comes late changes none.
    expect(await seal({ before: "2019-01-01" })).toMatchObject({
      status: "ok",
      shops: 40,
      days: 11_727,
      failedShops: [],
    });
    await db.testimonialSubmission.deleteMany();
    await db.testimonialRequest.deleteMany();
    await expectSums(shopIds, expected);
    const afterwards = await rollup.run({ trigger: "cron", today, budgetMs: 60_000 });
    expect(afterwards).toMatchObject({
      status: "ok",
      rowsWritten: 0,
      rowsDeleted: 0,
      remaining: 0,
      droppedDays: 11_727,
    });
    const [shopId = ""] = shopIds;
    for (const day of ["2017-01-01", "2017-06-01"]) {
      await db.testimonialRequest.create({ data: { shopId, sentAt: new Date(day) } });
    }
    expect(await rollup.run({ trigger: "cron", today })).toMatchObject({
      rowsWritten: 0,
      droppedDays: 2,
      dropped: [
        { shopId, date: "2017-01-01" },
        { shopId, date: "2017-06-01" },
      ],
    });
    await expectSums(shopIds, expected);
    expect(await readRows()).toEqual(rows);
    expect(await rollup.verify({ trigger: "cron", today })).toMatchObject({
      drifted: 0,
      alert: false,
      sealedDays: 11_727,
    });
  });
});
