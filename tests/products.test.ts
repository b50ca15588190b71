import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { refreshProducts, type ShownProduct, settleProducts } from "~/services/product-refresh.server";
import { eraseShop } from "~/services/shop.server";
import { makeMerchant } from "./support/pages";
import {
  addProducts,
  ageProducts,
  answerProducts,
  candle,
  openProducts,
  openSettled,
  readProducts,
  readQuestion,
  stool,
  toNode,
} from "./support/products";
import { shopifyNetwork } from "./support/shopify";
import { makeShop } from "./support/shops";

const unknown = (shopifyId: string): ShownProduct => ({ shopifyId, stored: "none" });
const hourMs = 3_600_000;

beforeEach(() => {
  shopifyNetwork.mockReset();
});

describe("titles of products", () => {
  test("are asked for in one request after the page, and shown by the next one", async () => {
    const shop = await makeMerchant();
    await addProducts(shop, [candle, stool]);
    const asked = answerProducts(() => [toNode(candle, "Cedar Candle"), toNode(stool, "Oak Stool")]);
    const first = await openProducts(shop);
    expect(first).toMatchObject({ titles: [null, null], awaited: [candle, stool] });
    expect(asked, "nothing is asked before the answer is made").toEqual([]);
    await settleProducts();
    expect(asked).toEqual([{ shop: shop.domain, ids: [candle, stool] }]);

    const second = await openSettled(shop);
    expect(second.products).toEqual([
      {
        productId: candle,
        title: "Cedar Candle",
        imageUrl: "https://cdn.shopify.com/s/files/12.png?v=1&width=80",
        isDeleted: false,
      },
      {
        productId: stool,
        title: "Oak Stool",
        imageUrl: "https://cdn.shopify.com/s/files/9.png?v=1&width=80",
        isDeleted: false,
      },
    ]);
    expect(second.awaited).toEqual([]);
    expect(asked).toHaveLength(1);
    expect(await readProducts(shop)).toMatchObject([{ imageAlt: "In the light" }, { imageAlt: "In the light" }]);
  });

  test("are asked for of a bare number, once for both ways to write it, and of no other text", async () => {
    const shop = await makeMerchant();
    const others = ["cedar-candle", "gid://shopify/Collection/7003", "gid://shopify/Product/7x"];
    await addProducts(shop, ["7001", candle, ...others]);
    const asked = answerProducts(() => [toNode(candle, "Cedar Candle")]);
    expect((await openSettled(shop)).awaited).toEqual([candle]);
    expect(asked).toEqual([{ shop: shop.domain, ids: [candle] }]);
    expect((await openSettled(shop)).titles).toEqual(["Cedar Candle", "Cedar Candle", null, null, null]);
    expect(asked).toHaveLength(1);
  });

  test.for(["0", "07001", "9".repeat(19), "-1", "1.5", "1e3", " 7001", "gid://shopify/Product/", "7001?x=1"])(
    "are not asked for of %j, which no product can have",
    async (id) => {
      const shop = await makeMerchant();
      await addProducts(shop, [id]);
      const asked = answerProducts(() => []);
      expect((await openSettled(shop)).awaited).toEqual([]);
      expect(asked).toEqual([]);
    },
  );

  test("are asked for again after a week, of those alone that are so old", async () => {
    const shop = await makeMerchant();
    await addProducts(shop, [candle]);
    let title = "Cedar Candle";
    const asked = answerProducts(() => [toNode(candle, title), toNode(stool, "Oak Stool")]);
    await openSettled(shop);
    await ageProducts(shop, 6);
    await openSettled(shop);
    expect(asked).toHaveLength(1);
    await ageProducts(shop, 2);
    await addProducts(shop, [stool]);
    title = "Cedar Candle, large";
    const old = await openSettled(shop);
    expect(old, "an old title is shown meanwhile, and not waited for").toMatchObject({ awaited: [stool] });
    expect(old.titles?.toSorted()).toEqual(["Cedar Candle", null]);
    expect(asked.map(({ ids }) => ids.toSorted())).toEqual([[candle], [candle, stool]]);
    expect((await openSettled(shop)).titles?.toSorted()).toEqual(["Cedar Candle, large", "Oak Stool"]);
    await ageProducts(shop, 8);
    await openSettled(shop);
    await openSettled(shop);
    expect(asked).toHaveLength(3);
  });

  test("of a deleted product stay, and it is not asked for each time", async () => {
    const shop = await makeMerchant();
    await addProducts(shop, [candle, stool]);
    let has = [toNode(candle, "Cedar Candle")];
    const asked = answerProducts(() => has);
    await openSettled(shop);
    expect(await openSettled(shop)).toMatchObject({ titles: ["Cedar Candle", null], awaited: [] });
    has = [];
    await ageProducts(shop, 8);
    await openSettled(shop);
    expect(asked).toHaveLength(2);
    expect((await openSettled(shop)).products).toMatchObject([
      { title: "Cedar Candle", isDeleted: true },
      { title: null, isDeleted: true },
    ]);
    expect(asked).toHaveLength(2);
  });

  test("of one shop are none of another's, though both have the id", async () => {
    const [shop, other] = [await makeMerchant(), await makeMerchant()];
    for (const each of [shop, other]) await addProducts(each, [candle]);
    const asked = answerProducts((domain) => [toNode(candle, domain === shop.domain ? "Cedar Candle" : "Enamel Mug")]);
    await openSettled(shop);
    expect(await readProducts(other)).toEqual([]);
    expect((await openSettled(other)).titles).toEqual([null]);
    expect((await openSettled(shop)).titles).toEqual(["Cedar Candle"]);
    expect((await openSettled(other)).titles).toEqual(["Enamel Mug"]);
    expect(asked.map((each) => each.shop)).toEqual([shop.domain, other.domain]);
  });

  test("that a database can't hold, or no page can show, are stored as far as they can be", async () => {
    const shop = await makeMerchant();
    await addProducts(shop, [candle, stool]);
    const image = { url: "javascript:alert(1)", altText: "\u0000" };
    answerProducts(() => [
      { ...toNode(candle, `a\u0000b\ud800${"😀".repeat(5_000)}`), featuredMedia: { preview: { image } } },
      { ...toNode(stool, "Oak Stool"), featuredMedia: null },
    ]);
    await openSettled(shop);
    expect(await readProducts(shop)).toMatchObject([
      { title: `a\ufffdb\ufffd${"😀".repeat(496)}`, imageUrl: null, imageAlt: "\ufffd" },
      { title: "Oak Stool", imageUrl: null, imageAlt: null },
    ]);
  });

  test("go with their shop, and an answer that comes later brings none back", async () => {
    const shop = await makeMerchant();
    await addProducts(shop, [candle]);
    answerProducts(() => [toNode(candle, "Cedar Candle")]);
    await openSettled(shop);
    await ageProducts(shop, 8);
    const { answer } = holdShopify();
    await openProducts(shop);
    await expect.poll(() => shopifyNetwork.mock.calls.length).toBe(2);
    const { rowCounts } = await db.$transaction((tx) => eraseShop(tx, shop.domain, new Date()));
    expect(rowCounts.shop_products).toBe(1);
    await answer([toNode(candle, "Cedar Candle")]);
    expect(await readProducts(shop)).toEqual([]);
  });
});

