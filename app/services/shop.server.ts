import type { Prisma } from "@prisma/client";
import { db } from "~/db.server";
import { eraseRollup } from "~/services/rollup/erase.server";

/** A large shop's rows take longer to delete than Prisma lets a transaction take by default. */
const eraseTimeoutMs = 10 * 60_000;
/** The recount or rebuild of a batch, for which the shop has to be waited for, takes longer than that default, too. */
const uninstallTimeoutMs = 60_000;

/**
 * Records that the shop has the app. Called after each exchange of tokens, not only on an install: `installedAt` is the
 * last time that Shopify vouched for it.
 */
export async function markInstalled(domain: string): Promise<void> {
  await db.shop.upsert({
    where: { domain },
    create: { domain, installedAt: new Date() },
    update: { installedAt: new Date(), uninstalledAt: null },
    select: { id: true },
  });
}

/**
 * Records that the shop removed the app at `uninstalledAt`, and drops its sessions. Its marks wait for its return. An
 * uninstall from before the last install is old news and changes nothing.
 *
 * @returns whether it was news.
 */
export async function markUninstalled(domain: string, uninstalledAt: Date): Promise<boolean> {
  return db.$transaction(
    async (tx) => {
      const shop = await tx.shop.findUnique({ where: { domain }, select: { installedAt: true } });
      if (shop?.installedAt && shop.installedAt > uninstalledAt) return false;
      await tx.session.deleteMany({ where: { shop: domain } });
      await tx.shop.updateMany({ where: { domain, uninstalledAt: null }, data: { uninstalledAt } });
      return true;
    },
    { timeout: uninstallTimeoutMs, maxWait: uninstallTimeoutMs },
  );
}

/** Keeps the scopes that the merchant has granted. There may be no session any more. */
export async function updateGrantedScopes(domain: string, scopes: string[]): Promise<void> {
  await db.session.updateMany({ where: { shop: domain, isOnline: false }, data: { scope: scopes.join(",") } });
}

/** The shop's id by its myshopify domain, or null. Asked with each request, and plain SQL takes half as long. */
export async function getShopId(domain: string): Promise<string | null> {
  const [shop] = await db.$queryRawUnsafe<{ id: string }[]>(
    "select s.id from shops s where s.domain = $1::text",
    domain,
  );
  return shop?.id ?? null;
}

/**
 * Erases all that is kept of the shop, in one transaction: its source rows, daily rows, marks, runs and sessions. Also
 * of one that has come back since: the next visit installs it anew. An unknown shop is erased already.
 */
export async function eraseShop(domain: string): Promise<void> {
  await db.$transaction(
    async (tx) => {
      await tx.session.deleteMany({ where: { shop: domain } });
      const shopId = await lockShop(tx, domain);
      if (shopId === null) return;
      await tx.shop.deleteMany({ where: { id: shopId } });
      await eraseRollup(tx, shopId);
    },
    { timeout: eraseTimeoutMs, maxWait: eraseTimeoutMs },
  );
}

/** Waits for a recount of the shop to end, and keeps every other transaction from adding rows to it. */
async function lockShop(tx: Prisma.TransactionClient, domain: string): Promise<string | null> {
  const [shop] = await tx.$queryRawUnsafe<{ id: string }[]>(
    "select s.id from shops s where s.domain = $1::text for update",
    domain,
  );
  return shop?.id ?? null;
}
