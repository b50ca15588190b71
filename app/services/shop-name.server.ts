import { isStorable } from "~/database/storable.server";
import { db } from "~/db.server";

/** Domains of shops, by their ids. One that is gone is not in it. */
export type ShopDomains = Record<string, string>;

/** The domains of these shops: ids alone tell an operator little. */
export async function readShopDomains(shopIds: Iterable<string | null>): Promise<ShopDomains> {
  const ids = [...new Set(shopIds)].filter((id): id is string => id !== null && isStorable(id));
  if (ids.length === 0) return {};
  const shops = await db.shop.findMany({ where: { id: { in: ids } }, select: { id: true, domain: true } });
  return Object.fromEntries(shops.map(({ id, domain }) => [id, domain]));
}

/** The id of the shop that the text names by its domain; any other text is taken for an id. */
export async function toShopId(text: string): Promise<string> {
  if (!isStorable(text)) return text;
  const shop = await db.shop.findUnique({ where: { domain: text.toLowerCase() }, select: { id: true } });
  return shop?.id ?? text;
}

/** Ids of shops with this text in their domain, and of the shop with this id: at most `limit`. */
export async function findShopIds(text: string, limit: number): Promise<string[]> {
  if (!isStorable(text)) return [];
  const shops = await db.shop.findMany({
    where: { OR: [{ id: text }, { domain: { contains: escapeLike(text.toLowerCase()) } }] },
    orderBy: { id: "asc" },
    take: limit,
    select: { id: true },
  });
  return shops.map(({ id }) => id);
}

/** Prisma puts the text into a pattern as it is. */
function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, "\\$&");
}
