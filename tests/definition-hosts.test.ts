import type { PGlite } from "@electric-sql/pglite";
import { beforeAll, describe, expect, test } from "vitest";
import { countByDay, listMetricColumns, toActivity } from "~/services/rollup/definition/count-sql";
import { toInstallSql } from "~/services/rollup/definition/install-sql";
import type { Definition } from "~/services/rollup/definition/rollup";
import { definition } from "~/testimonial-rollup";
import { toTestimonialPart } from "../prisma/testimonial-app";
import { withCohorts } from "./support/definition-cases";
import { adapt, type HostKind, migrate, openHost } from "./support/hosts";

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

describe.for(kinds)("a host with $name", (kind) => {
  const counted = adapt(withCohorts(definition), kind);
  const value = (text: string) => (kind.areEnums ? text.toUpperCase() : text);
  let host: PGlite;
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
    host = await openHost(kind);
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

function countAll(counted: Definition): string {
  const all = countByDay(
    counted,
    () => "true",
    () => "",
  );
  return all.replaceAll(":from::date", "'2000-01-01'::date").replaceAll(":until::date", "'2100-01-01'::date");
}
