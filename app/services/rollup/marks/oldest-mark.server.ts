import { z } from "zod";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { queryRow, queryRows, type Values } from "../query.server";
import { isInstalled, isInstalledShop, shopKey, shopTable } from "../shop-sql";
import { listMarkedShops } from "./marked-shops.server";

// The oldest mark of an installed shop, at a cost that neither the length of the change log nor the marks of uninstalled
// shops can raise: those wait for their shop's return, for good, and count in nothing.

/** How many of the oldest marks are looked at in one go. */
const walkedMarks = 10_000;
/** Where all of those are of other shops: how many marked shops are looked at one by one, and how many marks of each. */
const pageShops = 1_000;
const maxPages = 5;
const marksOfShop = 100;

/**
 * When the oldest mark of an installed shop was made, or null when there is none. Exact, unless ten thousand
 * marks of uninstalled shops are older: then the first five thousand marked shops are asked for their first marks.
 */
export async function getOldestMark(engine: Engine, tx: Statements): Promise<Date | null> {
  if (engine.settings.isSharded) return readInstant(engine, tx, oldestOfAll(engine), {});
  const walk = await queryRow(engine, walkSchema, oldestByWalk(engine), { limit: walkedMarks }, tx);
  if (walk.markedAt !== null || walk.walked < walkedMarks) return walk.markedAt;
  return getOldestByShop(engine, tx);
}

async function getOldestByShop(engine: Engine, tx: Statements): Promise<Date | null> {
  let oldest: Date | null = null;
  let after: string | null | undefined = null;
  for (let page = 0; page < maxPages && after !== undefined; page += 1) {
    const shops = await listMarkedShops(engine, { after, until: null, limit: pageShops }, tx);
    const shopIds = shops.filter((shop) => shop.isInstalled).map((shop) => shop.shopId);
    const ofPage = await readInstant(engine, tx, oldestOfShops(engine), { shopIds, limit: marksOfShop });
    if (ofPage && (!oldest || ofPage < oldest)) oldest = ofPage;
    after = shops.at(-1)?.shopId;
  }
  return oldest;
}

const instantSchema = z.object({ markedAt: z.date().nullable() });
const walkSchema = instantSchema.extend({ walked: z.number() });

async function readInstant(engine: Engine, tx: Statements, sql: string, values: Values): Promise<Date | null> {
  const [row] = await queryRows(engine, instantSchema, sql, values, tx);
  return row?.markedAt ?? null;
}

/** Goes along the index from the oldest mark and stops at the first of an installed shop. */
const oldestByWalk = perEngine(
  (engine) => `
with walk as not materialized (
  select i.shop_id, i.marked_at
  from ${engine.names.marks} i
  order by i.marked_at
  limit :limit::int
)
select
  f.marked_at as "markedAt",
  case when f.marked_at is null then (select count(*) from walk)::int else 0 end as walked
from (
  select (
    select w.marked_at
    from walk w
    where ${isInstalled(engine, "w.shop_id")}
    order by w.marked_at
    limit 1
  ) as marked_at
  offset 0
) f`,
);

/** Of :shopIds, and of each :limit marks: its first, in the order of its days. */
const oldestOfShops = perEngine(
  ({ names }) => `
select min(i.marked_at) as "markedAt"
from unnest(:shopIds) as s (id)
cross join lateral (
  select i.marked_at
  from ${names.marks} i
  where i.shop_id = s.id
  order by i.shop_id, i.date
  limit :limit::int
) i`,
);

/** A plain select, since shards refuse to step. Each has an index to find its own oldest by. */
const oldestOfAll = perEngine(
  (engine) => `
select i.marked_at as "markedAt"
from ${engine.names.marks} i
join ${shopTable(engine)} on ${shopKey(engine)} = i.shop_id
where ${isInstalledShop(engine)}
order by i.marked_at
limit 1`,
);
