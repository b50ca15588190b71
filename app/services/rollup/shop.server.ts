import { db } from "./host.server";
import { toTurn } from "./place.server";

/** A part of the installed shops: after `after`, or from the first, up to `until`, or to the last. */
type Part = { after: string | null; until: string | null; limit: number };

/** Ids of the next installed shops of that part, in order. */
export async function listInstalledShops({ after, until, limit }: Part): Promise<string[]> {
  const rows = await db.$queryRawUnsafe<{ id: string }[]>(
    `
select s.id
from shops s
where ($1::text is null or s.id > $1::text)
  and ($2::text is null or s.id <= $2::text)
  and s.uninstalled_at is null
order by s.id
limit $3::int`,
    after,
    until,
    limit,
  );
  return rows.map((row) => row.id);
}

/** `count` installed shops by chance. */
export async function listRandomShops(count: number): Promise<string[]> {
  const rows = await db.$queryRawUnsafe<{ id: string }[]>(
    "select s.id from shops s where s.uninstalled_at is null order by random() limit $1::int",
    count,
  );
  return rows.map((row) => row.id);
}

/** How many shops one statement lists, however small the batches: on a sharded PostgreSQL it asks every shard. */
export const listedAtOnce = 1_000;

/** Batches of installed shops, in order: all of them, once round from the one after `start`. */
export async function* listInstalledBatches(size: number, start: string | null = null): AsyncGenerator<string[]> {
  for (const { from, until } of toTurn(start)) {
    // Not "": that can be an id, too.
    let after = from;
    while (true) {
      const shopIds: string[] = await listInstalledShops({ after, until, limit: Math.max(size, listedAtOnce) });
      const last = shopIds.at(-1);
      if (last === undefined) break;
      after = last;
      yield* toBatches(shopIds, size);
    }
  }
}

/** The shops, or what there is to say of each, in batches of `size`, the last of which may be smaller. */
export function* toBatches<T>(shops: T[], size: number): Generator<T[]> {
  for (let start = 0; start < shops.length; start += size) yield shops.slice(start, start + size);
}

/** True when there is such a shop, installed or not. */
export async function isShop(shopId: string): Promise<boolean> {
  return (await db.shop.count({ where: { id: shopId } })) > 0;
}
