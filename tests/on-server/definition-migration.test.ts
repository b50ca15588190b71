import { expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import * as healthRoute from "~/routes/healthz";
import * as rollupRoute from "~/routes/jobs.rollup";
import type { Day } from "~/services/rollup/day";
import { findLastDefinition } from "~/services/rollup/definition/definition-row-sql";
import { toMigration } from "~/services/rollup/definition/migration-sql";
import { count, countDistinct, type Definition, sum } from "~/services/rollup/definition/rollup";
import { recountMarkedDays } from "~/services/rollup/recount/recount.server";
import { definition } from "~/testimonial-rollup";
import { call, cron } from "../support/call";
import { withSession } from "../support/hammer/session";
import {
  addRequest,
  addSubmission,
  at,
  expectReadExact,
  listMarkedDays,
  makeShop,
  type TestShop,
} from "../support/shops";
import { runSql } from "../support/writers";

// A database that has the definition of this code, and is taken to one with three more metrics while this code still runs
// on it, as in a rolling deploy.

const before = definition as Definition;

const after: Definition = {
  ...before,
  scans: {
    ...before.scans,
    openEvents: { source: "request_events", at: "event_at", where: { event_type: "opened" } },
  },
  metrics: {
    ...before.metrics,
    requestsOpened: {
      column: "requests_opened",
      label: "Requests opened",
      counts: "Requests, on each UTC day they were opened.",
      from: { openEvents: countDistinct("request_id") },
    },
    ratingSum: {
      column: "rating_sum",
      label: "Sum of ratings",
      counts: "Stars of testimonials, on the UTC day they were submitted.",
      from: { submitted: sum("rating") },
    },
    verifiedCount: {
      column: "verified_count",
      label: "Verified",
      counts: "Testimonials of verified buyers, on the UTC day they were submitted.",
      from: { submitted: count({ verified: true }) },
    },
  },
};

async function readNewColumns(shop: TestShop): Promise<object[]> {
  return db.$queryRawUnsafe(
    `select v.date::text as date, v.requests_opened as opened, v.rating_sum as stars, v.verified_count as verified
     from testimonial_daily_analytics_exact v
     where v.shop_id = $1
     order by v.date`,
    shop.id,
  );
}

test("a generated migration makes new metrics exact from its first second, and older processes count no more", async () => {
  const shop = await makeShop();
  const request = await addRequest(shop, { sentAt: at("2026-05-01") });
  const submission = await addSubmission(shop, { submittedAt: at("2026-05-03"), rating: 3 });
  await addSubmission(shop, { submittedAt: at("2026-05-03"), rating: 5 });
  await runSql(
    `insert into testimonial_request_events (shop_id, request_id, event_type, event_at)
     select $1, $2, 'opened', t.at::timestamp from unnest('{2026-05-02 10:00,2026-05-02 11:00}'::text[]) t (at)`,
    [shop.id, request.id],
  );
  await rollup.run({ trigger: "cron", today: "2026-06-15" as Day });
  expect(await listMarkedDays(shop)).toEqual([]);

  await runSql("alter table testimonial_submissions add column verified boolean not null default false");
  const migration = toMigration(before, after);
  await withSession((session) => session.query(`begin;\n${migration}\ncommit;`));

  expect(await listMarkedDays(shop)).toEqual(["2026-05-01", "2026-05-02", "2026-05-03"]);
  expect(await readNewColumns(shop)).toEqual([
    { date: "2026-05-01", opened: 0, stars: 0, verified: 0 },
    { date: "2026-05-02", opened: 1, stars: 0, verified: 0 },
    { date: "2026-05-03", opened: 0, stars: 8, verified: 0 },
  ]);

  // This process has the definition of before: it reads, and writes no row by it.
  expect(await rollup.compareDefinition()).toBe("older");
  await expectReadExact(shop, "2026-04-01", "2026-06-30");
  await expect(recountMarkedDays(rollup.engine, [shop.id], 2_000)).rejects.toThrow("another definition");
  const run = await call(rollupRoute, "/jobs/rollup", { method: "POST", headers: cron });
  expect([run.status, (await run.json()).error.code]).toEqual([503, "other_definition"]);
  const health = await call(healthRoute, "/healthz", { headers: cron });
  expect(health.status).toBe(503);
  expect((await health.json()).reasons.database).toContain("another definition");
  expect(await listMarkedDays(shop)).toEqual(["2026-05-01", "2026-05-02", "2026-05-03"]);

  // Each column that a new metric reads leaves marks, one that no trigger had compared before too.
  for (const { change, day } of [
    { change: "update testimonial_submissions set rating = 1 where id = $1", day: "2026-05-03" },
    { change: "update testimonial_submissions set verified = true where id = $1", day: "2026-05-03" },
  ]) {
    await runSql("delete from rollup_marks");
    await runSql(change, [submission.id]);
    expect(await listMarkedDays(shop)).toEqual([day]);
  }
  await runSql("delete from rollup_marks");
  await runSql("update testimonial_request_events set event_type = 'delivered' where shop_id = $1", [shop.id]);
  expect(await listMarkedDays(shop)).toEqual(["2026-05-01", "2026-05-02"]);
  await runSql("insert into rollup_marks (shop_id, date) values ($1, '2026-05-03')", [shop.id]);
  expect(await readNewColumns(shop)).toMatchObject([{}, { date: "2026-05-03", opened: 0, stars: 6, verified: 1 }]);

  // And back again: the columns and their triggers go, and this process counts once more.
  await withSession((session) => session.query(`begin;\n${toMigration(after, before)}\ncommit;`));
  expect(await rollup.compareDefinition()).toBe("current");
  expect(await rollup.run({ trigger: "cron", today: "2026-06-15" as Day })).toMatchObject({
    status: "ok",
    remaining: 0,
  });
  await expectReadExact(shop, "2026-04-01", "2026-06-30");
});

test("the last definition of several migrations is the one that counts, and the same one makes no migration", () => {
  const migrations = [toMigration(before, after) ?? "", toMigration(after, before) ?? ""];
  const last = findLastDefinition(migrations, before.table);
  expect(last && toMigration(last, before)).toBeNull();
  expect(findLastDefinition(migrations.slice(0, 1), before.table)?.metrics).toHaveProperty("ratingSum");
  expect(findLastDefinition([], before.table)).toBeNull();
});
