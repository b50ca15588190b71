import { expect, test } from "vitest";
import { db } from "~/db.server";
import { action as redactShop } from "~/routes/webhooks.shop.redact";
import { settlePrivacyRequests } from "~/services/privacy-worker.server";
import { withConnection } from "../setup/server";
import { call, toRequest } from "../support/shopify";
import { makeShop } from "../support/shops";

test("shop/redact is answered before Shopify gives up, however long the erasure takes, and the register waits for its end", async () => {
  const shop = await makeShop();
  const readOutcome = async () =>
    (await db.privacyRequest.findFirstOrThrow({ where: { shopDomain: shop.domain } })).outcome;
  await withConnection(process.env.DATABASE_URL ?? "", async (recount) => {
    await recount.query("begin");
    await recount.query("select from shops where id = $1 for no key update", [shop.id]);
    const startedAt = performance.now();
    const response = await call(redactShop, toRequest({ topic: "shop/redact", shop: shop.domain }));
    expect(response.status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    expect(await readOutcome()).toBe("pending");
    await recount.query("commit");
  });
  await settlePrivacyRequests();
  expect([await readOutcome(), await db.shop.count({ where: { id: shop.id } })]).toEqual(["done", 0]);
});
