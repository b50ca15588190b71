import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { toExactView } from "~/services/rollup/definition/exact-view-sql";
import { listChildIndexes, listScanIndexes } from "~/services/rollup/definition/index-sql";
import { singleRow, toMarkFunction } from "~/services/rollup/definition/mark-function-sql";
import { toMarkTriggers, toRowMarkTriggers } from "~/services/rollup/definition/mark-trigger-sql";
import { count, type Definition } from "~/services/rollup/definition/rollup";
import { definition } from "~/testimonial-rollup";

// What the migrations have made of a database is what the definition gives: a metric that is added to one of them alone
// would be wrong for ever, and silently.

const shards = readFileSync("prisma/citus/3-triggers.sql", "utf8");
const sourceNames = Object.keys(definition.sources);

describe("a migrated database has, as the definition gives it,", () => {
  test.for(sourceNames)(
    "the function that marks %s, with its owner's rights and a search path of its own",
    async (name) => {
      const [found] = await db.$queryRawUnsafe<object[]>(
        `select prosrc as body, prosecdef as "isOwners", proconfig as settings, current_schema()::text as schema
       from pg_proc where proname = 'rollup_mark_' || $1`,
        name,
      );
      const body = /as \$\$(.*)\$\$;$/s.exec(toMarkFunction(definition, name))?.[1];
      expect(found).toMatchObject({
        body,
        isOwners: true,
        settings: ["search_path=public, pg_temp"],
        schema: "public",
      });
    },
  );

  test.for(sourceNames)("the triggers that mark %s", async (name) => {
    const found = await db.$queryRawUnsafe<{ name: string }[]>(
      `select t.tgname::text as name
       from pg_trigger t join pg_proc p on p.oid = t.tgfoid where p.proname = 'rollup_mark_' || $1 and t.tgenabled = 'O'
       order by 1`,
      name,
    );
    const created = [...toMarkTriggers(definition, name).matchAll(/create trigger (\w+)/g)].map(
      ([, trigger]) => trigger,
    );
    expect(found.map((trigger) => trigger.name)).toEqual(created.sort());
  });

  test("the exact view", async () => {
    const expected = toExactView(definition).replace(/^create view (\w+)/, "create temporary view expected");
    const [same] = await db.$transaction(async (tx) => {
      await tx.$executeRawUnsafe(expected);
      const rows = await tx.$queryRawUnsafe<{ is: string; shouldBe: string }[]>(
        `select pg_get_viewdef('${definition.table}_exact'::regclass) as is, pg_get_viewdef('expected'::regclass) as "shouldBe"`,
      );
      await tx.$executeRawUnsafe("drop view expected");
      return rows;
    });
    expect(same?.is).toBe(same?.shouldBe);
  });

  test("the indexes that counts go along", async () => {
    const found = await db.$queryRawUnsafe<{ text: string }[]>("select indexdef as text from pg_indexes");
    for (const { table, columns, sql } of [...listScanIndexes(definition), ...listChildIndexes(definition)]) {
      const instant = / where (\w+) is not null;$/.exec(sql)?.[1];
      const rows = instant === undefined ? "" : ` WHERE (${instant} IS NOT NULL)`;
      const wanted = `.${table} USING btree (${columns.join(", ")})${rows}`;
      expect(
        found.some(({ text }) => text.endsWith(wanted)),
        wanted,
      ).toBe(true);
    }
  });

  test("the columns of the metrics", async () => {
    const found = await db.$queryRawUnsafe<{ name: string }[]>(
      `select column_name::text as name from information_schema.columns
       where table_name = $1 and data_type = 'integer' and is_nullable = 'NO' order by ordinal_position`,
      definition.table,
    );
    expect(found.map(({ name }) => name)).toEqual(
      Object.values({ ...definition.metrics, ...definition.cohortMetrics }).map(({ column }) => column),
    );
  });

  test("its fingerprint", async () => {
    expect(await rollup.compareDefinition()).toBe("current");
  });
});

test.for(sourceNames)("shards have the function and the trigger that mark %s row by row", (name) => {
  expect(shards).toContain(toMarkFunction(definition, name, singleRow));
  expect(shards).toContain(toRowMarkTriggers(definition, name));
});

test("shards have the exact view", () => {
  expect(shards).toContain(toExactView(definition));
});

test("all rows of a shop stay in the first index of its table where two scans count by the same instant", () => {
  const { sent } = definition.scans;
  const [metric] = Object.values(definition.metrics);
  const twice = {
    ...definition,
    scans: { ...definition.scans, again: { ...sent } },
    metrics: { ...definition.metrics, again: { ...metric, column: "again", from: { again: count() } } },
  } as Definition;
  const [first] = listScanIndexes(twice).filter(({ table }) => table === "testimonial_requests");
  expect(first?.sql).toBe(
    "create index if not exists testimonial_requests_shop_id_sent_at_idx on testimonial_requests (shop_id, sent_at);",
  );
});
