import { beforeAll, expect, test } from "vitest";
import { rollup } from "~/rollup.server";
import { countMarkedDays, maxCountedDays } from "~/services/rollup/marks/remaining.server";
import { withSession } from "../support/hammer/session";
import { explainScans, sumRows } from "../support/plans";
import { recordStatementsWithValues, type Statement } from "../support/statements";
import { runSql } from "../support/writers";

// What it costs to look at a change log of 300,000 marks, told by the rows that the plans read. A third of them,
// older than all others, are of one shop that has removed the app.

const shops = 500;
const days = 40;

beforeAll(async () => {
  await withSession(async (session) => {
    await session.query("set session_replication_role = replica");
    await session.query(
      `insert into shops (id, domain) select 'shop-' || n, 'shop-' || n from generate_series(1, ${shops}) n`,
    );
    await session.query("insert into shops (id, domain, uninstalled_at) values ('gone away', 'gone', now())");
    await session.query(
      `insert into rollup_marks (shop_id, date, marked_at)
       select 'gone away', '2026-01-01'::date + n % 1000, timezone('utc', now()) - interval '3 days'
       from generate_series(1, 100000) n`,
    );
    await session.query(
      `insert into rollup_marks (shop_id, date, marked_at)
       select 'shop-' || 1 + n % ${shops}, '2026-01-01'::date + n / ${shops} % ${days}, timezone('utc', now()) - interval '5 minutes'
       from generate_series(0, 199999) n`,
    );
    await session.query("vacuum analyze rollup_marks");
  });
}, 180_000);

/** The rows of the change log that the statements of `work` read. */
async function countMarksRead(work: () => Promise<unknown>): Promise<number> {
  const isAboutMarks = ({ text }: Statement) => /^\s*(with|select)\b.*rollup_marks/s.test(text);
  const statements = (await recordStatementsWithValues(work)).filter(isAboutMarks);
  expect(statements.length).toBeGreaterThan(0);
  let rows = 0;
  for (const statement of statements) rows += sumRows(await explainScans(statement), "rollup_marks");
  return rows;
}

test("the health check finds the oldest mark of an installed shop beside 100,000 older ones of another", async () => {
  const health = await rollup.checkHealthInDetail();
  expect(health).toMatchObject({ database: { ok: true }, oldestMark: { ok: true, at: expect.any(String) } });
  const ageMs = Date.now() - Date.parse(health.oldestMark.at ?? "");
  expect(ageMs).toBeGreaterThan(4 * 60_000);
  expect(ageMs).toBeLessThan(86_400_000);
  // Ten thousand of the oldest, and then a hundred of each shop.
  expect(await countMarksRead(rollup.checkHealthInDetail)).toBeLessThan(75_000);
});

test("one of an installed shop that is older than its limit is found behind as many", async () => {
  await runSql(
    "insert into rollup_marks (shop_id, date, marked_at) values ('shop-7', '2025-12-01', timezone('utc', now()) - interval '2 days')",
  );
  expect(await rollup.checkHealthInDetail()).toMatchObject({ oldestMark: { ok: false, since: expect.any(String) } });
  await runSql("delete from rollup_marks where date = '2025-12-01'");
});

test("with the other shop's marks gone the check reads a few rows", async () => {
  await runSql("delete from rollup_marks where shop_id = 'gone away'");
  await runSql("vacuum analyze rollup_marks");
  expect(await rollup.checkHealthInDetail()).toMatchObject({ oldestMark: { ok: true, at: expect.any(String) } });
  expect(await countMarksRead(rollup.checkHealthInDetail)).toBeLessThan(10);
});

test("what remains is counted to ten thousand days, and exactly where it is less, at the cost of its days", async () => {
  expect(shops * days).toBeGreaterThan(maxCountedDays);
  expect(await countMarkedDays(rollup.engine)).toBe(maxCountedDays);
  expect(await countMarksRead(() => countMarkedDays(rollup.engine))).toBeLessThan(2 * maxCountedDays);
  await runSql("delete from rollup_marks where date <> '2026-01-05'");
  await runSql("vacuum analyze rollup_marks");
  expect(await countMarkedDays(rollup.engine)).toBe(shops);
  expect(await countMarksRead(() => countMarkedDays(rollup.engine))).toBeLessThan(4 * shops);
});
