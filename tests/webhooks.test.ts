import { beforeEach, describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { action, loader } from "~/routes/webhooks.app.scopes_update";
import { addSession, call, makeDomain, shopifyNetwork, toRequest } from "./support/shopify";
import { sign } from "./support/signature";

const topic = "app/scopes_update";
const body = JSON.stringify({ current: ["read_products", "read_orders"] });

beforeEach(() => {
  shopifyNetwork.mockClear();
});

async function addShop(options?: Parameters<typeof addSession>[1]): Promise<string> {
  const shop = makeDomain();
  await addSession(shop, options);
  return shop;
}

async function readScope(shop: string): Promise<string | null | undefined> {
  return (await db.session.findFirst({ where: { shop }, select: { scope: true } }))?.scope;
}

async function expectRefused(response: Response, status: number, shop: string): Promise<void> {
  expect(response.status).toBe(status);
  expect(await readScope(shop)).toBe("read_products");
}

describe("a webhook", () => {
  test("that Shopify signed is done and answered with an empty 200", async () => {
    const shop = await addShop();
    const response = await call(action, toRequest({ topic, shop, body }));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
    expect(await readScope(shop)).toBe("read_products,read_orders");
    expect(shopifyNetwork).not.toHaveBeenCalled();
  });

  test("that comes a second time leaves things as they are", async () => {
    const shop = await addShop();
    const request = toRequest({ topic, shop, body });
    const again = request.clone();
    expect((await call(action, request)).status).toBe(200);
    expect((await call(action, again)).status).toBe(200);
    expect(await readScope(shop)).toBe("read_products,read_orders");
  });

  test("of an unknown shop is answered with 200", async () => {
    const response = await call(action, toRequest({ topic, shop: makeDomain(), body }));
    expect(response.status).toBe(200);
  });

  test("of a shop whose token is dead is done all the same", async () => {
    const shop = await addShop({ isDead: true });
    const response = await call(action, toRequest({ topic, shop, body }));
    expect(response.status).toBe(200);
    expect(shopifyNetwork, "a call to refresh it").not.toHaveBeenCalled();
    expect(await readScope(shop)).toBe("read_products,read_orders");
  });
});

describe("a refused webhook changes nothing:", () => {
  test("a body changed by one character is 401", async () => {
    const shop = await addShop();
    const headers = { "X-Shopify-Hmac-Sha256": sign(body) };
    const request = toRequest({ topic, shop, body: body.replace("orders", "order_"), headers });
    await expectRefused(await call(action, request), 401, shop);
  });

  test("a signature with another secret is 401", async () => {
    const shop = await addShop();
    const headers = { "X-Shopify-Hmac-Sha256": sign(body, "another-secret") };
    await expectRefused(await call(action, toRequest({ topic, shop, body, headers })), 401, shop);
  });

  test("a tampered body is 401 for a shop whose token is dead, too", async () => {
    const shop = await addShop({ isDead: true });
    const headers = { "X-Shopify-Hmac-Sha256": sign("{}") };
    await expectRefused(await call(action, toRequest({ topic, shop, body, headers })), 401, shop);
    expect(shopifyNetwork).not.toHaveBeenCalled();
  });

  test.each(["X-Shopify-Hmac-Sha256", "X-Shopify-Topic", "X-Shopify-Shop-Domain", "X-Shopify-Webhook-Id"])(
    "no %s is 400",
    async (header) => {
      const shop = await addShop();
      await expectRefused(await call(action, toRequest({ topic, shop, body, headers: { [header]: null } })), 400, shop);
    },
  );

  test("another route's topic is 400 and says which one belongs here", async () => {
    const shop = await addShop();
    const response = await call(action, toRequest({ topic: "shop/redact", shop, body }));
    await expectRefused(response, 400, shop);
    expect(await response.json()).toMatchObject({
      error: { code: "bad_input", issues: [{ field: "X-Shopify-Topic", value: "shop/redact" }] },
    });
  });

  test.each([false, true])("a signed body that is not JSON is 400 (dead token: %s)", async (isDead) => {
    const shop = await addShop({ isDead });
    await expectRefused(await call(action, toRequest({ topic, shop, body: "current=read_orders" })), 400, shop);
  });

  test("a signed body without the scopes is 400 and names the field", async () => {
    const shop = await addShop();
    const response = await call(action, toRequest({ topic, shop, body: '{"current":"all"}' }));
    await expectRefused(response, 400, shop);
    expect(await response.json()).toMatchObject({ error: { issues: [{ field: "current", value: "all" }] } });
  });

  test("an id that is too long to be one is 400 and named", async () => {
    const shop = await addShop();
    const headers = { "X-Shopify-Webhook-Id": "x".repeat(256) };
    const response = await call(action, toRequest({ topic, shop, body, headers }));
    await expectRefused(response, 400, shop);
    expect(await response.json()).toMatchObject({ error: { issues: [{ field: "X-Shopify-Webhook-Id" }] } });
  });

  test("an empty body is 400", async () => {
    const shop = await addShop();
    await expectRefused(await call(action, toRequest({ topic, shop, body: "" })), 400, shop);
  });

  test("a body of more than 1 MiB is 400", async () => {
    const shop = await addShop();
    const large = JSON.stringify({ current: ["x".repeat(1024 * 1024)] });
    await expectRefused(await call(action, toRequest({ topic, shop, body: large })), 400, shop);
  });

  test.each([
    ["GET", loader],
    ["PUT", action],
  ] as const)("%s is 405 and says what is allowed", async (method, respond) => {
    const response = await call(respond, new Request("https://app.example.com/webhooks/app/scopes_update", { method }));
    expect(response.status).toBe(405);
    expect(response.headers.get("Allow")).toBe("POST");
  });
});
