import { expect } from "vitest";
import { db } from "~/db.server";
import { settleProducts } from "~/services/product-refresh.server";
import { daysAgo, openPage } from "./pages";
import { shopifyNetwork } from "./shopify";
import { addSubmission, at, type TestShop } from "./shops";

/** A product as the Admin API tells it. */
export type Node = {
  id: string;
  title: string;
  updatedAt: string;
  featuredMedia: { preview: { image: { url: string; altText: string | null } | null } | null } | null;
};

export const candle = "gid://shopify/Product/7001";
export const stool = "gid://shopify/Product/7002";

export function toNode(id: string, title: string, updatedAt = "2026-05-01T10:00:00Z"): Node {
  const image = { url: `https://cdn.shopify.com/s/files/${title.length}.png?v=1`, altText: "In the light" };
  return { id, title, updatedAt, featuredMedia: { preview: { image } } };
}

/** Each question for products since then: of which shop, with which ids. */
export type Asked = { shop: string; ids: string[] };

/** Answers questions for products as Shopify does, of what a shop has. Lists the questions. */
export function answerProducts(has: (shop: string) => Node[]): Asked[] {
  const asked: Asked[] = [];
  shopifyNetwork.mockImplementation(async (input, init) => {
    const question = readQuestion(input, init);
    asked.push(question);
    const nodes = question.ids.map((id) => has(question.shop).find((node) => node.id === id) ?? null);
    return Response.json({ data: { nodes } });
  });
  return asked;
}

/** What is asked of Shopify, which must be the one query for products, with the shop's own token. */
export function readQuestion(input: string | URL | Request, init?: RequestInit): Asked {
  const { hostname, pathname } = new URL(String(input));
  expect(pathname).toBe("/admin/api/2026-10/graphql.json");
  expect(new Headers(init?.headers).get("X-Shopify-Access-Token")).toBe("shpat_test");
  const { query, variables } = JSON.parse(String(init?.body));
  expect(query).toContain("nodes(ids: $ids)");
  return { shop: hostname, ids: variables.ids };
}

/** Testimonials of yesterday about these products, the first of which has most. */
export async function addProducts(shop: TestShop, ids: string[]): Promise<void> {
  for (const [index, shopifyProductId] of ids.entries()) {
    for (let count = ids.length; count > index; count -= 1) {
      await addSubmission(shop, { submittedAt: at(daysAgo(1)), shopifyProductId });
    }
  }
}

/** Opens the dashboard and waits until what it began is done. */
export async function openSettled(shop: TestShop) {
  const opened = await openProducts(shop);
  await settleProducts();
  return opened;
}

/** The products of the dashboard, and those that it awaits titles of. */
export async function openProducts(shop: TestShop) {
  const { status, data } = await openPage("dashboard", shop);
  expect(status).toBe(200);
  return {
    products: data.numbers?.extras.topProducts.map(({ productId, title, imageUrl, isDeleted }) => ({
      productId,
      title,
      imageUrl,
      isDeleted,
    })),
    titles: data.numbers?.extras.topProducts.map(({ title }) => title),
    awaited: data.numbers?.awaitedProducts,
  };
}

/** What is stored of the shop's products, by id. */
export function readProducts(shop: TestShop) {
  return db.shopProduct.findMany({ where: { shopId: shop.id }, orderBy: { productId: "asc" } });
}

/** As if Shopify had last been asked so many days ago. */
export async function ageProducts(shop: TestShop, days: number): Promise<void> {
  await db.$executeRawUnsafe(
    "update shop_products set fetched_at = fetched_at - make_interval(days => $2::int) where shop_id = $1",
    shop.id,
    days,
  );
}
