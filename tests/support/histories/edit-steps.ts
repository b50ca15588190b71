import fc from "fast-check";
import { anyItem } from "./insert-steps";
import { instantOrNull, shiftKept, toKept, toSqlText } from "./instants";
import { instantColumns, type SourceName, tables, toUpdate } from "./sql";
import { toStep } from "./step";
import { getShop, listShops, pick, removeRequests, type World } from "./world";

const someTable = fc.constantFrom<SourceName>("requests", "submissions", "events");

export const editInstant = toStep(
  "edit a timestamp",
  fc.record({ table: someTable, row: anyItem, column: anyItem, to: instantOrNull }),
  async (world, session, plan) => {
    const row = pick<Record<string, unknown> & { id: string }>(world[plan.table], plan.row);
    const [field, column] = pickColumn(plan.table, plan.column);
    const text = toSqlText(plan.to, world.today);
    if (!row || (text === null && plan.table === "events")) return false;
    await session.execute(toUpdate(plan.table, row.id, { [column]: text }));
    row[field] = toKept(text);
    return true;
  },
);

export const shiftInstants = toStep(
  "shift the timestamps of many rows",
  fc.record({ table: someTable, column: anyItem, shop: anyItem, days: fc.constantFrom(1, -1, 7) }),
  async (world, session, plan) => {
    const shop = pick(listShops(world), plan.shop);
    if (!shop) return false;
    const [field, column] = pickColumn(plan.table, plan.column);
    await session.execute(
      `update ${tables[plan.table]} set ${column} = ${column} + interval '${plan.days} days' where shop_id = '${shop.id}'`,
    );
    for (const row of world[plan.table] as (Record<string, unknown> & { shop: number })[]) {
      if (row.shop === shop.key) row[field] = shiftKept(row[field] as string | null, plan.days);
    }
    return true;
  },
);

export const moveRow = toStep(
  "move a row to another shop",
  fc.record({ table: someTable, row: anyItem, shop: anyItem }),
  async (world, session, plan) => {
    const row = pick<{ id: string; shop: number }>(world[plan.table], plan.row);
    const shop = pick(listShops(world), plan.shop);
    if (!row || !shop) return false;
    await session.execute(toUpdate(plan.table, row.id, { shop_id: shop.id }));
    row.shop = shop.key;
    return true;
  },
);

export const moveShop = toStep(
  "move all rows of a shop to another",
  fc.record({ table: someTable, from: anyItem, to: anyItem }),
  async (world, session, plan) => {
    const [from, to] = [pick(listShops(world), plan.from), pick(listShops(world), plan.to)];
    if (!from || !to) return false;
    await session.execute(`update ${tables[plan.table]} set shop_id = '${to.id}' where shop_id = '${from.id}'`);
    for (const row of world[plan.table]) if (row.shop === from.key) row.shop = to.key;
    return true;
  },
);

export const deleteRow = toStep(
  "delete a row",
  fc.record({ table: someTable, row: anyItem }),
  async (world, session, plan) => {
    const target = pick<{ id: string }>(world[plan.table], plan.row);
    if (!target) return false;
    await session.execute(`delete from ${tables[plan.table]} where id = '${target.id}'`);
    forget(world, plan.table, (row) => row === target);
    return true;
  },
);

export const deleteRows = toStep(
  "delete the rows of a shop",
  fc.record({ table: someTable, shop: anyItem }),
  async (world, session, plan) => {
    const shop = pick(listShops(world), plan.shop);
    if (!shop) return false;
    await session.execute(`delete from ${tables[plan.table]} where shop_id = '${shop.id}'`);
    forget(world, plan.table, (row) => row.shop === shop.key);
    return true;
  },
);

export const renameRow = toStep(
  "change the id of a row",
  fc.record({ table: someTable, row: anyItem }),
  async (world, session, plan) => {
    const row = pick<{ id: string; shop: number }>(world[plan.table], plan.row);
    if (!row) return false;
    world.made += 1;
    const id = `${getShop(world, 0).id}-${plan.table}-${world.made}`;
    await session.execute(toUpdate(plan.table, row.id, { id }));
    row.id = id;
    return true;
  },
);

function forget(world: World, table: SourceName, isGone: (row: { id: string; shop: number }) => boolean): void {
  if (table === "requests") removeRequests(world, isGone);
  else if (table === "events") world.events = world.events.filter((row) => !isGone(row));
  else world.submissions = world.submissions.filter((row) => !isGone(row));
}

function pickColumn(table: SourceName, number: number): readonly [string, string] {
  const column = pick<readonly [string, string]>([...instantColumns[table]], number);
  if (!column) throw new Error(`The table ${table} has no instants.`);
  return column;
}
