import { toStorable } from "~/database/storable.server";
import { db } from "~/db.server";
import { findShopId } from "./shop.server";

/** What Shopify says of a product. */
export type ProductNews = {
  /** Shopify's id: "gid://shopify/Product/123". */
  productId: string;
  title: string;
  imageUrl: string | null;
  imageAlt: string | null;
  /** When the product last changed, by Shopify's clock. */
  changedAt: Date;
};

/** A product that Shopify does not have, or has no more. */
export type GoneProduct = { productId: string };

/** Shopify's own limits are 255 and 512. */
const mostTitleLength = 500;
const mostAltLength = 1_000;
const mostUrlLength = 2_000;

const idStart = "gid://shopify/Product/";
/** As many digits as fit into Shopify's numbers: it would refuse a whole question for one id that has more. */
const idNumber = "[1-9][0-9]{0,17}";

/** Of a product's id as hosts store it, the whole or its number alone, the whole in SQL; null where it is neither. */
export function toShopifyIdSql(expression: string): string {
  const text = `(${expression})::text`;
  return `case
    when ${text} ~ '^${idNumber}$' then '${idStart}' || ${text}
    when ${text} ~ '^${idStart}${idNumber}$' then ${text}
  end`;
}

/** The same in JavaScript. */
export function toShopifyId(id: string | number): string | null {
  const number = String(id).replace(idStart, "");
  return new RegExp(`^${idNumber}$`).test(number) ? `${idStart}${number}` : null;
}

/** A picture's address as it may stand in a page, or null. */
function toPictureUrl(text: string | null): string | null {
  if (!text || !URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return protocol === "https:" && href.length <= mostUrlLength ? href : null;
}

/**
 * Stores what Shopify answered for products that it was asked for at `askedAt`, as the database told the time. A webhook
 * that came meanwhile knows better: a newer title stays, and so does a deletion. The title of a deleted product stays.
 */
export async function storeProducts(
  shopId: string,
  products: (ProductNews | GoneProduct)[],
  askedAt: string,
): Promise<void> {
  const rows = products.map((product) =>
    "title" in product
      ? { ...product, title: toStorable(product.title, mostTitleLength), ...toStorablePicture(product) }
      : { ...product, isGone: true },
  );
  await db.$executeRawUnsafe(storeStatement, shopId, JSON.stringify(rows), askedAt);
}

const isNews = "excluded.title is not null and coalesce(excluded.changed_at >= p.changed_at, true)";

/** $1 the shop, $2 products in JSON, $3 when Shopify was asked. In the order of the key, so that no two lock each other. */
const storeStatement = `
insert into shop_products as p
  (shop_id, product_id, title, image_url, image_alt, changed_at, fetched_at, deleted_at)
select $1::text, n."productId", n.title, n."imageUrl", n."imageAlt", n."changedAt" at time zone 'UTC',
  timezone('utc', now()), case when n."isGone" then timezone('utc', now()) end
from json_to_recordset($2::json) as n (
  "productId" text,
  title text,
  "imageUrl" text,
  "imageAlt" text,
  "changedAt" timestamptz,
  "isGone" boolean
)
order by n."productId"
on conflict (shop_id, product_id) do update
set title = case when ${isNews} then excluded.title else p.title end,
  image_url = case when ${isNews} then excluded.image_url else p.image_url end,
  image_alt = case when ${isNews} then excluded.image_alt else p.image_alt end,
  changed_at = case when ${isNews} then excluded.changed_at else p.changed_at end,
  fetched_at = excluded.fetched_at,
  deleted_at = case
    when excluded.deleted_at is not null then coalesce(p.deleted_at, excluded.deleted_at)
    when p.deleted_at >= $3::timestamp(3) then p.deleted_at
  end`;

type Picture = Pick<ProductNews, "imageUrl" | "imageAlt">;

/** An address that can't stand in a page is none. */
function toStorablePicture({ imageUrl, imageAlt }: Picture): Picture {
  return { imageUrl: toPictureUrl(imageUrl), imageAlt: imageAlt && toStorable(imageAlt, mostAltLength) };
}

type Update = Omit<ProductNews, keyof Picture> & { picture: Picture | undefined };

/**
 * Keeps what a shop's webhook says of a product that is stored, unless something newer is known of it. Without a
 * `picture` the stored one stays. Twice is as good as once.
 *
 * @returns how many rows changed: none of a product that no page has shown.
 */
export async function updateProduct(shopDomain: string, update: Update): Promise<number> {
  const shopId = await findShopId(db, shopDomain);
  if (shopId === null) return 0;
  const { productId, title, changedAt, picture } = update;
  const { count } = await db.shopProduct.updateMany({
    where: { shopId, productId, OR: [{ changedAt: null }, { changedAt: { lte: changedAt } }] },
    data: { changedAt, title: toStorable(title, mostTitleLength), ...(picture && toStorablePicture(picture)) },
  });
  return count;
}

/** Notes that a stored product is deleted. Its title stays, since the statistics still name it. */
export async function markProductDeleted(shopDomain: string, productId: string): Promise<number> {
  const shopId = await findShopId(db, shopDomain);
  if (shopId === null) return 0;
  return db.$executeRawUnsafe(markDeletedStatement, shopId, productId);
}

/** $1 the shop, $2 the product. By the database's clock, with which `storeProducts` compares it. */
const markDeletedStatement = `
update shop_products p
set deleted_at = timezone('utc', now())
where p.shop_id = $1::text
  and p.product_id = $2::text
  and p.deleted_at is null`;
