import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { action as updateScopes } from "~/routes/webhooks.app.scopes_update";
import { action as uninstall } from "~/routes/webhooks.app.uninstalled";
import { action as requestData } from "~/routes/webhooks.customers.data_request";
import { action as redact } from "~/routes/webhooks.customers.redact";
import { action as deleteProduct } from "~/routes/webhooks.products.delete";
import { action as updateProduct } from "~/routes/webhooks.products.update";
import { action as eraseShop } from "~/routes/webhooks.shop.redact";
import { expectRefused } from "./support/refusal";
import { addSession, call, countSessions, toRequest } from "./support/shopify";
import { addRequest, makeShop } from "./support/shops";

// What Shopify has signed and can't be done as it stands. Shopify repeats whatever is not answered with 200, so 500 is
// no answer to what will be the same the next time.

const routes = {
  "app/scopes_update": updateScopes,
  "app/uninstalled": uninstall,
  "customers/data_request": requestData,
  "customers/redact": redact,
  "shop/redact": eraseShop,
  "products/update": updateProduct,
  "products/delete": deleteProduct,
};
const topics = Object.keys(routes) as (keyof typeof routes)[];
const bodies = {
  "app/scopes_update": JSON.stringify({ current: ["read_orders"] }),
  "app/uninstalled": "{}",
  "customers/data_request": "{}",
  "customers/redact": "{}",
  "shop/redact": "{}",
  "products/update": JSON.stringify({ id: 7001, title: "Cedar Candle" }),
  "products/delete": JSON.stringify({ id: 7001 }),
};

const noShops = [
  "acme.example.com",
  "x",
  "a b.myshopify.com",
  "myshopify.com",
  "acme.myshopify.com.evil.com",
  "é.myshopify.com",
];

describe.for(topics)("%s", (topic) => {
  test.for(noShops)("of %j, which is no shop's domain, is 400 and names the header", async (shop) => {
    await expectRefused(() => call(routes[topic], toRequest({ topic, shop, body: bodies[topic] })), {
      status: 400,
      code: "bad_input",
      issues: [{ field: "X-Shopify-Shop-Domain", value: shop, allowed: /myshopify\.com domain/ }],
    });
  });

  test("of no shop's domain is 401 all the same when the signature is wrong", async () => {
    const headers = { "X-Shopify-Hmac-Sha256": "bm90IHRoZSBzaWduYXR1cmU=" };
    const response = await call(routes[topic], toRequest({ topic, shop: "x", body: bodies[topic], headers }));
    expect(response.status).toBe(401);
  });
});

describe.for(["customers/redact", "customers/data_request"] as const)("%s", (topic) => {
  test.for(["jo\u0000@example.com", "\u0000", "jo\ud800@example.com", "\udfff\ud800"])(
    "of the address %j, which nobody can have, is done: there is nothing to do",
    async (email) => {
      const shop = await makeShop();
      await addRequest(shop, { customerEmail: "jo\ufffd@example.com" });
      const body = JSON.stringify({ customer: { email }, data_request: { id: "\u0000\ud800" } });
      const response = await call(routes[topic], toRequest({ topic, shop: shop.domain, body }));
      expect([response.status, await response.text()]).toEqual([200, ""]);
      expect(await db.testimonialRequest.count({ where: { shopId: shop.id } })).toBe(1);
    },
  );
});

test.for(["read\u0000", "\ud800"])("a scope that can't be stored (%j) is 400 and named", async (scope) => {
  const { domain: shop } = await makeShop();
  await addSession(shop);
  const body = JSON.stringify({ current: ["read_orders", scope] });
  await expectRefused(() => call(updateScopes, toRequest({ topic: "app/scopes_update", shop, body })), {
    status: 400,
    code: "bad_input",
    issues: [{ field: "current.1", value: scope, allowed: /without NUL/ }],
  });
});

test.for(["+275760-09-13T00:00:00.000Z", "-271821-04-20T00:00:00.000Z", "9999-12-31T23:59:59Z", "0001-01-01", "soon"])(
  "an uninstall at the instant %j, which can't be, counts from now",
  async (instant) => {
    const { id, domain: shop } = await makeShop();
    await addSession(shop);
    const before = Date.now();
    const headers = { "X-Shopify-Triggered-At": instant };
    const response = await call(uninstall, toRequest({ topic: "app/uninstalled", shop, headers }));
    expect(response.status).toBe(200);
    const { uninstalledAt } = await db.shop.findUniqueOrThrow({ where: { id } });
    expect(Number(uninstalledAt)).toBeGreaterThanOrEqual(before);
    expect(Number(uninstalledAt)).toBeLessThanOrEqual(Date.now());
    expect(await countSessions(shop)).toBe(0);
  },
);
