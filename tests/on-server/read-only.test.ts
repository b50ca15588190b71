import { randomUUID } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import * as healthRoute from "~/routes/healthz";
import * as rollupRoute from "~/routes/jobs.rollup";
import type { Day } from "~/services/rollup/day";
import { findWriteObstacle } from "~/services/rollup/health/writable.server";
import { withConnection } from "../setup/server";
import { listenForAlerts } from "../support/alerts";
import { call, cron } from "../support/call";
import { runSql } from "../support/writers";

const today = "2026-06-15" as Day;

/** For sessions that begin from now on; those of the app are ended. */
async function setDatabase(setting: string): Promise<void> {
  await withConnection(process.env.DATABASE_URL ?? "", async (client) => {
    await client.query("set default_transaction_read_only = off");
    await client.query(`do $$ begin execute format('alter database %I ${setting}', current_database()); end $$`);
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
  });
}

async function ask(headers?: Record<string, string>) {
  const response = await call(healthRoute, "/healthz", { headers });
  return { status: response.status, body: await response.json() };
}

async function post() {
  return (await call(rollupRoute, "/jobs/rollup", { method: "POST", headers: cron })).status;
}

test("a database that takes no writes is unhealthy, and told of by one alert when that begins and one when it is over", async () => {
  const alerts = await listenForAlerts();
  onTestFinished(async () => void (await alerts.close()));
  await setDatabase("set default_transaction_read_only = on");
  onTestFinished(() => setDatabase("reset default_transaction_read_only"));

  expect(await ask(cron)).toMatchObject({
    status: 503,
    body: {
      database: { ok: false, since: expect.any(String), reachable: true, writable: false },
      reasons: { database: expect.stringContaining("default_transaction_read_only") },
    },
  });
  const told = await ask();
  expect(told).toMatchObject({ status: 503, body: { database: { reachable: true, writable: false } } });
  expect(JSON.stringify(told.body)).not.toMatch(/read_only|reason/);
  for (let runs = 0; runs < 3; runs += 1) expect(await post()).toBeGreaterThanOrEqual(500);
  expect(alerts.received).toEqual([{ text: expect.stringMatching(/a run failed \(.*read-only transaction/) }]);

  await setDatabase("set default_transaction_read_only = off");
  expect(await rollup.run({ trigger: "cron", today })).toMatchObject({ status: "ok" });
  expect(alerts.received.slice(1)).toEqual([{ text: "Daily analytics: a run succeeded again." }]);
  expect(await ask(cron)).toMatchObject({ status: 200, body: { database: { ok: true, since: null, writable: true } } });
});

test("a role that lacks a right which a run needs is told which, and one that has them all nothing", async () => {
  const role = `reader_${randomUUID().replaceAll("-", "")}`;
  await runSql(`create role ${role}`);
  onTestFinished(() => runSql(`drop owned by ${role}; drop role ${role}`));
  await runSql(`grant select on all tables in schema public to ${role}`);
  const find = () =>
    db.$transaction(async (tx) => {
      await tx.$executeRawUnsafe(`set local role ${role}`);
      return findWriteObstacle(rollup.engine, tx);
    });
  expect(await find()).toContain(`The role ${role} lacks`);
  expect(await find()).toContain("insert on testimonial_daily_analytics");
  await runSql(`grant insert, update, delete on all tables in schema public to ${role}`);
  expect(await find()).toBeNull();
  await runSql(`revoke delete on rollup_marks from ${role}`);
  expect(await find()).toMatch(/lacks delete on rollup_marks\./);
  await runSql(`grant delete on rollup_marks to ${role}`);
  await runSql(`revoke update on shops from ${role}`);
  expect(await find()).toMatch(/lacks update on shops\./);
  await runSql(`grant update (uninstalled_at) on shops to ${role}`);
  expect(await find()).toBeNull();
});
