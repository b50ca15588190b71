import { beforeAll, expect, test } from "vitest";
import { rollup } from "~/rollup.server";
import { readDashboard } from "~/services/dashboard.server";
import { type Day, toRange } from "~/services/rollup/day";
import { recountMarkedDays } from "~/services/rollup/recount/recount.server";
import { withSession } from "../support/hammer/session";
import { explainScans, sumRows } from "../support/plans";
import { recordStatementsWithValues, type Statement } from "../support/statements";
import { runSql } from "../support/writers";

// What statements cost must follow the days they are about: not the marks on them, the years behind them, or the other
// shops beside them. Told by the rows and pages that their plans read, in tables large enough for the planner to care.

const shops = 2_000;
const oldShops = 100;
const hotDays = ["2026-06-01", "2026-06-02", "2026-06-03"];

const toId = (number: number) => `shop-${`${number}`.padStart(4, "0")}`;
const oldShopIds = Array.from({ length: oldShops }, (_, index) => toId(index + 1));

/**
 * A fleet with a hundred shops of 700 days each, the first of which has become empty, and three days on which every shop
 * has testimonials and requests.
 */
const seed = [
  "set session_replication_role = replica",
  `insert into shops (id, domain)
   select 'shop-' || lpad(n::text, 4, '0'), 'shop-' || n || '.myshopify.com' from generate_series(1, ${shops}) n`,
  `insert into testimonial_daily_analytics (shop_id, date, requests_sent)
   select s.id, '2024-07-01'::date + n, 1 from generate_series(-1, 699) n, shops s where s.id <= '${toId(oldShops)}'`,
  `insert into testimonial_requests (shop_id, sent_at)
   select s.id, '2024-07-01'::date + n from generate_series(0, 699) n, shops s where s.id <= '${toId(oldShops)}'`,
  `insert into testimonial_requests (id, shop_id, sent_at)
   select s.id || ' ' || d.day || ' ' || n, s.id, d.day::timestamp + n * interval '1 hour'
   from unnest('{${hotDays.join()}}'::text[]) d (day), generate_series(0, 4) n, shops s`,
  `insert into testimonial_request_events (shop_id, request_id, event_type, event_at)
   select r.shop_id, r.id, 'clicked', r.sent_at from testimonial_requests r where r.sent_at >= '2026-06-01'`,
  `insert into testimonial_submissions (shop_id, submitted_at, approved_at, published_at)
   select r.shop_id, r.sent_at, r.sent_at, r.sent_at from testimonial_requests r where r.sent_at >= '2026-06-01'`,
];

beforeAll(async () => {
  await withSession(async (session) => {
    for (const statement of seed) await session.query(statement);
    await session.query("vacuum analyze");
  });
});

function isAbout(words: string) {
  return ({ text }: Statement) => text.includes(words);
}

test("a read costs what its marked days cost, not what their marks would", async () => {
  const shopId = toId(50);
  await runSql(
    `insert into rollup_marks (shop_id, date)
     select $1, '2026-06-01'::date from generate_series(1, 20000)
     union all select s.id, '2026-06-01' from shops s, generate_series(1, 5)
     union all select $1, '2026-06-02'`,
    [shopId],
  );
  await runSql("analyze rollup_marks");
  const read = () => rollup.readTotals(shopId, toRange("2026-05-10" as Day, "2026-06-08" as Day));
  const statements = (await recordStatementsWithValues(read)).filter(isAbout("rollup_marks"));
  expect(await read()).toMatchObject({
    totals: { requestsSent: 22 + 10, approvedCount: 10 },
    freshness: { liveDays: 2 },
  });
  expect(statements).toHaveLength(2);
  for (const statement of statements) {
    const scans = await explainScans(statement);
    expect(sumRows(scans, "rollup_marks")).toBeGreaterThan(0);
    expect(sumRows(scans, "rollup_marks")).toBeLessThan(10);
    expect(sumRows(scans, "testimonial_requests")).toBeLessThan(50);
  }
});

