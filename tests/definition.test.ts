import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { toExactView } from "~/services/rollup/definition/exact-view-sql";
import { listScanIndexes } from "~/services/rollup/definition/index-sql";
import { singleRow, toMarkFunction, toMarkTriggers, toRowMarkTriggers } from "~/services/rollup/definition/marking-sql";
import { count, defineRollup } from "~/services/rollup/definition/rollup";
import { compareDefinition } from "~/services/rollup/definition-state.server";
import { rollup } from "~/services/rollup/metrics";

// What the migrations have made of a database is what the definition gives: a metric that is added to one of them alone
// would be wrong for ever, and silently.

const shards = readFileSync("prisma/citus/3-triggers.sql", "utf8");
const sourceNames = Object.keys(rollup.sources);

describe("a migrated database has, as the definition gives it,", () => {
  test.for(sourceNames)(
    "the function that marks %s, with its owner's rights and a search path of its own",
    async (name) => {
      const [found] = await db.$queryRawUnsafe<object[]>(
        `select prosrc as body, prosecdef as "isOwners", proconfig as settings, current_schema()::text as schema
       from pg_proc where proname = 'rollup_mark_' || $1`,
        name,
      );
      const body = /as \$\$(.*)\$\$;$/s.exec(toMarkFunction(rollup, name))?.[1];
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
    const created = [...toMarkTriggers(rollup, name).matchAll(/create trigger (\w+)/g)].map(([, trigger]) => trigger);
    expect(found.map((trigger) => trigger.name)).toEqual(created.sort());
  });

  test("the exact view", async () => {
    const expected = toExactView(rollup).replace(/^create view (\w+)/, "create temporary view expected");
    const [same] = await db.$transaction(async (tx) => {
      await tx.$executeRawUnsafe(expected);
      const rows = await tx.$queryRawUnsafe<{ is: string; shouldBe: string }[]>(
        `select pg_get_viewdef('${rollup.table}_exact'::regclass) as is, pg_get_viewdef('expected'::regclass) as "shouldBe"`,
      );
      await tx.$executeRawUnsafe("drop view expected");
      return rows;
    });
    expect(same?.is).toBe(same?.shouldBe);
  });

  test("the indexes by instant", async () => {
    const found = await db.$queryRawUnsafe<{ text: string }[]>("select indexdef as text from pg_indexes");
    for (const { sql } of listScanIndexes(rollup)) {
      const columns = /on (\w+) (\(.*\));$/.exec(sql);
      expect(found.map(({ text }) => text)).toContainEqual(
        expect.stringContaining(`.${columns?.[1]} USING btree ${columns?.[2]}`),
      );
    }
  });

  test("the columns of the metrics", async () => {
    const found = await db.$queryRawUnsafe<{ name: string }[]>(
      `select column_name::text as name from information_schema.columns
       where table_name = $1 and data_type = 'integer' and is_nullable = 'NO' order by ordinal_position`,
      rollup.table,
    );
    expect(found.map(({ name }) => name)).toEqual(Object.values(rollup.metrics).map(({ column }) => column));
  });

  test("its fingerprint", async () => {
    expect(await compareDefinition()).toBe("current");
  });
});

test.for(sourceNames)("shards have the function and the trigger that mark %s row by row", (name) => {
  expect(shards).toContain(toMarkFunction(rollup, name, singleRow));
  expect(shards).toContain(toRowMarkTriggers(rollup, name));
});

test("shards have the exact view", () => {
  expect(shards).toContain(toExactView(rollup));
});

describe("a definition is refused, with the part, its value and what is allowed,", () => {
  const right = {
    table: "daily",
    shops: { table: "shops", key: "id", installed: {} },
    instants: "timestamp",
    sources: { orders: { table: "orders", key: "id", shop: "shop_id" } },
    scans: { placed: { source: "orders", at: "placed_at" } },
    metrics: { orders: { column: "orders", label: "Orders", counts: "Orders.", from: { placed: count() } } },
  } as const;

  test("only where something is wrong with it", () => {
    expect(defineRollup(right)).toBe(right);
  });

  const wrong: { name: string; definition: object; message: string }[] = [
    {
      name: "whose table is no name",
      definition: { ...right, table: "daily; drop table shops" },
      message: 'table is "daily; drop table shops"; it must be a lower-case SQL name',
    },
    {
      name: "whose scan is of an unknown source",
      definition: { ...right, scans: { placed: { source: "carts", at: "placed_at" } } },
      message: 'scans.placed.source is "carts"; it must be one of orders.',
    },
    {
      name: "whose scan asks for a parent that its source has not",
      definition: { ...right, scans: { placed: { source: "orders", at: "placed_at", parent: { paid_at: null } } } },
      message: 'scans.placed.parent is given, but the source "orders" has no parent.',
    },
    {
      name: "whose condition names no column",
      definition: { ...right, scans: { placed: { source: "orders", at: "placed_at", where: { "1 = 1 --": 1 } } } },
      message: 'scans.placed.where, a column, is "1 = 1 --"; it must be a lower-case SQL name',
    },
    {
      name: "whose condition lists no value",
      definition: { ...right, scans: { placed: { source: "orders", at: "placed_at", where: { kind: [] } } } },
      message: "scans.placed.where.kind is an empty list; it must list one value or more.",
    },
    {
      name: "whose metric counts in no scan",
      definition: { ...right, metrics: { orders: { ...right.metrics.orders, from: {} } } },
      message: "metrics.orders.from is empty; a metric counts in one scan or more.",
    },
    {
      name: "whose metric counts in an unknown scan",
      definition: { ...right, metrics: { orders: { ...right.metrics.orders, from: { shipped: count() } } } },
      message: 'metrics.orders.from is "shipped"; it must be one of placed.',
    },
    {
      name: "two of whose metrics have one column",
      definition: { ...right, metrics: { ...right.metrics, more: right.metrics.orders } },
      message: 'metrics.more.column is "orders", which another metric has; each has its own.',
    },
  ];
  test.for(wrong)("$name", ({ definition, message }) => {
    expect(() => defineRollup(definition as typeof right)).toThrow(message);
  });
});
