import { setImmediate as afterAnswer, setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { MissingScope, queryAdmin } from "~/admin-api.server";
import { db } from "~/db.server";
import { log } from "~/log.server";
import { type GoneProduct, type ProductNews, storeProducts } from "./product.server";
import { toErrorMessage } from "./rollup/error.server";

// A page of numbers never waits for Shopify: it shows the titles that are stored, and what is missing is asked for after
// its answer. Whatever becomes of that, the page is the same.

/** A product of a page: its id at Shopify, null where it can have none, and what is stored of it. */
export type ShownProduct = { shopifyId: string | null; stored: "none" | "old" | "fresh" };

/** Shopify answers in well under a second. */
const limitMs = 5_000;
const minuteMs = 60_000;
/** A shop for which Shopify gave no titles is left alone for so long. */
const pauseMs = { failed: minuteMs, scopeMissing: 60 * minuteMs };
const mostLinesEachMs = minuteMs;

const running = new Map<string, Promise<void>>();
const pausedUntil = new Map<string, number>();
const loggedAt = new Map<string, number>();

/**
 * Begins to ask Shopify for those of a page's products of which nothing is stored, or nothing of the last week: in one
 * request, after the caller's answer, and one at a time for a shop.
 *
 * @returns the ids of which nothing is stored and that Shopify is asked for now. A page that is loaded again in a moment
 * may have them.
 */
export function refreshProducts(shopId: string, products: ShownProduct[], now: Date): string[] {
  const due = products.flatMap(({ shopifyId, stored }) =>
    shopifyId && stored !== "fresh" ? { shopifyId, stored } : [],
  );
  if (due.length === 0 || (pausedUntil.get(shopId) ?? 0) > now.getTime()) return [];
  if (!running.has(shopId)) start(shopId, toIds(due), now);
  return toIds(due.filter(({ stored }) => stored === "none"));
}

/** Two texts of a host may name one product. */
function toIds(products: { shopifyId: string }[]): string[] {
  return [...new Set(products.map(({ shopifyId }) => shopifyId))];
}

/** Resolves when this process asks Shopify for no product. */
export async function settleProducts(): Promise<void> {
  await Promise.all(running.values());
}

function start(shopId: string, ids: string[], now: Date): void {
  const work = afterAnswer()
    .then(() => refresh(shopId, ids))
    .then(() => void pausedUntil.delete(shopId))
    .catch((error: unknown) => giveUp(shopId, error, now))
    .finally(() => running.delete(shopId));
  running.set(shopId, work);
}

async function refresh(shopId: string, ids: string[]): Promise<void> {
  const [shop] = await db.$queryRawUnsafe<{ domain: string; askedAt: string }[]>(findShopStatement, shopId);
  if (!shop) return;
  const products = await withLimit(askShopify(shop.domain, ids));
  await storeProducts(shopId, products, shop.askedAt);
}

/** $1 the shop. */
const findShopStatement = `
select s.domain, timezone('utc', clock_timestamp())::text as "askedAt"
from shops s
where s.id = $1::text`;

const productsQuery = `#graphql
  query ProductTitles($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Product {
        id
        title
        updatedAt
        featuredMedia {
          preview {
            image {
              url
              altText
            }
          }
        }
      }
    }
  }`;

const imageSchema = z.object({ url: z.string(), altText: z.string().nullish() });

const answerSchema = z.object({
  nodes: z.array(
    z
      .object({
        title: z.string(),
        updatedAt: z.iso.datetime({ offset: true }),
        featuredMedia: z.object({ preview: z.object({ image: imageSchema.nullish() }).nullish() }).nullish(),
      })
      .nullable(),
  ),
});

/** Shopify answers in the order of the ids, with null for each product that it does not have. */
async function askShopify(domain: string, ids: string[]): Promise<(ProductNews | GoneProduct)[]> {
  const { nodes } = answerSchema.parse(await queryAdmin(domain, productsQuery, { ids }));
  if (nodes.length !== ids.length) throw new Error(`Shopify answered ${nodes.length} of ${ids.length} products.`);
  return ids.map((productId, index) => {
    const node = nodes[index];
    if (!node) return { productId };
    const image = node.featuredMedia?.preview?.image;
    return {
      productId,
      title: node.title,
      imageUrl: image?.url ?? null,
      imageAlt: image?.altText ?? null,
      changedAt: new Date(node.updatedAt),
    };
  });
}

/** What comes later than the limit is dropped. */
async function withLimit<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const limit = new AbortController();
  const late = pause(limitMs, undefined, { signal: limit.signal }).then(() => {
    throw new Error(`Shopify did not answer within ${limitMs / 1_000} seconds.`);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    limit.abort();
  }
}

function giveUp(shopId: string, error: unknown, now: Date): void {
  const reason = error instanceof MissingScope ? "scopeMissing" : "failed";
  pausedUntil.set(shopId, now.getTime() + pauseMs[reason]);
  if (now.getTime() - (loggedAt.get(reason) ?? 0) < mostLinesEachMs) return;
  loggedAt.set(reason, now.getTime());
  log.warn({ shopId, error: toErrorMessage(error) }, lines[reason]);
}

const lines = {
  failed: "Shopify gave no titles of products; pages show those that are stored",
  scopeMissing:
    "Shopify gives no titles of products without the scope read_products: add it to SCOPES and to scopes in shopify.app.toml, and deploy; shops grant it when they next open the app",
};
