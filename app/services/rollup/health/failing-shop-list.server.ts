import { z } from "zod";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { queryRow, queryRows } from "../query.server";
import { isInstalledShop, shopKey, shopTable } from "../shop-sql";

// What the engine's rows of shops say of those that are failing.

const failingShopSchema = z.object({ shopId: z.string(), since: z.date(), reason: z.string() });
const sumSchema = z.object({ count: z.number(), since: z.date().nullable() });
const idSchema = z.object({ shopId: z.string() });

export type FailingShop = z.infer<typeof failingShopSchema>;
/** All that are failing: how many, since when the first of them, and some of them by name. */
export type FailingShops = z.infer<typeof sumSchema> & { shops: FailingShop[] };

/** How many installed shops are failing, since when the first of them, and the first `limit`. */
export async function readRecordedFailures(engine: Engine, client: Statements, limit: number): Promise<FailingShops> {
  const sum = await queryRow(engine, sumSchema, sumStatement(engine), {}, client);
  if (sum.count === 0) return { count: 0, since: null, shops: [] };
  const shops = await queryRows(engine, failingShopSchema, firstStatement(engine), { limit }, client);
  return { ...sum, shops };
}

const failingInstalled = (engine: Engine) => `
from ${engine.names.shops} r
join ${shopTable(engine)} on ${shopKey(engine)} = r.shop_id
where r.failing_since is not null
  and ${isInstalledShop(engine)}`;

const sumStatement = perEngine(
  (engine) => `select count(*)::int as count, min(r.failing_since) as since ${failingInstalled(engine)}`,
);

const firstStatement = perEngine(
  (engine) => `
select r.shop_id::text as "shopId", r.failing_since as since, r.failing_reason as reason ${failingInstalled(engine)}
order by r.failing_since, r.shop_id
limit :limit::int`,
);

/** Installed shops that are failing and have nothing marked, or could not be compared: no recount will tell of them. */
export async function listSilentFailures(engine: Engine, limit: number): Promise<string[]> {
  const shops = await queryRows(engine, idSchema, silentStatement(engine), { limit });
  return shops.map(({ shopId }) => shopId);
}

const silentStatement = perEngine(
  (engine) => `
select r.shop_id::text as "shopId" ${failingInstalled(engine)}
  and (
    r.failing_in = 'comparison'
    or not exists (select from ${engine.names.marks} m where m.shop_id = r.shop_id)
  )
order by random()
limit :limit::int`,
);

/** All shops that are failing, installed or not. */
export async function listFailingIds(engine: Engine): Promise<string[]> {
  const shops = await queryRows(engine, idSchema, idStatement(engine));
  return shops.map(({ shopId }) => shopId);
}

const idStatement = perEngine(
  ({ names }) =>
    `select r.shop_id::text as "shopId" from ${names.shops} r where r.failing_since is not null order by r.shop_id`,
);
