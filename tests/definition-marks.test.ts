import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { type Condition, listConditionColumns } from "~/services/rollup/definition/condition";
import { rollup } from "~/services/rollup/metrics";
import {
  addClickEvent,
  addRequest,
  addSubmission,
  at,
  dropMarks,
  listMarkedDays,
  makeShop,
  type TestShop,
} from "./support/shops";
import { runSql } from "./support/writers";

// Made from the definition: each column that a count depends on is changed, in one row, in many, and by moving the row
// to another shop, and leaves marks. A column that is forgotten by a trigger is found here, whoever adds it.

type Case = { table: string; column: string };

const scans = Object.values(rollup.scans) as { source: string; at: string; where?: Condition; parent?: Condition }[];
const sources = rollup.sources as Record<
  string,
  { table: string; shop: string; parent?: { source: string; column: string } }
>;
const metrics = Object.values(rollup.metrics) as { from: Record<string, { where: Condition; column?: string }> }[];

/** Every column that any scan or metric reads, of the table it is read in. */
function listCases(): Case[] {
  const cases = Object.entries(rollup.scans as Record<string, (typeof scans)[number]>).flatMap(([name, scan]) => {
    const source = sources[scan.source];
    const parent = source?.parent && scan.parent ? source.parent : undefined;
    const own = metrics.flatMap(({ from }) => {
      const aggregate = from[name];
      return aggregate
        ? [...listConditionColumns(aggregate.where), ...(aggregate.column ? [aggregate.column] : [])]
        : [];
    });
    const columns = [
      scan.at,
      source?.shop ?? "",
      ...listConditionColumns(scan.where),
      ...own,
      ...(parent ? [parent.column] : []),
    ];
    const ofParent = parent ? listConditionColumns(scan.parent).map((column) => [parent.source, column]) : [];
    return [...columns.map((column) => [scan.source, column]), ...ofParent];
  });
  const texts = new Set(
    cases.map(([source, column]) => JSON.stringify({ table: sources[source ?? ""]?.table, column })),
  );
  return [...texts].map((text) => JSON.parse(text) as Case);
}

let shop: TestShop;
let other: TestShop;
let elsewhere: string;

/** Two rows of each source with all of their instants set, on days of their own. */
beforeEach(async () => {
  [shop, other] = [await makeShop(), await makeShop()];
  elsewhere = (await addRequest(shop)).id;
  for (const day of ["2026-05-01", "2026-05-11"]) {
    const { id } = await addRequest(shop, { sentAt: at(day) });
    await addClickEvent(shop, id, at(day));
    await addRequest(shop, { sentAt: at(day), clickedAt: at(day) });
    await addSubmission(shop, {
      status: "approved",
      mediaType: "video",
      submittedAt: at(day),
      approvedAt: at(day),
      publishedAt: at(day),
    });
  }
  await dropMarks(shop);
});

/** Another value for a column than any row above has, as SQL. */
async function otherValue(table: string, column: string): Promise<string> {
  const [found] = await db.$queryRawUnsafe<{ type: string }[]>(
    "select data_type as type from information_schema.columns where table_name = $1 and column_name = $2",
    table,
    column,
  );
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
     limit 1`,
    table,
    column,
    shop.id,
  );
  return `'${allowed?.value ?? randomUUID()}'`;
}

describe.for(listCases())("a change of $column in $table", ({ table, column }) => {
  test("of one row marks its days", async () => {
    const value = await otherValue(table, column);
    await runSql(
      `update ${table} set ${column} = ${value}
       where id = (select x.id from ${table} x where x.shop_id = $1 and x.${column} is not null and x.id <> $2 order by x.id limit 1)`,
      [shop.id, elsewhere],
    );
    expect(await listMarkedDays(shop)).not.toEqual([]);
  });

  test("of all rows in one statement marks the days of all", async () => {
    const value = await otherValue(table, column);
    await runSql(`update ${table} set ${column} = ${value} where shop_id = $1`, [shop.id]);
    expect(await listMarkedDays(shop)).toEqual(expect.arrayContaining(["2026-05-01", "2026-05-11"]));
  });

  test("as its row moves to another shop marks the days of both", async () => {
    const value = await otherValue(table, column);
    const set = column === "shop_id" ? `${column} = ${value}` : `${column} = ${value}, shop_id = '${other.id}'`;
    await runSql(`update ${table} set ${set} where shop_id = $1`, [shop.id]);
    expect(await listMarkedDays(shop)).toEqual(expect.arrayContaining(["2026-05-01", "2026-05-11"]));
    // Click events stay where they are, without their requests.
    if (column !== "clicked_at" && column !== "event_type") expect(await listMarkedDays(other)).not.toEqual([]);
  });
});
