import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { withSession } from "../support/hammer/session";
import { addClickEvent, addRequest, at, dropMarks, listMarkedDays, makeShop, type TestShop } from "../support/shops";
import { runSql } from "../support/writers";

// The triggers run with the rights of their owner: a host app's own role needs none of its own for them.

const role = `writer_${randomUUID().replaceAll("-", "")}`;

/** `own` are the rights to the statement itself. */
const writes = [
  {
    name: "sends a request",
    own: "insert on testimonial_requests",
    sql: "insert into testimonial_requests (shop_id, sent_at) values ($1, '2026-06-01')",
    days: ["2026-06-01"],
  },
  {
    name: "records a click on a request",
    own: "select, update on testimonial_requests",
    sql: "update testimonial_requests set clicked_at = '2026-06-01' where shop_id = $1",
    days: ["2026-05-01", "2026-05-02", "2026-06-01"],
  },
  {
    name: "deletes a request",
    own: "select, delete on testimonial_requests",
    sql: "delete from testimonial_requests where shop_id = $1",
    days: ["2026-05-01", "2026-05-02"],
  },
  {
    name: "adds a click event",
    own: "insert on testimonial_request_events",
    sql: `insert into testimonial_request_events (shop_id, request_id, event_type, event_at)
          values ($1, 'request of ' || $1, 'clicked', '2026-06-01')`,
    days: ["2026-05-01", "2026-05-02", "2026-06-01"],
  },
  {
    name: "adds a testimonial",
    own: "insert on testimonial_submissions",
    sql: "insert into testimonial_submissions (shop_id, submitted_at, status) values ($1, '2026-06-01', 'approved')",
    days: ["2026-06-01"],
  },
];

let shop: TestShop;

beforeAll(() => runSql(`create role ${role}`));

beforeEach(async () => {
  await runSql(`drop owned by ${role}`);
  shop = await makeShop();
  const request = await addRequest(shop, { id: `request of ${shop.id}`, sentAt: at("2026-05-01") });
  await addClickEvent(shop, request.id, at("2026-05-02"));
  await dropMarks();
});

afterAll(async () => {
  await runSql(`drop owned by ${role}`);
  await runSql(`drop role ${role}`);
});

function write(sql: string, ...before: string[]): Promise<unknown> {
  return withSession(async (session) => {
    await session.query(`set role ${role}`);
    for (const statement of before) await session.query(statement);
    return session.query(sql, [shop.id]);
  });
}

describe("a role of the host app", () => {
  test.for(writes)(
    "that has the right to the write itself $name, and the days are marked",
    async ({ own, sql, days }) => {
      await runSql(`grant ${own} to ${role}`);
      await write(sql);
      expect(await listMarkedDays(shop)).toEqual(days);
    },
  );

  test.for(writes)("that has temporary tables of the same names $name, and the days are marked", async (wanted) => {
    await runSql(`grant ${wanted.own} to ${role}`);
    const schema = "public";
    await write(
      wanted.sql.replace(/(into|update|from) testimonial/, `$1 ${schema}.testimonial`),
      "create temporary table rollup_marks (shop_id text, date date, parent_id text)",
      "create temporary table testimonial_requests (shop_id text, sent_at timestamp)",
    );
    expect(await listMarkedDays(shop)).toEqual(wanted.days);
  });

  test("can neither read nor write the change log itself", async () => {
    await expect(write("select from rollup_marks where shop_id = $1")).rejects.toThrow("permission denied");
    await expect(write("insert into rollup_marks (shop_id, date) values ($1, '2026-06-01')")).rejects.toThrow(
      "permission denied",
    );
  });
});
