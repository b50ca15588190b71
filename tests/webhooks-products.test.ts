import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { action as deleteProduct } from "~/routes/webhooks.products.delete";
import { action as updateProduct } from "~/routes/webhooks.products.update";
import { candle, readProducts, stool } from "./support/products";
import { call, makeDomain, shopifyNetwork, toRequest } from "./support/shopify";
import { at, makeShop, type TestShop } from "./support/shops";

const fetchedAt = at("2026-05-01");
const cedar = { title: "Cedar Candle", imageUrl: "https://cdn.shopify.com/cedar.png", imageAlt: "Lit" };

/** A shop for which the two products are stored as of noon. */
async function makeStocked(): Promise<TestShop> {
  const shop = await makeShop();
  await addProduct(shop, candle);
  await addProduct(shop, stool);
  return shop;
}

async function addProduct(shop: TestShop, productId: string): Promise<void> {
  await db.shopProduct.create({
    data: { shopId: shop.id, productId, ...cedar, fetchedAt, changedAt: at("2026-05-01") },
  });
}

async function readProduct(shop: TestShop, productId = candle) {
  return (await readProducts(shop)).find((product) => product.productId === productId);
}

type Payload = Record<string, unknown>;

/** A product as Shopify's webhooks write one, of which the tests change what they are about. */
function toPayload(changes: Payload = {}): Payload {
  return {
    id: 7001,
    admin_graphql_api_id: candle,
    title: "Fig Candle",
    body_html: "<p>It burns.</p>",
    vendor: "Northwind",
    updated_at: "2026-05-01T08:00:01-04:00",
    tags: "",
    variants: [{ id: 1, product_id: 7001, title: "Default Title", price: "12.00" }],
    images: [
      { id: 1, src: "https://cdn.shopify.com/fig.png?v=2", alt: "In the dark", width: 800 },
      { id: 2, src: "https://cdn.shopify.com/other.png?v=2", alt: null, width: 800 },
    ],
    image: { id: 1, src: "https://cdn.shopify.com/fig.png?v=2", alt: "In the dark", width: 800 },
    ...changes,
  };
}

function send(topic: "products/update" | "products/delete", shop: string, payload: unknown, headers = {}) {
  const respond = topic === "products/update" ? updateProduct : deleteProduct;
  return call(respond, toRequest({ topic, shop, body: JSON.stringify(payload), headers }));
}

async function update(shop: TestShop, changes: Payload = {}, headers = {}): Promise<void> {
  const response = await send("products/update", shop.domain, toPayload(changes), headers);
  expect([response.status, await response.text()]).toEqual([200, ""]);
}

async function remove(shop: TestShop, payload: Payload = { id: 7001 }): Promise<void> {
  expect((await send("products/delete", shop.domain, payload)).status).toBe(200);
}

