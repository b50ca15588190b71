import { expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import { addRequest, at, expectStoredExact, makeShop } from "../support/shops";
import { runSql } from "../support/writers";

// Before the app's first connection, so that what it sets has something to replace.
await runSql(`
do $$
begin
  execute format('alter database %I set jit = on', current_database());
  execute format('alter database %I set TimeZone = ''Asia/Kathmandu''', current_database());
  execute format('alter database %I set idle_in_transaction_session_timeout = 0', current_database());
  execute format('alter database %I set DateStyle = ''SQL, DMY'' ', current_database());
  execute format('alter database %I set default_transaction_isolation = serializable', current_database());
end $$`);

const expected = {
  DateStyle: expect.stringMatching(/^ISO,/),
  default_transaction_isolation: "read committed",
  idle_in_transaction_session_timeout: "60000",
  jit: "off",
  row_security: "off",
  standard_conforming_strings: "on",
  TimeZone: "UTC",
};

const names = Object.keys(expected).map((name) => `'${name}'`);
const statement = `select name, setting from pg_settings where name in (${names.join(", ")})`;

function toSettings(rows: unknown) {
  return Object.fromEntries((rows as { name: string; setting: string }[]).map(({ name, setting }) => [name, setting]));
}

test("the app's sessions are in UTC, compile nothing, and end a transaction left open for a minute, in any database", async () => {
  expect(toSettings(await db.$queryRawUnsafe(statement))).toEqual(expected);
  expect(toSettings(await db.$transaction((tx) => tx.$queryRawUnsafe(statement)))).toEqual(expected);
});

test("instants are read and a run does its work, however the database writes dates and isolates transactions", async () => {
  const shop = await makeShop();
  await addRequest(shop, { sentAt: at("2026-05-03") });
  const today = "2026-05-04" as Day;
  expect(await rollup.run({ trigger: "cron", today })).toMatchObject({ status: "ok", remaining: 0 });
  await expectStoredExact(shop);
  const [run] = await db.rollupRun.findMany({ select: { startedAt: true } });
  expect(Math.abs(Date.now() - (run?.startedAt.getTime() ?? 0))).toBeLessThan(600_000);
});
