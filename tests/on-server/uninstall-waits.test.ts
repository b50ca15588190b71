import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { db } from "~/db.server";
import { action as uninstall } from "~/routes/webhooks.app.uninstalled";
import { withConnection } from "../setup/server";
import { call, toRequest } from "../support/shopify";
import { makeShop } from "../support/shops";

test("an uninstall waits for a transaction that holds its shop longer than Prisma's five seconds", async () => {
  const shop = await makeShop();
  const uninstalledAt = new Date(Date.now() + 1_000);
  await withConnection(process.env.DATABASE_URL ?? "", async (holder) => {
    await holder.query("begin");
    await holder.query("select from shops where id = $1 for no key update", [shop.id]);
    const headers = { "X-Shopify-Triggered-At": uninstalledAt.toISOString() };
    const answered = call(uninstall, toRequest({ topic: "app/uninstalled", shop: shop.domain, headers }));
    await Promise.race([answered, pause(5_500)]);
    await holder.query("commit");
    expect((await answered).status).toBe(200);
  });
  expect(await db.shop.findUnique({ where: { id: shop.id }, select: { uninstalledAt: true } })).toEqual({
    uninstalledAt,
  });
});