/** Holds back what Shopify answers, until `answer` gives it and all is settled. */
function holdShopify() {
  let release: (response: Response) => void = () => {};
  const held = new Promise<Response>((resolve) => {
    release = resolve;
  });
  shopifyNetwork.mockImplementation((input, init) => {
    readQuestion(input, init);
    return held;
  });
  return {
    answer: async (nodes: unknown[]) => {
      release(Response.json({ data: { nodes } }));
      await settleProducts();
    },
  };
}

const failures: [string, () => Promise<Response>][] = [
  ["is away", () => Promise.reject(new TypeError("fetch failed"))],
  ["answers 503", async () => new Response("no", { status: 503 })],
  ["answers 401", async () => Response.json({ errors: "Invalid API key or access token" }, { status: 401 })],
  ["answers 429", async () => Response.json({ errors: "Exceeded" }, { status: 429 })],
  ["throttles", async () => Response.json({ errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }] })],
  ["answers a page", async () => new Response("<html>", { headers: { "Content-Type": "text/html" } })],
  ["answers nothing of the kind", async () => Response.json({ data: { nodes: "none" } })],
  ["answers too few", async () => Response.json({ data: { nodes: [] } })],
  [
    "answers a part with an error",
    async () => Response.json({ data: { nodes: [null] }, errors: [{ message: "Internal error" }] }),
  ],
];

