import { expect } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import { countRows, listDifferences } from "../plain-sql";
import type { Query } from "../process-databases";
import { expectReadExact, expectStoredExact } from "../shops";
import { waitFor } from "../wait";
import { runSql } from "../writers";
import { withSession } from "./session";
import { daysAgo, type World } from "./world";

const appQuery: Query = (sql, values = []) => db.$queryRawUnsafe(sql, ...values);

/**
 * Asserts that a last drain leaves nothing behind: the table is right, row for row, nothing is marked, and every run
 * has ended well.
 */
export async function expectSettled(world: World): Promise<void> {
  await runSql("update shops set uninstalled_at = null");
  // With time for all there is, however busy the machine: nothing may be left.
  const last = await rollup.run({ trigger: "cron", today: daysAgo(0) as Day, budgetMs: 3_600_000 });
  expect(last).toMatchObject({ status: "ok", failedShops: [], remaining: 0 });
  expect(await listDifferences(appQuery)).toEqual([]);
  for (const id of world.shopIds) {
    await expectStoredExact({ id, domain: "" });
    await expectReadExact({ id, domain: "" }, daysAgo(60), daysAgo(0));
  }
  expect(await countRows(appQuery, "rollup_marks")).toBe(0);
  expect(await appQuery("select distinct status, error from rollup_runs")).toEqual([{ status: "ok", error: null }]);
}

/**
 * How many deadlocks this database has ever had, those that a second try hid among them. Closes the app's connections,
 * since one tells its figures for certain only when it ends.
 */
export async function countDeadlocks(): Promise<number> {
  await db.$disconnect();
  return withSession(async (session) => {
    await waitFor("all other connections to end", async () => {
      const { rows } = await session.query(
        `select from pg_stat_activity
         where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`,
      );
      return rows.length === 0;
    });
    const { rows } = await session.query<{ deadlocks: number }>(
      "select deadlocks::int from pg_stat_database where datname = current_database()",
    );
    return rows[0]?.deadlocks ?? 0;
  });
}
