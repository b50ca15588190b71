import { afterEach, expect, test } from "vitest";
import { db, findSessionProblems } from "~/db.server";
import { rollup } from "~/rollup.server";
import * as healthRoute from "~/routes/healthz";
import * as rollupRoute from "~/routes/jobs.rollup";
import { toDay } from "~/services/rollup/day";
import { call, cron } from "../support/call";
import { waitFor } from "../support/wait";
import { runSql } from "../support/writers";

/** For sessions that begin from now on; those of the app are ended. */
async function setDatabase(setting: string): Promise<void> {
  await runSql(`do $$ begin execute format('alter database %I ${setting}', current_database()); end $$`);
  await runSql(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
}

afterEach(() => setDatabase("reset session_replication_role"));

test("a session in which no trigger marks serves nothing, says what mends it, and serves again once it is mended", async () => {
  await db.$queryRawUnsafe("select 1");
  expect(await findSessionProblems()).toEqual([]);
  await setDatabase("set session_replication_role = replica");
  const mends =
    /session_replication_role is "replica".*alter role "postgres" in database "[^"]*" set session_replication_role = origin;$/;

  await waitFor(
    "the app to see its connections ended",
    async () => (await findSessionProblems().catch(() => [])).length > 0,
  );
  expect(await findSessionProblems()).toEqual([expect.stringMatching(mends)]);
  await expect(db.shop.count()).rejects.toThrow(mends);
  await expect(db.$transaction(async (tx) => tx.shop.count())).rejects.toThrow(mends);
  await expect(rollup.run({ trigger: "cron", today: toDay(new Date()) })).rejects.toThrow(mends);
  const answer = await call(rollupRoute, "/jobs/rollup", { method: "POST", headers: cron });
  expect({ status: answer.status, body: await answer.json() }).toEqual({
    status: 503,
    body: {
      error: { code: "database_settings", message: expect.stringContaining("The log says what mends it"), issues: [] },
    },
  });
  expect((await call(healthRoute, "/healthz")).status).toBe(503);

  await setDatabase("set session_replication_role = origin");
  await waitFor("the app to serve again", async () => (await findSessionProblems()).length === 0);
  expect(await db.shop.count()).toBe(0);
  expect((await call(rollupRoute, "/jobs/rollup", { method: "POST", headers: cron })).status).toBe(200);
  // One look serves all who ask within a second: the last one may have seen the sessions as they were.
  await waitFor("the health check to look again", async () => (await call(healthRoute, "/healthz")).status === 200);
});
