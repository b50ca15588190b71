import { type ShopPlan, shops, toProductId } from "../shops";

/** A product of a shop of the demo, as its merchant last left it. */
type Product = { id: string; title: string; updatedAt: Date; isDeleted: boolean };

const colours = ["#e7d8c9", "#c9dbe7", "#d3e7c9", "#e7c9d5", "#ddd3ee", "#eee6b8"];

const catalogues = new Map(shops.map((plan) => [plan.domain, new Map(plan.products.map(toEntry))]));

function toEntry(title: string, index: number): [string, Product] {
  const id = toProductId(index);
  return [id, { id, title, updatedAt: new Date(), isDeleted: false }];
}

/** A product that the shop has and has not deleted, or null. */
export function findProduct(domain: string, id: string): Product | null {
  const product = catalogues.get(domain)?.get(id);
  return product && !product.isDeleted ? product : null;
}

/** Gives a product its next name: "Cedar Candle No. 2" after "Cedar Candle". */
export function renameProduct({ domain }: ShopPlan, id: string): Product | null {
  const product = findProduct(domain, id);
  if (!product) return null;
  const [, name = product.title, number = "1"] = /^(.*?)(?: No\. (\d+))?$/.exec(product.title) ?? [];
  return Object.assign(product, { title: `${name} No. ${Number(number) + 1}`, updatedAt: new Date() });
}

export function deleteProduct({ domain }: ShopPlan, id: string): Product | null {
  const product = findProduct(domain, id);
  return product && Object.assign(product, { isDeleted: true });
}

/** The address of a product's picture, at Shopify's CDN as in any shop. */
export function toPictureUrl(id: string): string {
  return `https://cdn.shopify.com/demo/${id.split("/").at(-1)}.svg`;
}

/** The picture itself: a drawing that differs with the product's number. */
export function drawPicture(number: number): string {
  const colour = colours[number % colours.length];
  const radius = 14 + (number % 4) * 3;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80" viewBox="0 0 80 80">
<rect width="80" height="80" fill="${colour}"/>
<rect x="${40 - radius}" y="30" width="${2 * radius}" height="36" rx="${number % 9}" fill="#fff" stroke="#5c5147" stroke-width="3"/>
<path d="M40 30V18" stroke="#5c5147" stroke-width="3" stroke-linecap="round"/>
</svg>`;
}
