import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { withSession } from "../support/hammer/session";
import { fingerprintTables } from "../support/refusal";
import { addClickEvent, addRequest, at, listMarkedDays, makeShop, type TestShop } from "../support/shops";
import { runSql } from "../support/writers";

// The triggers run with the rights of whoever writes. The README lists those that a host app's own role needs for them.

const role = `writer_${randomUUID().replaceAll("-", "")}`;
const marking = ["insert on rollup_invalidations", "usage on sequence rollup_invalidations_id_seq"];

/** `own` are the rights to the statement itself, `more` those that its triggers want beside `marking`. */
const writes = [
  {
    name: "sends a request",
    own: "insert on testimonial_requests",
    more: [],
    sql: "insert into testimonial_requests (shop_id, sent_at) values ($1, '2026-06-01')",
    days: ["2026-06-01"],
  },
  {
    name: "records a click on a request",
    own: "select, update on testimonial_requests",
    more: ["select on testimonial_request_events"],
    sql: "update testimonial_requests set clicked_at = '2026-06-01' where shop_id = $1",
    days: ["2026-05-02", "2026-06-01"],
  },
  {
    name: "deletes a request",
    own: "select, delete on testimonial_requests",
    more: [],
    sql: "delete from testimonial_requests where shop_id = $1",
    days: ["2026-05-01", "2026-05-02"],
  },
  {
    name: "adds a click event",
    own: "insert on testimonial_request_events",
    more: ["select, update on testimonial_requests"],
    sql: `insert into testimonial_request_events (shop_id, request_id, event_type, event_at)
          values ($1, 'request of ' || $1, 'clicked', '2026-06-01')`,
    days: ["2026-06-01"],
  },
  {
    name: "adds a testimonial",
    own: "insert on testimonial_submissions",
    more: [],
    sql: "insert into testimonial_submissions (shop_id, submitted_at, status) values ($1, '2026-06-01', 'approved')",
    days: ["2026-06-01"],
  },
];

const incomplete = writes.flatMap((write) =>
  [...marking, ...write.more].map((missing) => ({ ...write, missing, of: missing.split(" ").at(-1) })),
);

let shop: TestShop;

beforeAll(() => runSql(`create role ${role}`));

beforeEach(async () => {
  await runSql(`drop owned by ${role}`);
  shop = await makeShop();
  const request = await addRequest(shop, { id: `request of ${shop.id}`, sentAt: at("2026-05-01") });
  await addClickEvent(shop, request.id, at("2026-05-02"));
  await db.rollupInvalidation.deleteMany();
});

afterAll(async () => {
  await runSql(`drop owned by ${role}`);
  await runSql(`drop role ${role}`);
});

async function grant(rights: string[]): Promise<void> {
  for (const right of rights) await runSql(`grant ${right} to ${role}`);
}

function write(sql: string): Promise<unknown> {
  return withSession(async (session) => {
    await session.query(`set role ${role}`);
    return session.query(sql, [shop.id]);
  });
}

describe("a role of the host app", () => {
  test.for(writes)("that has the rights which the README names $name, and the days are marked", async (wanted) => {
    await grant([wanted.own, ...marking, ...wanted.more]);
    await write(wanted.sql);
    expect(await listMarkedDays(shop)).toEqual(wanted.days);
  });

  test.for(incomplete)("without $missing is told so when it $name, and nothing changes", async (wanted) => {
    await grant([wanted.own, ...[...marking, ...wanted.more].filter((right) => right !== wanted.missing)]);
    const before = await fingerprintTables();
    await expect(write(wanted.sql)).rejects.toThrow(
      new RegExp(`^permission denied for (table|sequence) ${wanted.of}$`),
    );
    expect(await fingerprintTables()).toEqual(before);
  });
});
