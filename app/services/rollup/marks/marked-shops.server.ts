import { z } from "zod";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { execute, queryRows } from "../query.server";
import { isInstalledShop, shopKey, shopTable } from "../shop-sql";
import { stepThroughShops } from "./step-sql";

/** A shop in the change log. `isGone`: its row in the host's table of shops was deleted. */
export type MarkedShop = { shopId: string; isInstalled: boolean; isGone: boolean };

/** A part of the change log: after `after`, or from the first shop, up to `until`, or to the last. */
type Page = { after: string | null; until: string | null; limit: number };

/** The next `limit` shops in that part of the change log, in order. */
export async function listMarkedShops(
  engine: Engine,
  { after, until, limit }: Page,
  client?: Statements,
): Promise<MarkedShop[]> {
  const statement = engine.settings.isSharded ? listByGroup(engine) : listByStep(engine);
  const page = { afterShopId: after, untilShopId: until, limit };
  const marked = await queryRows(engine, z.object({ shopId: z.string() }), statement, page, client);
  if (marked.length === 0) return [];
  const installed = await findInstalled(
    engine,
    marked.map(({ shopId }) => shopId),
    client,
  );
  return marked.map(({ shopId }) => ({
    shopId,
    isInstalled: installed.get(shopId) ?? false,
    isGone: !installed.has(shopId),
  }));
}

/** Of those of the shops that have a row in the host's table, whether they are installed. */
export async function findInstalled(
  engine: Engine,
  shopIds: string[],
  client?: Statements,
): Promise<Map<string, boolean>> {
  const schema = z.object({ shopId: z.string(), isInstalled: z.boolean() });
  const shops = await queryRows(engine, schema, listInstalledStatement(engine), { shopIds }, client);
  return new Map(shops.map((shop) => [shop.shopId, shop.isInstalled]));
}

const listInstalledStatement = perEngine(
  (engine) => `
select ${shopKey(engine)}::text as "shopId", (${isInstalledShop(engine)}) is true as "isInstalled"
from ${shopTable(engine)}
where ${shopKey(engine)} = any(:shopIds)`,
);

const isAfter = "(:afterShopId is null or i.shop_id > :afterShopId)";
const isUntil = "(:untilShopId is null or i.shop_id <= :untilShopId)";

const listByStep = perEngine(
  (engine) => `
with recursive ${stepThroughShops(engine, { first: isAfter, each: isUntil })}
select m.shop_id::text as "shopId" from marked m limit :limit::int`,
);

/** The same over all shards, which refuse to step: the cost follows the marks. */
const listByGroup = perEngine(
  ({ names }) => `
select i.shop_id::text as "shopId"
from ${names.marks} i
where ${isAfter}
  and ${isUntil}
group by i.shop_id
order by i.shop_id
limit :limit::int`,
);

/** Drops the marks of those shops whose row in the host's table is gone, and what a recount beside their end has left. */
export async function dropMarksOfGoneShops(engine: Engine, shopIds: string[]): Promise<void> {
  const { daily, marks } = engine.names;
  for (const table of [daily, marks]) await execute(engine, deleteOfGoneShops(engine, table), { shopIds });
}

/** Deletes the rows of `table` of those of :shopIds whose row in the host's table is gone. */
export function deleteOfGoneShops(engine: Engine, table: string): string {
  return `
delete from ${table} x
where x.shop_id = any(:shopIds)
  and not exists (
    select from ${shopTable(engine)} where ${shopKey(engine)} = x.shop_id and ${shopKey(engine)} = any(:shopIds)
  )`;
}
