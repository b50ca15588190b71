import { expect, test } from "vitest";
import { db } from "~/db.server";
import { runSql } from "../support/writers";

// Before the app's first connection, so that what it sets has something to replace.
await runSql(`
do $$
begin
  execute format('alter database %I set jit = on', current_database());
  execute format('alter database %I set TimeZone = ''Asia/Kathmandu''', current_database());
  execute format('alter database %I set idle_in_transaction_session_timeout = 0', current_database());
end $$`);

const statement = `
select name, setting
from pg_settings
where name in ('idle_in_transaction_session_timeout', 'jit', 'TimeZone')
order by lower(name)`;

const expected = [
  { name: "idle_in_transaction_session_timeout", setting: "60000" },
  { name: "jit", setting: "off" },
  { name: "TimeZone", setting: "UTC" },
];

test("the app's sessions are in UTC, compile nothing, and end a transaction left open for a minute, in any database", async () => {
  expect(await db.$queryRawUnsafe(statement)).toEqual(expected);
  expect(await db.$transaction((tx) => tx.$queryRawUnsafe(statement))).toEqual(expected);
});
