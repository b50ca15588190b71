import { db } from "./host.server";

/** Ids of the next installed shops behind `after`, or from the first, in order. */
async function listInstalledShops(after: string | null, limit: number): Promise<string[]> {
  const rows = await db.$queryRawUnsafe<{ id: string }[]>(
    `
select s.id
from shops s
where ($1::text is null or s.id > $1::text)
  and s.uninstalled_at is null
order by s.id
limit $2::int`,
    after,
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

/** Batches of installed shops, in order. */
export async function* listInstalledBatches(size: number): AsyncGenerator<string[]> {
  // Not "": that can be an id, too.
  let after: string | null = null;
  while (true) {
    const shopIds: string[] = await listInstalledShops(after, Math.max(size, listedAtOnce));
    const last = shopIds.at(-1);
    if (last === undefined) return;
    after = last;
    yield* toBatches(shopIds, size);
  }
}

/** The shops in batches of `size`, the last of which may be smaller. */
export function* toBatches(shopIds: string[], size: number): Generator<string[]> {
  for (let start = 0; start < shopIds.length; start += size) yield shopIds.slice(start, start + size);
}

/** True when there is such a shop, installed or not. */
export async function isShop(shopId: string): Promise<boolean> {
  return (await db.shop.count({ where: { id: shopId } })) > 0;
}
