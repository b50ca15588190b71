import type { Prisma } from "@prisma/client";
import { settings } from "./host.server";
import { listMarkedShops } from "./mark.server";

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
export async function getOldestMark(tx: Prisma.TransactionClient): Promise<Date | null> {
  if (settings.isSharded) return readInstant(tx, oldestOfAll);
  const [walk] = await tx.$queryRawUnsafe<{ walked: number; markedAt: Date | null }[]>(oldestByWalk, walkedMarks);
  if (!walk || walk.markedAt !== null || walk.walked < walkedMarks) return walk?.markedAt ?? null;
  return getOldestByShop(tx);
}

async function getOldestByShop(tx: Prisma.TransactionClient): Promise<Date | null> {
  let oldest: Date | null = null;
  let after: string | null | undefined = null;
  for (let page = 0; page < maxPages && after !== undefined; page += 1) {
    const shops = await listMarkedShops({ after, until: null, limit: pageShops }, tx);
    const installed = shops.filter((shop) => shop.isInstalled).map((shop) => shop.shopId);
    const ofPage = await readInstant(tx, oldestOfShops, installed, marksOfShop);
    if (ofPage && (!oldest || ofPage < oldest)) oldest = ofPage;
    after = shops.at(-1)?.shopId;
  }
  return oldest;
}

async function readInstant(
  tx: Prisma.TransactionClient,
  statement: string,
  ...values: unknown[]
): Promise<Date | null> {
  const [row] = await tx.$queryRawUnsafe<{ markedAt: Date | null }[]>(statement, ...values);
  return row?.markedAt ?? null;
}

/** Goes along the index from the oldest mark and stops at the first of an installed shop. */
const oldestByWalk = `
with walk as not materialized (
  select i.shop_id, i.marked_at
  from rollup_invalidations i
  order by i.marked_at
  limit $1::int
)
select
  f.marked_at as "markedAt",
  case when f.marked_at is null then (select count(*) from walk)::int else 0 end as walked
from (
  select (
    select w.marked_at
    from walk w
    where exists (select from shops s where s.id = w.shop_id and s.uninstalled_at is null offset 0)
    order by w.marked_at
    limit 1
  ) as marked_at
  offset 0
) f`;

/** $1 the shops, $2 how many marks of each: its first, in the order of its days. */
const oldestOfShops = `
select min(i.marked_at) as "markedAt"
from unnest($1::text[]) as s (id)
cross join lateral (
  select i.marked_at
  from rollup_invalidations i
  where i.shop_id = s.id
  order by i.shop_id, i.date
  limit $2::int
) i`;

/** A plain select, since shards refuse to step. Each has an index to find its own oldest by. */
const oldestOfAll = `
select i.marked_at as "markedAt"
from rollup_invalidations i
join shops s on s.id = i.shop_id
where s.uninstalled_at is null
order by i.marked_at
limit 1`;
