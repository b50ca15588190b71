import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countByDay, listMetricColumns, toActivity } from "~/services/rollup/definition/count-sql";
import { toInstallSql } from "~/services/rollup/definition/install-sql";
import { count, type Definition, defineRollup } from "~/services/rollup/definition/rollup";
import { definition } from "~/testimonial-rollup";
import { toTestimonialPart } from "../prisma/testimonial-app";
import { withCohorts } from "./support/definition-cases";
import { adapt, addHost, type HostKind, migrate } from "./support/hosts";

// Hosts whose keys, instants and values are of other types than the app's own: the view, which takes the daily row of a
// day that no mark names, is at every moment what a count of the source tables gives.

const kinds: ({ name: string; zone: string } & HostKind)[] = [
  { name: "the app's own", zone: "UTC" },
  { name: "uuid keys and enums in upper case", keyType: "uuid", areEnums: true, zone: "UTC" },
  {
    name: "bigint keys and instants with a zone, east of UTC",
    keyType: "bigint",
    instants: "timestamptz",
    zone: "Asia/Kathmandu",
  },
  {
    name: "integer keys and instants with a zone, west of UTC",
    keyType: "integer",
    instants: "timestamptz",
    zone: "America/St_Johns",
  },
];

let host: PGlite;

beforeAll(async () => {
  host = await PGlite.create();
});
afterAll(() => host.close());

describe.for(kinds)("a host with $name", (kind) => {
  const counted = adapt(withCohorts(definition), kind);
  const value = (text: string) => (kind.areEnums ? text.toUpperCase() : text);
  let shops: string[];

  async function expectExact(): Promise<number> {
    const live = await host.query(
      `select l.* from (${countAll(counted)}) l where ${toActivity(counted, "l")} order by 1, 2`,
    );
    const view = await host.query(`select * from ${counted.table}_exact v order by 1, 2`);
    expect(view.rows).toEqual(live.rows);
    return live.rows.length;
  }

  /** As a recount of everything does. */
  async function recount(): Promise<void> {
    const columns = ["shop_id", "date", ...listMetricColumns(counted)].join(", ");
    await host.exec(`
      delete from rollup_marks; delete from ${counted.table};
      insert into ${counted.table} (${columns}) select l.* from (${countAll(counted)}) l where ${toActivity(counted, "l")};`);
  }

  beforeAll(async () => {
    await addHost(host, `host_${kinds.indexOf(kind)}`, kind);
    const { rows } = await host.query<{ id: string }>(
      "insert into shops (domain) values ('a.myshopify.com'), ('b.myshopify.com') returning id::text",
    );
    shops = rows.map(({ id }) => `'${id}'`);
    await host.exec(`
      set time zone '${kind.zone}';
      insert into testimonial_requests (shop_id, sent_at, clicked_at)
      select ${shops[0]}, t.at::timestamptz at time zone 'UTC' ${kind.instants ? "at time zone 'UTC'" : ""}, null
      from unnest('{2026-05-01 00:00:00Z,2026-05-01 23:59:59Z,2026-05-02 00:00:00Z}'::text[]) t (at);
      insert into testimonial_requests (shop_id, sent_at) values (${shops[0]}, 'infinity'), (${shops[0]}, null);
      insert into testimonial_submissions (shop_id, media_type, status, submitted_at)
      select ${shops[0]}, '${value("video")}', 'approved', x.sent_at from testimonial_requests x;`);
    await migrate(host, toInstallSql(counted, toTestimonialPart(counted)));
  });

  test("counts UTC days, by its first marks and by a recount", async () => {
    await expectExact();
    const { rows } = await host.query(
      `select date::text, requests_sent, video_submissions_count from ${counted.table}_exact where requests_sent > 0 order by 1`,
    );
    expect(rows).toEqual([
      { date: "2026-05-01", requests_sent: 2, video_submissions_count: 2 },
      { date: "2026-05-02", requests_sent: 1, video_submissions_count: 1 },
    ]);
    await recount();
    await expectExact();
  });

  const event = (type: string) => `insert into testimonial_request_events (shop_id, request_id, event_type, event_at)
    select r.shop_id, r.id, '${value(type)}', '2026-05-06 23:30:00+00' from testimonial_requests r`;
  const first = "(select id from testimonial_requests order by sent_at, id limit 1)";
  const changes: { name: string; sql: () => string }[] = [
    { name: "requests are opened", sql: () => event("opened") },
    {
      name: "opened events are of another type",
      sql: () => `update testimonial_request_events set event_type = '${value("sent")}'`,
    },
    {
      name: "a request is submitted, which nothing else counts by",
      sql: () => `update testimonial_requests set submitted_at = '2026-05-08' where id = ${first}`,
    },
    { name: "requests are clicked", sql: () => event("clicked") },
    {
      name: "one event is of another type",
      sql: () => `update testimonial_request_events set event_type = '${value("sent")}' where request_id = ${first}`,
    },
    { name: "events are another request's", sql: () => `update testimonial_request_events set request_id = ${first}` },
    {
      name: "a request has a click time",
      sql: () => `update testimonial_requests set clicked_at = '2026-05-09' where id = ${first}`,
    },
    {
      name: "requests move to another day",
      sql: () => "update testimonial_requests set sent_at = sent_at + interval '1 day' where isfinite(sent_at)",
    },
    {
      name: "requests move to another shop, without their events",
      sql: () => `update testimonial_requests set shop_id = ${shops[1]}`,
    },
    { name: "the events follow", sql: () => `update testimonial_request_events set shop_id = ${shops[1]}` },
    { name: "all events are gone by truncate", sql: () => "truncate testimonial_request_events" },
    { name: "events come back", sql: () => event("clicked") },
    { name: "events are deleted", sql: () => "delete from testimonial_request_events" },
    {
      name: "a photo becomes a video",
      sql: () => `update testimonial_submissions set media_type = '${value("photo")}'`,
    },
    {
      name: "testimonials are published",
      sql: () => "update testimonial_submissions set published_at = '2026-05-10 23:59:59+00'",
    },
    { name: "a shop is deleted", sql: () => `delete from shops where id = ${shops[1]}` },
  ];

  test("is exact before and after each change", async () => {
    for (const { name, sql } of changes) {
      await recount();
      const before = await host.query(`select * from ${counted.table}_exact order by 1, 2`);
      await host.exec(sql());
      await expectExact();
      const after = await host.query(`select * from ${counted.table}_exact order by 1, 2`);
      expect(after.rows, name).not.toEqual(before.rows);
    }
  });
});

