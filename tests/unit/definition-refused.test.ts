import { describe, expect, test } from "vitest";
import type { Condition } from "~/services/rollup/definition/condition";
import { count, defineRollup } from "~/services/rollup/definition/rollup";

describe("a definition is refused, with the part, its value and what is allowed,", () => {
  const right = {
    table: "daily",
    shops: { table: "shops", key: "id", installed: {} },
    instants: "timestamp",
    sources: {
      orders: { table: "orders", key: "id", shop: "shop_id" },
      items: { table: "items", key: "id", shop: "shop_id", parent: { source: "orders", column: "order_id" } },
    },
    scans: { placed: { source: "orders", at: "placed_at" } },
    metrics: { orders: { column: "orders", label: "Orders", counts: "Orders.", from: { placed: count() } } },
  } as const;
  const counting = (where: Condition) => ({
    ...right,
    metrics: { orders: { ...right.metrics.orders, from: { placed: count(where) } } },
  });

  test("only where something is wrong with it", () => {
    expect(defineRollup(right)).toEqual({ ...right, cohortMetrics: {} });
    const looking = counting({
      $anyOf: [{ kind: "gift" }, { $has: { items: { $anyOf: [{ size: { atLeast: 2 } }] } } }],
    });
    expect(defineRollup(looking)).toEqual({ ...looking, cohortMetrics: {} });
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
      message: 'scans.placed.source is "carts"; it must be one of orders, items.',
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
      name: "whose test is none",
      definition: {
        ...right,
        scans: { placed: { source: "orders", at: "placed_at", where: { kind: { atLest: 1 } } } },
      },
      message: 'scans.placed.where.kind is {"atLest":1}; it must be a value, a list of values, null, { not }',
    },
    {
      name: "whose key is of a type that none has",
      definition: { ...right, shops: { ...right.shops, keyType: "numeric" } },
      message: 'shops.keyType is "numeric"; it must be one of text, uuid, integer, bigint.',
    },
    {
      name: "two of whose sources are one table",
      definition: { ...right, sources: { ...right.sources, carts: right.sources.orders } },
      message: 'sources.carts.table is "orders", which another source has; each has its own.',
    },
    {
      name: "whose prefix makes too long a name",
      definition: { ...right, prefix: "p".repeat(60) },
      message: "A name made of table, prefix or a source's name is",
    },
    {
      name: "whose alternatives are none",
      definition: counting({ $anyOf: [] }),
      message: "metrics.orders.from.placed.where.$anyOf is []; it must list one condition or more.",
    },
    {
      name: "one of whose alternatives holds for all",
      definition: counting({ $anyOf: [{ kind: "gift" }, {}] }),
      message: "metrics.orders.from.placed.where.$anyOf[1] is empty, so that it holds for every row;",
    },
    {
      name: "whose count looks for children in a source of another parent",
      definition: counting({ $has: { carts: {} } }),
      message:
        'metrics.orders.from.placed.where.$has is "carts", which is no child of "orders"; it must be one of items.',
    },
    {
      name: "whose count looks for children of children",
      definition: counting({ $has: { items: { $has: { items: {} } } } }),
      message: "metrics.orders.from.placed.where.$has.items.$has is given where a row's children are not looked at",
    },
    {
      name: "whose scan is of rows that have children",
      definition: {
        ...right,
        scans: { placed: { source: "orders", at: "placed_at", where: { $has: { items: {} } } } },
      },
      message: "scans.placed.where.$has is given where a row's children are not looked at",
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
