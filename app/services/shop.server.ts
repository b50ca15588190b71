import { db } from "~/db.server";

/** Records that the shop has the app, on the first install and on every later one. */
export async function markInstalled(domain: string): Promise<void> {
  await db.shop.upsert({
    where: { domain },
    create: { domain, installedAt: new Date() },
    update: { installedAt: new Date(), uninstalledAt: null },
    select: { id: true },
  });
}

/** Records that the shop has removed the app, and drops its sessions. Its marks wait for its return. */
export async function markUninstalled(domain: string): Promise<void> {
  await db.$transaction([
    db.session.deleteMany({ where: { shop: domain } }),
    db.shop.updateMany({ where: { domain, uninstalledAt: null }, data: { uninstalledAt: new Date() } }),
  ]);
}

/** Keeps the scopes that the merchant has granted. There may be no session any more. */
export async function updateGrantedScopes(domain: string, scopes: string[]): Promise<void> {
  await db.session.updateMany({ where: { shop: domain, isOnline: false }, data: { scope: scopes.join(",") } });
}

/** The shop's id by its myshopify domain, or null. */
export async function getShopId(domain: string): Promise<string | null> {
  const shop = await db.shop.findUnique({ where: { domain }, select: { id: true } });
  return shop?.id ?? null;
}
