import { createHash } from "node:crypto";
import type { Prisma } from "@prisma/client";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";

/** How long `installedAt` may lag behind the session tokens of a shop, so that not every request writes. */
const freshForMs = 3_600_000;

/** A shop whose session token is right, and when Shopify signed that token. */
export type Merchant = { domain: string; vouchedAt: Date };

/** What an erasure came to, with the rows of each table that went. */
export type Erasure = { outcome: "done" | "nothing_found" | "ignored_as_old"; rowCounts: Record<string, number> };

type FoundShop = { id: string; installedAt: Date | null; uninstalledAt: Date | null };

/**
 * The id of the merchant's shop. A shop whose session token is right has the app installed, so whatever says otherwise
 * is mended: a missing row, or an uninstall from before Shopify signed the token. `installedAt` follows, to the hour: it
 * is when Shopify last vouched for the shop.
 */
export async function ensureShop(merchant: Merchant): Promise<string> {
  const shop = (await findShop(merchant.domain)) ?? (await addShop(merchant));
  if (isDue(shop, merchant.vouchedAt)) await recordVisit(shop.id, merchant.vouchedAt);
  return shop.id;
}

function isDue({ installedAt, uninstalledAt }: FoundShop, vouchedAt: Date): boolean {
  if (uninstalledAt) return uninstalledAt <= vouchedAt;
  return !installedAt || vouchedAt.getTime() - installedAt.getTime() > freshForMs;
}

/** Asks again what `isDue` asked: an uninstall may have come since. */
async function recordVisit(shopId: string, vouchedAt: Date): Promise<void> {
  await db.shop.updateMany({
    where: { id: shopId, OR: [{ uninstalledAt: null }, { uninstalledAt: { lte: vouchedAt } }] },
    data: { installedAt: vouchedAt, uninstalledAt: null },
  });
}

/**
 * Another request of the shop may be first: its row is as good. The id is made of the domain, so that the two collide
 * where a domain can't be unique, too: over all shards only the id can.
 */
async function addShop({ domain, vouchedAt }: Merchant): Promise<FoundShop> {
  await db.$executeRawUnsafe(
    `
insert into shops (id, domain, installed_at)
values ($1::text, $2::text, $3::text::timestamptz at time zone 'UTC')
on conflict do nothing`,
    createHash("sha256").update(domain).digest("hex").slice(0, 32),
    domain,
    vouchedAt.toISOString(),
  );
  const shop = await findShop(domain);
  if (!shop) throw new Error(`The row of the shop ${domain} was deleted as soon as it was written.`);
  return shop;
}

/** Asked with each request, and plain SQL takes half as long. */
async function findShop(domain: string): Promise<FoundShop | null> {
  const [shop] = await db.$queryRawUnsafe<FoundShop[]>(
    `
select s.id, s.installed_at as "installedAt", s.uninstalled_at as "uninstalledAt"
from shops s
where s.domain = $1::text`,
    domain,
  );
  return shop ?? null;
}

/**
 * Records that the shop removed the app at `uninstalledAt`, and drops its sessions. Its marks wait for its return. An
 * uninstall from before the last install is old news and changes nothing.
 *
 * @returns whether it was news.
 */
export async function markUninstalled(
  tx: Prisma.TransactionClient,
  domain: string,
  uninstalledAt: Date,
): Promise<boolean> {
  const isOld = [{ installedAt: null }, { installedAt: { lte: uninstalledAt } }];
  const { count } = await tx.shop.updateMany({
    where: { domain, uninstalledAt: null, OR: isOld },
    data: { uninstalledAt },
  });
  const shop = count > 0 ? null : await tx.shop.findUnique({ where: { domain }, select: { installedAt: true } });
  if (shop?.installedAt && shop.installedAt > uninstalledAt) return false;
  await tx.session.deleteMany({ where: { shop: domain } });
  return true;
}

/** Keeps the scopes that the merchant has granted. There may be no session any more. */
export async function updateGrantedScopes(
  tx: Prisma.TransactionClient,
  domain: string,
  scopes: string[],
): Promise<number> {
  const where = { shop: domain, isOnline: false };
  return (await tx.session.updateMany({ where, data: { scope: scopes.join(",") } })).count;
}

/**
 * Erases all that is kept of the shop: its source rows, daily rows, marks, runs, products and sessions. A shop that came back
 * after `requestedAt` is alive, and stays. Twice is as good as once.
 */
export async function eraseShop(tx: Prisma.TransactionClient, domain: string, requestedAt: Date): Promise<Erasure> {
  const shop = await lockShop(tx, domain);
  if (shop?.installedAt && shop.installedAt > requestedAt) return { outcome: "ignored_as_old", rowCounts: {} };
  const { count: sessions } = await tx.session.deleteMany({ where: { shop: domain } });
  if (!shop) return sessions === 0 ? nothingFound : { outcome: "done", rowCounts: { Session: sessions } };

  const where = { shopId: shop.id };
  const rowCounts = {
    Session: sessions,
    testimonial_request_events: (await tx.testimonialRequestEvent.deleteMany({ where })).count,
    testimonial_submissions: (await tx.testimonialSubmission.deleteMany({ where })).count,
    testimonial_requests: (await tx.testimonialRequest.deleteMany({ where })).count,
    testimonial_daily_analytics: await tx.testimonialDailyAnalytics.count({ where }),
    shop_products: (await tx.shopProduct.deleteMany({ where })).count,
    shops: (await tx.shop.deleteMany({ where: { id: shop.id } })).count,
  };
  await rollup.eraseShop(tx, shop.id);
  return { outcome: "done", rowCounts };
}

const nothingFound: Erasure = { outcome: "nothing_found", rowCounts: {} };

/** The id of a shop, by which all else of it is asked: a sharded database routes and locks by it. Null where there is none. */
export async function findShopId(tx: Prisma.TransactionClient, domain: string): Promise<string | null> {
  const shop = await tx.shop.findUnique({ where: { domain }, select: { id: true } });
  return shop?.id ?? null;
}

/** Waits for a recount of the shop to end, and keeps every other transaction from adding rows to it. */
async function lockShop(tx: Prisma.TransactionClient, domain: string) {
  const shopId = await findShopId(tx, domain);
  if (shopId === null) return null;
  const [shop] = await tx.$queryRawUnsafe<{ id: string; installedAt: Date | null }[]>(
    `select s.id, s.installed_at as "installedAt" from shops s where s.id = $1::text for update`,
    shopId,
  );
  return shop ?? null;
}
