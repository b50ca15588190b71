import { beforeEach, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import { type CohortCounts, type Counts, cohortMetrics, metrics } from "~/testimonial-rollup";
import { countAll, readSourceRows } from "./support/oracle";
import { addClickEvent, addRequest, addSubmission, at, makeShop, type TestShop } from "./support/shops";
import { runSql } from "./support/writers";

const today = "2026-06-15" as Day;

let shop: TestShop;

async function readView(): Promise<Map<string, Counts & CohortCounts>> {
  const counts = Object.entries({ ...metrics, ...cohortMetrics }).map(([name, { column }]) => `'${name}', v.${column}`);
  const rows = await db.$queryRawUnsafe<{ date: string; counts: Counts & CohortCounts }[]>(
    `select v.date::text as date, json_build_object(${counts.join(", ")}) as counts
     from testimonial_daily_analytics_exact v
     where v.shop_id = $1
     order by v.date`,
    shop.id,
  );
  return new Map(rows.map(({ date, counts }) => [date, counts]));
}

async function expectExact(): Promise<void> {
  expect(await readView()).toEqual(countAll(await readSourceRows(shop.id)));
}

beforeEach(async () => {
  shop = await makeShop();
  const { id } = await addRequest(shop, { sentAt: at("2026-05-01") });
  await addClickEvent(shop, id, at("2026-05-06"));
  await addClickEvent(shop, id, at("2026-05-06", "13:00:00.000"));
  await addClickEvent(shop, id, at("2026-05-08"));
  await addRequest(shop, { sentAt: at("2026-05-01"), clickedAt: at("2026-05-02") });
  await addSubmission(shop, { status: "approved", mediaType: "photo", submittedAt: at("2026-05-03") });
});

test("the view is exact before any run, after one, and with some days marked", async () => {
  await expectExact();
  await rollup.run({ trigger: "cron", today });
  await expectExact();
  await addRequest(shop, { sentAt: at("2026-05-01") });
  await runSql("delete from testimonial_submissions where shop_id = $1", [shop.id]);
  await expectExact();
});

test("the view is exact while a request is marked whose click events count otherwise now", async () => {
  await rollup.run({ trigger: "cron", today });
  await runSql("update testimonial_requests set clicked_at = '2026-05-20' where shop_id = $1", [shop.id]);
  await expectExact();
  await rollup.run({ trigger: "cron", today });
  await runSql("update testimonial_requests set clicked_at = null where shop_id = $1", [shop.id]);
  await expectExact();
});

test("what the view says of one shop and one day is read from few rows of each table", async () => {
  await runSql(
    `insert into testimonial_requests (shop_id, sent_at)
     select $1, '2026-01-01'::timestamp + n * interval '1 hour' from generate_series(1, 5000) n`,
    [shop.id],
  );
  for (let count = 0; count < 20; count += 1) {
    const each = await makeShop();
    await runSql(
      `insert into testimonial_requests (shop_id, sent_at)
       select $1, '2026-01-01'::timestamp + n * interval '1 hour' from generate_series(1, 500) n`,
      [each.id],
    );
  }
  await rollup.run({ trigger: "cron", today });
  await addRequest(shop, { sentAt: at("2026-02-01") });
  await runSql("analyze");
  const [plan] = await db.$queryRawUnsafe<{ "QUERY PLAN": object[] }[]>(
    `explain (analyze, format json) select * from testimonial_daily_analytics_exact
     where shop_id = '${shop.id}' and date between '2026-02-01' and '2026-02-03'`,
  );
  const scans = listScans(plan?.["QUERY PLAN"]);
  const rows = (table: string) =>
    scans.filter((scan) => scan.table === table).reduce((sum, scan) => sum + scan.rows * scan.loops, 0);
  expect(rows("testimonial_daily_analytics")).toBeLessThanOrEqual(3);
  expect(rows("testimonial_requests")).toBeLessThanOrEqual(30);
});

function listScans(plan: unknown): { table: string; rows: number; loops: number }[] {
  if (Array.isArray(plan)) return plan.flatMap(listScans);
  if (typeof plan !== "object" || plan === null) return [];
  const node = plan as Record<string, unknown>;
  const own =
    typeof node["Relation Name"] === "string"
      ? [
          {
            table: node["Relation Name"],
            rows: Number(node["Actual Rows"]) + Number(node["Rows Removed by Filter"] ?? 0),
            loops: Number(node["Actual Loops"]),
          },
        ]
      : [];
  return [...own, ...Object.values(node).flatMap(listScans)];
}