describe.for(failures)("while Shopify %s", ([, respond]) => {
  test("titles stay as they are, the page is the same, and it is asked again a minute later", async () => {
    const shop = await makeMerchant();
    await addProducts(shop, [candle]);
    answerProducts(() => [toNode(candle, "Cedar Candle")]);
    await openSettled(shop);
    await ageProducts(shop, 8);
    const stored = await readProducts(shop);
    shopifyNetwork.mockReset();
    shopifyNetwork.mockImplementation(respond);
    for (let visits = 0; visits < 3; visits += 1) {
      expect((await openSettled(shop)).titles).toEqual(["Cedar Candle"]);
    }
    expect(shopifyNetwork).toHaveBeenCalledTimes(1);
    expect(await readProducts(shop)).toEqual(stored);

    const asked = answerProducts(() => [toNode(candle, "Cedar Candle, large")]);
    refreshProducts(shop.id, [unknown(candle)], new Date(Date.now() + 61_000));
    await settleProducts();
    expect(asked).toHaveLength(1);
    expect((await openSettled(shop)).titles).toEqual(["Cedar Candle, large"]);
  });
});

const denied = async () =>
  Response.json({
    data: { nodes: [null] },
    errors: [{ message: "Access denied for product field.", extensions: { code: "ACCESS_DENIED" } }],
  });

test("without the scope nothing is taken for deleted, and Shopify is asked again after an hour alone", async () => {
  const shop = await makeMerchant();
  await addProducts(shop, [candle]);
  shopifyNetwork.mockImplementation(denied);
  expect((await openSettled(shop)).awaited).toEqual([candle]);
  expect(await openSettled(shop)).toMatchObject({ titles: [null], awaited: [] });
  expect(await readProducts(shop)).toEqual([]);
  for (const [laterMs, calls] of [
    [hourMs - 60_000, 1],
    [hourMs + 60_000, 2],
  ] as const) {
    refreshProducts(shop.id, [unknown(candle)], new Date(Date.now() + laterMs));
    await settleProducts();
    expect(shopifyNetwork).toHaveBeenCalledTimes(calls);
  }
});

test("a shop whose session is gone is told of no more than others", async () => {
  const shop = await makeShop();
  expect(refreshProducts(shop.id, [unknown(candle)], new Date())).toEqual([candle]);
  await settleProducts();
  expect(refreshProducts(randomUUID(), [unknown(candle)], new Date())).toEqual([candle]);
  await settleProducts();
  expect(shopifyNetwork).not.toHaveBeenCalled();
});

describe("while Shopify hangs", () => {
  test("pages answer, and a shop's next questions wait for the first, another shop's for nothing", async () => {
    const [shop, other] = [await makeMerchant(), await makeMerchant()];
    await addProducts(shop, [candle, stool]);
    await addProducts(other, [candle]);
    const { answer } = holdShopify();
    for (let visits = 0; visits < 3; visits += 1) {
      expect(await openProducts(shop)).toMatchObject({ titles: [null, null], awaited: [candle, stool] });
    }
    await expect.poll(() => shopifyNetwork.mock.calls.length).toBe(1);
    await openProducts(other);
    await expect.poll(() => shopifyNetwork.mock.calls.length).toBe(2);
    await answer([toNode(candle, "Cedar Candle"), null]);
    expect((await openProducts(shop)).titles).toEqual(["Cedar Candle", null]);
  });

  test("it is given up, and what it says later is dropped", async () => {
    const shop = await makeMerchant();
    await addProducts(shop, [candle]);
    const { answer } = holdShopify();
    await openProducts(shop);
    await settleProducts();
    await answer([toNode(candle, "Cedar Candle")]);
    expect(await readProducts(shop)).toEqual([]);
  });
});
