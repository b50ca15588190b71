import { randomUUID } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { listDaysOfRows } from "~/services/rollup/definition/marking-sql";
import { toMigration } from "~/services/rollup/definition/migration-sql";
import type { Definition } from "~/services/rollup/definition/rollup";
import { definition } from "~/testimonial-rollup";
import { type Case, listCases, withCohorts } from "./support/definition-cases";
import { runScript } from "./support/script";
import { addClickEvent, addRequest, addSubmission, at, dropMarks, makeShop, type TestShop } from "./support/shops";
import { runSql } from "./support/writers";

// Made from the definition: each column that a count depends on is changed, in one row, in many, and by moving the row
// to another shop, and leaves marks. A column that is forgotten by a trigger is found here, whoever adds it.

/** Of requests and submissions, and of click events: no day of a row is one of its parent's. */
const days = { rows: ["2026-05-01", "2026-05-11"], events: ["2026-05-03", "2026-05-13"] };

let shop: TestShop;
let other: TestShop;
let elsewhere: string;

/** Two rows of each source with all of their instants set, on days of their own. */
beforeEach(async () => {
  [shop, other] = [await makeShop(), await makeShop()];
  elsewhere = (await addRequest(shop)).id;
  for (const [index, day] of days.rows.entries()) {
    const { id } = await addRequest(shop, { sentAt: at(day) });
    await addClickEvent(shop, id, at(days.events[index] ?? ""));
    await addRequest(shop, { sentAt: at(day), clickedAt: at(day), submittedAt: at(day) });
    await addSubmission(shop, {
      status: "approved",
      mediaType: "video",
      rating: 5,
      submittedAt: at(day),
      approvedAt: at(day),
      publishedAt: at(day),
    });
  }
  await dropMarks();
});

/** The days of the shop that are marked, by themselves or as those of marked rows. */
async function listMarked(counted: Definition, { id }: TestShop): Promise<string[]> {
  const rows = await db.$queryRawUnsafe<{ date: string }[]>(
    `select distinct u.date::text as date from (
       ${["select m.shop_id, m.date from rollup_marks m where m.date is not null", ...listDaysOfRows(counted, "rollup_marks")].join(" union all ")}
     ) u where u.shop_id = $1 order by 1`,
    id,
  );
  return rows.map(({ date }) => date);
}

/** The days that a change of all rows marks. */
function listExpected({ table, marks }: Case): string[] {
  const own = table === "testimonial_request_events" ? days.events : days.rows;
  return marks.flatMap((whose) => (whose === "own" ? own : whose === "children" ? days.events : days.rows));
}

/** Another value for a column than any row above has, as SQL. */
async function otherValue(table: string, column: string): Promise<string> {
  const [found] = await db.$queryRawUnsafe<{ type: string }[]>(
    "select data_type as type from information_schema.columns where table_name = $1 and column_name = $2",
    table,
    column,
  );
  if (column === "id") return "gen_random_uuid()::text";
  if (column === "shop_id") return `'${other.id}'`;
  if (column === "request_id") return `'${elsewhere}'`;
  if (found?.type.startsWith("timestamp")) return "'2026-05-20 12:00'";
  if (found?.type === "integer") return "1";
  if (found?.type === "boolean") return `not ${column}`;
  const [allowed] = await db.$queryRawUnsafe<{ value: string }[]>(
    `select m[1] as value
     from pg_constraint c, regexp_matches(pg_get_constraintdef(c.oid), '''([^'']+)''', 'g') m
     where c.conrelid = $1::regclass
       and c.contype = 'c'
       and pg_get_constraintdef(c.oid) like '%' || $2 || '%'
       and not exists (select from ${table} x where x.shop_id = $3 and x.${column}::text = m[1])
     order by m[1] = 'failed' desc
     limit 1`,
    table,
    column,
    shop.id,
  );
  return `'${allowed?.value ?? randomUUID()}'`;
}

const definitions: { name: string; counted: Definition }[] = [
  { name: "the app's definition", counted: definition },
  { name: "a definition with $has and $anyOf", counted: withCohorts(definition) },
];

describe.for(definitions)("by $name", ({ counted }) => {
  beforeAll(async () => {
    const migration = toMigration(definition, counted);
    if (migration) await runScript(migration);
  });

  describe.for(listCases(counted))("a change of $column in $table", (changed) => {
    const { table, column } = changed;

    test("of one row marks its days", async () => {
      const value = await otherValue(table, column);
      await runSql(
        `update ${table} set ${column} = ${value}
         where id = (
           select x.id from ${table} x
           where x.shop_id = $1 and x.${column} is not null and x.id <> $2
           order by x.id limit 1
         )`,
        [shop.id, elsewhere],
      );
      expect(await listMarked(counted, shop)).not.toEqual([]);
    });

    test("of all rows in one statement marks the days of all", async () => {
      const value = await otherValue(table, column);
      await runSql(`update ${table} set ${column} = ${value} where shop_id = $1`, [shop.id]);
      expect(await listMarked(counted, shop)).toEqual(expect.arrayContaining(listExpected(changed)));
    });

    test("as its row moves to another shop marks the days of both", async () => {
      const value = await otherValue(table, column);
      const set = column === "shop_id" ? `${column} = ${value}` : `${column} = ${value}, shop_id = '${other.id}'`;
      await runSql(`update ${table} set ${set} where shop_id = $1`, [shop.id]);
      expect(await listMarked(counted, shop)).toEqual(expect.arrayContaining(listExpected(changed)));
      // Click events stay where they are, without their requests.
      if (column !== "clicked_at" && column !== "event_type") expect(await listMarked(counted, other)).not.toEqual([]);
    });
  });

  test("a child that comes or goes marks the days of both", async () => {
    const request = await addRequest(shop, { sentAt: at("2026-06-01") });
    await dropMarks();
    const { id } = await addClickEvent(shop, request.id, at("2026-06-03"));
    const expected = ["2026-06-01", "2026-06-03"];
    expect(await listMarked(counted, shop)).toEqual(expected);
    await dropMarks();
    await runSql("delete from testimonial_request_events where id = $1", [id]);
    expect(await listMarked(counted, shop)).toEqual(expected);
  });
});
