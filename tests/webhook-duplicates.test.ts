import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { action as updateScopes } from "~/routes/webhooks.app.scopes_update";
import { action as uninstall } from "~/routes/webhooks.app.uninstalled";
import { action as redactCustomer } from "~/routes/webhooks.customers.redact";
import { forgetHandledWebhooks, handleOnce } from "~/services/webhook.server";
import { addSession, call, toRequest } from "./support/shopify";
import { addRequest, makeShop, type TestShop } from "./support/shops";

const email = "jo@example.com";
const body = JSON.stringify({ customer: { email } });

function redact(shop: TestShop, webhookId: string): Promise<Response> {
  const headers = { "X-Shopify-Webhook-Id": webhookId };
  return call(redactCustomer, toRequest({ topic: "customers/redact", shop: shop.domain, body, headers }));
}

const countRequests = (shop: TestShop) => db.testimonialRequest.count({ where: { shopId: shop.id } });
const countEntries = (shop: TestShop) => db.privacyRequest.count({ where: { shopDomain: shop.domain } });

describe("a webhook that was handled", () => {
  test("is acknowledged when it comes again, and not done again", async () => {
    const [shop, webhookId] = [await makeShop(), randomUUID()];
    await addRequest(shop, { customerEmail: email });
    expect((await redact(shop, webhookId)).status).toBe(200);
    await addRequest(shop, { customerEmail: email });
    expect((await redact(shop, webhookId)).status).toBe(200);
    expect([await countRequests(shop), await countEntries(shop)]).toEqual([1, 1]);
  });

  test("keeps no other delivery from being handled: another id, another shop, another topic", async () => {
    const [shop, other, webhookId] = [await makeShop(), await makeShop(), randomUUID()];
    for (const each of [shop, other]) await addRequest(each, { customerEmail: email });
    await redact(shop, webhookId);
    await redact(other, webhookId);
    expect(await countRequests(other)).toBe(0);
    await addRequest(shop, { customerEmail: email });
    await redact(shop, randomUUID());
    expect(await countRequests(shop)).toBe(0);

    await addSession(shop.domain);
    const headers = { "X-Shopify-Webhook-Id": webhookId };
    await call(uninstall, toRequest({ topic: "app/uninstalled", shop: shop.domain, headers }));
    expect(await db.session.count({ where: { shop: shop.domain } })).toBe(0);
  });

  test("is known to be handled whatever case its shop is written in", async () => {
    const [shop, webhookId] = [await makeShop(), randomUUID()];
    await redact(shop, webhookId);
    await redact({ ...shop, domain: shop.domain.toUpperCase() }, webhookId);
    expect(await db.privacyRequest.findMany({ where: { webhookId }, select: { shopDomain: true } })).toEqual([
      { shopDomain: shop.domain },
    ]);
  });

  test("is done again when the first time failed", async () => {
    const [shop, webhookId] = [await makeShop(), randomUUID()];
    await addSession(shop.domain);
    const deliver = (scopes: string[]) => {
      const headers = { "X-Shopify-Webhook-Id": webhookId };
      const scopesBody = JSON.stringify({ current: scopes });
      return call(
        updateScopes,
        toRequest({ topic: "app/scopes_update", shop: shop.domain, body: scopesBody, headers }),
      );
    };
    await db.$executeRawUnsafe(`alter table "Session" add constraint no_scope check (scope <> 'read_orders')`);
    expect((await deliver(["read_orders"])).status).toBe(500);
    await db.$executeRawUnsafe(`alter table "Session" drop constraint no_scope`);
    expect((await deliver(["read_orders"])).status).toBe(200);
    expect(await db.session.findFirst({ where: { shop: shop.domain }, select: { scope: true } })).toEqual({
      scope: "read_orders",
    });
  });
});

test("duplicates that come together are done once, and none is answered before it is", async () => {
  const shop = await makeShop();
  const delivery = { shopDomain: shop.domain, topic: "customers/redact", webhookId: randomUUID() };
  let begun = 0;
  const handled = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const result = await handleOnce(delivery, async (tx) => {
        begun += 1;
        await tx.testimonialRequest.create({ data: { shopId: shop.id } });
        return "done";
      });
      return { result, requests: await countRequests(shop) };
    }),
  );
  expect(begun).toBe(1);
  expect(handled.filter(({ result }) => result === "done")).toHaveLength(1);
  expect(handled.map(({ requests }) => requests)).toEqual(handled.map(() => 1));
});

test("an id is forgotten days after Shopify has stopped repeating it", async () => {
  const { domain: shopDomain } = await makeShop();
  const add = (webhookId: string, hours: number) =>
    db.$executeRawUnsafe(
      `insert into handled_webhooks (shop_domain, topic, webhook_id, handled_at)
       values ($1, 'app/uninstalled', $2, timezone('utc', now()) - make_interval(hours => $3::int))`,
      shopDomain,
      webhookId,
      hours,
    );
  await add("of an hour ago", 1);
  await add("of six days ago", 6 * 24);
  await add("of eight days ago", 8 * 24);
  await forgetHandledWebhooks();
  const kept = await db.handledWebhook.findMany({ where: { shopDomain }, orderBy: { handledAt: "asc" } });
  expect(kept.map(({ webhookId }) => webhookId)).toEqual(["of six days ago", "of an hour ago"]);
});