describe("products/update", () => {
  test("writes title and picture of the product alone that it is about, twice as well as once", async () => {
    const [shop, other] = [await makeStocked(), await makeStocked()];
    const others = [await readProduct(shop, stool), ...(await readProducts(other))];
    const changed = {
      shopId: shop.id,
      productId: candle,
      title: "Fig Candle",
      imageUrl: "https://cdn.shopify.com/fig.png?v=2",
      imageAlt: "In the dark",
      changedAt: new Date("2026-05-01T12:00:01Z"),
      fetchedAt,
      deletedAt: null,
    };
    for (let times = 0; times < 2; times += 1) {
      await update(shop);
      expect(await readProduct(shop)).toEqual(changed);
    }
    expect([await readProduct(shop, stool), ...(await readProducts(other))]).toEqual(others);
    expect(shopifyNetwork).not.toHaveBeenCalled();
  });

  test("of a product that no page has shown, or of an unknown shop, stores nothing", async () => {
    const shop = await makeShop();
    await update(shop);
    await update({ id: "", domain: makeDomain() });
    expect(await readProducts(shop)).toEqual([]);
    expect(await db.handledWebhook.count({ where: { shopDomain: shop.domain } })).toBe(0);
  });

  test("that is older than what is known changes nothing, in whichever order they come", async () => {
    const shop = await makeStocked();
    await update(shop, { title: "Older", updated_at: "2026-05-01T11:59:59Z" });
    expect(await readProduct(shop)).toMatchObject(cedar);
    await update(shop, { title: "Third", updated_at: "2026-05-01T12:00:03Z" });
    await update(shop, { title: "Second", updated_at: "2026-05-01T12:00:02Z" });
    expect(await readProduct(shop)).toMatchObject({ title: "Third" });
    await update(shop, { title: "Of the same second", updated_at: "2026-05-01T12:00:03Z" });
    expect(await readProduct(shop)).toMatchObject({ title: "Of the same second" });
  });

  test("that does not say when is of when Shopify sent it", async () => {
    const shop = await makeStocked();
    for (const updated_at of [null, undefined, "soon", "+275760-09-13T00:00:00.000Z"]) {
      await update(shop, { title: "Older", updated_at }, { "X-Shopify-Triggered-At": "2026-05-01T11:00:00Z" });
    }
    expect(await readProduct(shop)).toMatchObject(cedar);
    await update(shop, { updated_at: null }, { "X-Shopify-Triggered-At": "2026-05-01T13:00:00Z" });
    expect(await readProduct(shop)).toMatchObject({ title: "Fig Candle", changedAt: at("2026-05-01", "13:00:00.000") });
  });

  test.for<[string, Payload, unknown]>([
    ["the first of its pictures", { image: undefined }, "https://cdn.shopify.com/fig.png?v=2"],
    ["none where it has none", { image: null, images: [] }, null],
    ["the stored one where it says nothing of any", { image: undefined, images: undefined }, cedar.imageUrl],
    ["none whose address a page can't have", { image: { src: "http://example.com/a.png" } }, null],
    ["none that is no address", { image: { src: "a.png" } }, null],
  ])("keeps %s", async ([, changes, imageUrl]) => {
    const shop = await makeStocked();
    await update(shop, changes);
    expect(await readProduct(shop)).toMatchObject({ title: "Fig Candle", imageUrl });
  });

  test("finds its product by the number, too", async () => {
    const shop = await makeStocked();
    await update(shop, { admin_graphql_api_id: undefined });
    await update(shop, { admin_graphql_api_id: null, id: "7002", title: "Oak Stool" });
    expect((await readProducts(shop)).map(({ title }) => title)).toEqual(["Fig Candle", "Oak Stool"]);
  });

  test("keeps as much of a title as can be stored", async () => {
    const shop = await makeStocked();
    await update(shop, {
      title: `a\u0000b\ud800${"é".repeat(100_000)}`,
      image: { src: "https://a.b/", alt: "\udfff" },
    });
    expect(await readProduct(shop)).toMatchObject({ title: `a\ufffdb\ufffd${"é".repeat(496)}`, imageAlt: "\ufffd" });
  });

  test("brings no deleted product back", async () => {
    const shop = await makeStocked();
    await remove(shop);
    await update(shop, { updated_at: "2026-06-01T12:00:00Z" });
    expect(await readProduct(shop)).toMatchObject({ title: "Fig Candle", deletedAt: expect.any(Date) });
  });

  test.for<[string, unknown, string, RegExp]>([
    ["no object", [], "body", /object/],
    ["no id", toPayload({ id: undefined, admin_graphql_api_id: undefined }), "id", /number/],
    ["another thing's id", toPayload({ admin_graphql_api_id: "gid://shopify/Collection/7001" }), "id", /number/],
    ["an id that is a list", toPayload({ id: [7001] }), "id", /number/],
    ["an id with a sign", toPayload({ id: -7001, admin_graphql_api_id: null }), "id", /number/],
    ["no title", toPayload({ title: undefined }), "title", /text/],
    ["a title that is a list", toPayload({ title: ["Fig"] }), "title", /text/],
    ["a picture without an address", toPayload({ image: { src: 7 } }), "image.src", /address/],
    ["pictures that are a text", toPayload({ images: "fig.png" }), "images", /pictures/],
  ])("with %s is 400, and names it", async ([, payload, field, allowed]) => {
    const shop = await makeStocked();
    const response = await send("products/update", shop.domain, payload);
    expect(response.status).toBe(400);
    const { error } = await response.json();
    expect(error).toMatchObject({ code: "bad_input", issues: [{ field, message: expect.stringMatching(allowed) }] });
    expect(await readProduct(shop)).toMatchObject(cedar);
  });
});

describe("products/delete", () => {
  test("marks the stored product, keeps its title, and does so once", async () => {
    const shop = await makeStocked();
    const before = Date.now() - 1_000;
    await remove(shop);
    const deleted = await readProduct(shop);
    expect(deleted).toMatchObject({ ...cedar, deletedAt: expect.any(Date) });
    expect(Number(deleted?.deletedAt)).toBeGreaterThan(before);
    await remove(shop);
    expect(await readProduct(shop)).toEqual(deleted);
    expect(await readProduct(shop, stool)).toMatchObject({ deletedAt: null });
  });

  test("of another shop's product, or one that is not stored, changes nothing", async () => {
    const [shop, other] = [await makeStocked(), await makeShop()];
    await remove(other);
    await remove(shop, { id: 7003 });
    await remove({ id: "", domain: makeDomain() });
    expect((await readProducts(shop)).map(({ deletedAt }) => deletedAt)).toEqual([null, null]);
    expect(await readProducts(other)).toEqual([]);
  });

  test.for([null, "7001", {}, { id: null }, { id: 1.5 }, { id: "gid://shopify/Product/7001/x" }])(
    "with the body %j is 400",
    async (payload) => {
      const shop = await makeStocked();
      const response = await send("products/delete", shop.domain, payload);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { code: "bad_input" } });
      expect(await readProduct(shop)).toMatchObject({ deletedAt: null });
    },
  );
});
