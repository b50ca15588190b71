import { z } from "zod";
import type { Engine } from "../engine.server";
import { queryRows, type Values } from "../query.server";
import { isInstalledShop, shopKey, shopTable } from "../shop-sql";

/** A stretch of the shops in the order of their ids: after `after`, or from the first, up to `until`, or to the last. */
export type Stretch = { after: string | null; until: string | null };

/** The first `limit` shops of a stretch. */
export type Part = Stretch & { limit: number };

/** Which shops are meant: a condition on `s`, and the values of its parameters. All of them without it. */
export type ShopFilter = { condition?: string; values?: Values };

/** How many shops one statement lists, however small the batches: on a sharded PostgreSQL it asks every shard. */
export const listedShops = 1_000;

const idSchema = z.object({ id: z.string() });

/** Ids of the shops of that part that are meant, in order. */
async function listShops(
  engine: Engine,
  { after, until, limit }: Part,
  { condition = "true", values }: ShopFilter = {},
): Promise<string[]> {
  // Ordered by the database throughout: its collation decides what "after" means.
  const key = shopKey(engine);
  const statement = `
select ${key}::text as id
from ${shopTable(engine)}
where (:afterShopId is null or ${key} > :afterShopId)
  and (:untilShopId is null or ${key} <= :untilShopId)
  and ${condition}
order by ${key}
limit :limit::int`;
  const shops = await queryRows(engine, idSchema, statement, {
    ...values,
    afterShopId: after,
    untilShopId: until,
    limit,
  });
  return shops.map(({ id }) => id);
}

/** Ids of the installed shops of that part, in order. */
export function listInstalledShops(engine: Engine, part: Part): Promise<string[]> {
  return listShops(engine, part, { condition: isInstalledShop(engine) });
}

/** Batches of installed shops, in order: all of them, once round from the one after `start`. */
export function listInstalledBatches(
  engine: Engine,
  size: number,
  start: string | null = null,
): AsyncGenerator<string[]> {
  return listBatches(engine, size, toTurn(start), { condition: isInstalledShop(engine) });
}

/** Batches of the shops that are meant, one stretch after the other. */
export async function* listBatches(
  engine: Engine,
  size: number,
  stretches: Stretch[],
  filter?: ShopFilter,
): AsyncGenerator<string[]> {
  const list = (part: Part) => listShops(engine, part, filter);
  for await (const shopIds of listPages(stretches, Math.max(size, listedShops), list, (shopId) => shopId)) {
    yield* toBatches(shopIds, size);
  }
}

/** Pages, of `limit` shops each, of what `list` knows of the shops, one stretch after the other. */
export async function* listPages<Shop>(
  stretches: Stretch[],
  limit: number,
  list: (part: Part) => Promise<Shop[]>,
  toShopId: (shop: Shop) => string,
): AsyncGenerator<Shop[]> {
  for (const { after: start, until } of stretches) {
    // Not "": that can be an id, too.
    let after = start;
    while (true) {
      const page = await list({ after, until, limit });
      const last = page.at(-1);
      if (last === undefined) break;
      yield page;
      after = toShopId(last);
    }
  }
}

/** The stretches of a turn through all shops that begins after `start`, in order. */
export function toTurn(start: string | null): Stretch[] {
  if (start === null) return [{ after: null, until: null }];
  return [
    { after: start, until: null },
    { after: null, until: start },
  ];
}

/** The shops, or what there is to say of each, in batches of `size`, the last of which may be smaller. */
export function* toBatches<T>(shops: T[], size: number): Generator<T[]> {
  for (let start = 0; start < shops.length; start += size) yield shops.slice(start, start + size);
}

/** `count` installed shops by chance. */
export async function listRandomShops(engine: Engine, count: number): Promise<string[]> {
  const statement = `
select ${shopKey(engine)}::text as id
from ${shopTable(engine)}
where ${isInstalledShop(engine)}
order by random()
limit :limit::int`;
  const shops = await queryRows(engine, idSchema, statement, { limit: count });
  return shops.map(({ id }) => id);
}

/** True when there is such a shop, installed or not. Any text may be asked of: one that is no id of the type is none. */
export async function isShop(engine: Engine, shopId: string): Promise<boolean> {
  const all = { after: null, until: null, limit: 1 };
  const isThis = { condition: `${shopKey(engine)}::text = :id::text`, values: { id: shopId } };
  return (await listShops(engine, all, isThis)).length > 0;
}