test("a recount of a few days reads few rows of shops with years of them, and no other shop's", async () => {
  // The statistics are of a busier moment, as they mostly are.
  await runSql(
    `insert into rollup_marks (shop_id, date)
     select a.shop_id, a.date from testimonial_daily_analytics a where a.date >= '2025-11-01'`,
  );
  await runSql("analyze rollup_marks");
  await runSql("delete from rollup_marks where date > '2025-11-01'");
  const statements = await recordStatementsWithValues(() => recountMarkedDays(rollup.engine, oldShopIds, 2_000));
  const [take, ...otherTakes] = statements.filter(isAbout("delete from rollup_marks"));
  const [recount, ...otherRecounts] = statements.filter(isAbout("written as"));
  expect([...otherTakes, ...otherRecounts]).toEqual([]);

  const days = ["2024-06-30", ...hotDays];
  await runSql(
    `insert into rollup_marks (shop_id, date)
     select s.id, d.day::date from shops s, unnest($1::text[]) d (day) where s.id <= $2`,
    [days, toId(10)],
  );
  const marks = 10 * days.length;
  const taken = await explainScans(take as Statement);
  expect(sumRows(taken, "rollup_marks")).toBeGreaterThanOrEqual(marks);
  expect(sumRows(taken, "rollup_marks")).toBeLessThan(5 * marks);
  const columns = oldShopIds.slice(0, 10).flatMap((id) => days.map((day) => [id, day]));
  const values = [columns.map(([id]) => id), columns.map(([, day]) => day)];
  const scans = await explainScans({ text: recount?.text ?? "", values });
  expect(sumRows(scans, "testimonial_daily_analytics")).toBeLessThan(2 * marks);
  const lookUps = scans.filter(({ table }) => /^testimonial_(request|submission)/.test(table));
  expect(lookUps.length).toBeGreaterThan(5);
  // Some are of rows that are only looked for where others were found.
  const begun = lookUps.filter(({ loops }) => loops > 0);
  expect(begun.length).toBeGreaterThan(5);
  for (const scan of begun) expect(scan.pages / scan.loops, JSON.stringify(scan)).toBeLessThan(30);
});

test("the look at a window reads the rows of its days, and not the tables that they belong to", async () => {
  const clicks = 1_500;
  await withSession(async (session) => {
    await session.query("set session_replication_role = replica");
    await session.query(
      `insert into testimonial_request_events (shop_id, request_id, event_type, event_at)
       select r.shop_id, r.id, 'clicked', '2026-06-10' from testimonial_requests r where r.sent_at >= '2026-06-01' limit $1`,
      [clicks],
    );
    await session.query("vacuum analyze testimonial_request_events");
  });
  const run = () => rollup.run({ trigger: "cron", today: "2026-06-10" as Day });
  const [look, ...others] = (await recordStatementsWithValues(run)).filter(isAbout("is_taken"));
  expect(others).toEqual([]);
  const scans = await explainScans(look as Statement);
  expect(sumRows(scans, "testimonial_request_events")).toBeGreaterThanOrEqual(clicks);
  expect(sumRows(scans, "testimonial_requests")).toBeGreaterThan(0);
  expect(sumRows(scans, "testimonial_requests")).toBeLessThan(2 * clicks);
});

test("the dashboard of a shop that has most of a table, all of it at the end, reads few pages of it", async () => {
  const shopId = "whale";
  await withSession(async (session) => {
    await session.query("set session_replication_role = replica");
    await session.query("insert into shops (id, domain) values ($1, 'whale.myshopify.com')", [shopId]);
    await session.query(
      `insert into testimonial_requests (shop_id, sent_at)
       select $1, '2026-06-01'::timestamp + n * interval '1 second' from generate_series(1, 150000) n`,
      [shopId],
    );
    await session.query("vacuum analyze testimonial_requests");
  });
  const query = {
    shown: { from: "2026-05-10" as Day, to: "2026-06-08" as Day },
    before: { from: "2026-04-10" as Day, to: "2026-05-09" as Day },
    today: "2026-06-09" as Day,
  };
  const read = () => readDashboard(shopId, query);
  const [statement, ...others] = await recordStatementsWithValues(read);
  expect(others).toEqual([]);
  const scans = (await explainScans(statement as Statement)).filter(({ table }) => table === "testimonial_requests");
  // Whether there is any request, and how long the latest of them took to be answered.
  const [any, latest, ...more] = scans.toSorted((a, b) => a.rows - b.rows);
  expect(more).toEqual([]);
  expect(any?.pages, JSON.stringify(any)).toBeLessThan(30);
  expect(latest?.rows).toBe(2_000);
  expect(latest?.pages, JSON.stringify(latest)).toBeLessThan(60);
});
