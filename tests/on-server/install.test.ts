import { expect, test } from "vitest";
import { openSessions } from "../../cli/install/connect";
import {
  analyticsMigration,
  describeDatabase,
  expectInstalled,
  installOn,
  makeLiveHost,
  readMigration,
  runCommand,
  runPrisma,
} from "../support/live-host";

// The first migration, taken online into a database that has data: what it leaves, and what it refuses.

test("leaves the schema, the values and the ledger that the migration leaves, and a second one has nothing to do", async () => {
  const host = await makeLiveHost();
  const result = await runCommand(host.url);
  expect(result.text).toContain("26/26 definition");
  expect(result.code).toBe(0);
  await expectInstalled(host.query);
  const filled =
    "select count(*)::int as n from testimonial_submissions where approved_at is null and status = 'approved'";
  expect(await host.query(filled)).toEqual([{ n: 0 }]);
  const twin = await makeLiveHost();
  await twin.query(readMigration(analyticsMigration));
  const values = "select shop_id, submitted_at, approved_at from testimonial_submissions order by 1, 2";
  expect(await host.query(values)).toEqual(await twin.query(values));

  const again = await runCommand(host.url);
  expect(again).toMatchObject({ code: 0, text: expect.stringContaining("is installed already") });
  expect(await runPrisma(host.url, "migrate", "deploy")).not.toContain(analyticsMigration);
  expect(await runPrisma(host.url, "migrate", "status")).toContain("Database schema is up to date");
}, 120_000);

test("works in sessions that are set as the app's, whatever the database's zone", async () => {
  const host = await makeLiveHost();
  await host.query(`alter database ${new URL(host.url).pathname.slice(1)} set timezone to 'Pacific/Kiritimati'`);
  const sessions = await openSessions(host.url);
  try {
    const { rows } = await sessions.work.query("select current_setting('TimeZone') as zone");
    expect(rows).toEqual([{ zone: "UTC" }]);
  } finally {
    await sessions.close();
  }
});

test("says what is to be told to Prisma where it keeps no ledger, and enters itself when there is one", async () => {
  const host = await makeLiveHost();
  await host.query("alter table _prisma_migrations rename to kept_migrations");
  expect((await installOn(host.url)).at(-1)).toContain(`migrate resolve --applied ${analyticsMigration}`);
  await host.query("alter table kept_migrations rename to _prisma_migrations");
  expect((await installOn(host.url)).at(-1)).toContain("is entered as applied");
  await installOn(host.url);
  const entries = "select migration_name as name from _prisma_migrations where finished_at is not null order by 1";
  expect((await host.query(entries)).slice(1)).toEqual([{ name: analyticsMigration }]);
  await expectInstalled(host.query);
});

test("makes an index anew that an interrupted build has left invalid", async () => {
  const host = await makeLiveHost();
  const name = "testimonial_requests_shop_id_sent_at_idx";
  await host.query(`create index ${name} on testimonial_requests (shop_id, sent_at)`);
  await host.query(`update pg_index set indisvalid = false where indexrelid = '${name}'::regclass`);
  expect(await installOn(host.url)).toContainEqual(expect.stringContaining(`${name} was left invalid`));
  await expectInstalled(host.query);
});

test("changes nothing for a role that does not own the host's tables", async () => {
  const host = await makeLiveHost();
  const role = `install_${new URL(host.url).pathname.slice(-8)}`;
  await host.query(`create role ${role} login password 'secret'; grant all on schema public to ${role};
    grant select on all tables in schema public to ${role}`);
  const before = await describeDatabase(host.query);
  const url = Object.assign(new URL(host.url), { username: role, password: "secret" }).href;
  await expect(installOn(url)).rejects.toThrow(/must own the table shops, as \w+ does/);
  expect(await describeDatabase(host.query)).toEqual(before);
  await host.query(`drop owned by ${role}; drop role ${role}`);
});

test.for([
  {
    what: "a partitioned table",
    change: `
    drop table testimonial_request_events;
    create table testimonial_request_events (
      id text not null, shop_id text not null, request_id text not null, event_type text not null, event_at timestamp(3) not null
    ) partition by range (event_at)`,
  },
  { what: "a column of another type", change: "alter table testimonial_submissions add approved_at text" },
  { what: "a table of the rollup's name", change: "create table rollup_marks (n int)" },
  {
    what: "a trigger of the rollup's name",
    change: `create function f() returns trigger language plpgsql as 'begin return null; end';
      create trigger rollup_mark_on_insert after insert on testimonial_requests execute function f()`,
  },
])("changes nothing in a host with $what", async ({ change }) => {
  const host = await makeLiveHost();
  await host.query(change);
  const before = await describeDatabase(host.query);
  await expect(installOn(host.url)).rejects.toThrow(/does not fit|already|partitioned/);
  expect(await describeDatabase(host.query)).toEqual(before);
});

test("prints its steps, and needs no database for it", async () => {
  const { code, text } = await runCommand("", "--dry-run");
  expect(code).toBe(0);
  expect(text.match(/^-- \d+\/26 /gm)).toHaveLength(26);
  expect(await runCommand("")).toMatchObject({ code: 1, text: expect.stringContaining("npm run setup") });
});
