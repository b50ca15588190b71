import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  singleRow,
  toFirstMarks,
  toMarkFunction,
  toMarkTriggers,
  toRowMarkTriggers,
} from "~/services/rollup/definition/marking-sql";
import { count, defineRollup } from "~/services/rollup/definition/rollup";
import { toExactView } from "~/services/rollup/exact-view-sql.server";
import { rollup } from "~/services/rollup/metrics";

// What the migrations hold by hand is what the definition gives: a metric that is added to one alone would be wrong for
// ever, and silently.

const migration = readFileSync("prisma/migrations/20261122000000_daily_analytics/migration.sql", "utf8");
const shards = readFileSync("prisma/citus/3-triggers.sql", "utf8");
const sourceNames = Object.keys(rollup.sources);

describe("the migration has, as the definition gives it,", () => {
  test.for(sourceNames)("the function and the triggers that mark %s", (name) => {
    expect(migration).toContain(toMarkFunction(rollup, name));
    expect(migration).toContain(toMarkTriggers(rollup, name));
  });

  test("the exact view", () => {
    expect(migration).toContain(toExactView());
  });

  test("the marks of every day that has data", () => {
    expect(migration).toContain(toFirstMarks(rollup));
  });

  test.for(Object.values(rollup.metrics))("the column $column", ({ column }) => {
    expect(migration).toContain(`\n  ${column} integer not null default 0,`);
  });

  test.for(sourceNames)("a fixed search path for the function that marks %s", (name) => {
    expect(migration).toContain(`'rollup_mark_${name}'`);
  });
});

test.for(sourceNames)("shards have the function and the trigger that mark %s row by row", (name) => {
  expect(shards).toContain(toMarkFunction(rollup, name, singleRow));
  expect(shards).toContain(toRowMarkTriggers(rollup, name));
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