test("a host whose marked rows have keys of several types is exact", async () => {
  const source = (table: string, more: object) => ({ table, key: "id", shop: "shop", ...more });
  const metric = (column: string, scan: string, child: string) => ({
    column,
    label: column,
    counts: column,
    from: { [scan]: count({ $has: { [child]: {} } }) },
  });
  const counted: Definition = defineRollup({
    table: "daily",
    prefix: "mixed",
    shops: { table: "tenants", key: "id", keyType: "integer", installed: {} },
    instants: "timestamptz",
    sources: {
      orders: source("orders", { keyType: "bigint" }),
      items: source("items", { parent: { source: "orders", column: "parent" } }),
      visits: source("visits", { keyType: "uuid" }),
      steps: source("steps", { keyType: "integer", parent: { source: "visits", column: "parent" } }),
      notes: source("notes", { parent: { source: "steps", column: "parent" } }),
      letters: source("letters", {}),
      stamps: source("stamps", { parent: { source: "letters", column: "parent" } }),
    },
    scans: {
      ordered: { source: "orders", at: "at" },
      visited: { source: "visits", at: "at" },
      stepped: { source: "steps", at: "at" },
      written: { source: "letters", at: "at" },
    },
    metrics: {
      filled: metric("filled", "ordered", "items"),
      walked: metric("walked", "visited", "steps"),
      noted: metric("noted", "stepped", "notes"),
      stamped: metric("stamped", "written", "stamps"),
    },
  });
  const uuid = "11111111-2222-4333-8444-555555555555";
  await host.exec(`
    create schema mixed; set search_path = mixed; set time zone 'Asia/Kathmandu';
    create table tenants (id integer primary key);
    create table orders (id bigint primary key, shop integer, at timestamptz);
    create table visits (id uuid primary key, shop integer, at timestamptz);
    create table steps (id integer primary key, shop integer, parent uuid, at timestamptz);
    create table letters (id text primary key, shop integer, at timestamptz);
    create table items (id text primary key, shop integer, parent bigint);
    create table notes (id text primary key, shop integer, parent integer);
    create table stamps (id text primary key, shop integer, parent text);
    insert into tenants values (1);
    insert into orders values (9223372036854775807, 1, '2026-05-01 00:00Z');
    insert into visits values ('${uuid}', 1, '2026-05-02 23:59Z');
    insert into steps values (7, 1, null, '2026-05-03 12:00Z');
    insert into letters values ('99999999999999999999', 1, '2026-05-04 12:00Z'), ('dear', 1, '2026-05-05 12:00Z');`);
  await host.exec(toInstallSql(counted));
  await host.exec(`
    delete from mixed_marks;
    insert into items values ('a', 1, 9223372036854775807), ('b', 1, null), ('c', null, 5);
    update steps set parent = '${uuid}';
    insert into notes values ('a', 1, 7);
    insert into stamps values ('a', 1, '99999999999999999999'), ('b', 1, 'dear'), ('c', 1, '7');`);
  const { rows } = await host.query("select date::text, filled, walked, noted, stamped from daily_exact order by date");
  expect(rows).toEqual([
    { date: "2026-05-01", filled: 1, walked: 0, noted: 0, stamped: 0 },
    { date: "2026-05-02", filled: 0, walked: 1, noted: 0, stamped: 0 },
    { date: "2026-05-03", filled: 0, walked: 0, noted: 1, stamped: 0 },
    { date: "2026-05-04", filled: 0, walked: 0, noted: 0, stamped: 1 },
    { date: "2026-05-05", filled: 0, walked: 0, noted: 0, stamped: 1 },
  ]);
});

function countAll(counted: Definition): string {
  const all = countByDay(
    counted,
    () => "true",
    () => "",
  );
  return all.replaceAll(":from::date", "'2000-01-01'::date").replaceAll(":until::date", "'2100-01-01'::date");
}
