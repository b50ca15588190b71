import type { Column, PrismaSchema, Table } from "./prisma-schema";

// What things are called in testimonial apps, the likeliest first. Underscores and case make no difference.

export const tableNames = {
  requests: /(review|testimonial|feedback|submission)?(request|invit(e|ation))s?$/,
  submissions: /(testimonial|submission|review|feedback)s?$/,
  events: /(event|log|activit(y|ie))s?$/,
  shops: /^(shop|store|merchant|tenant)s?$/,
};

export const columnNames = {
  shop: ["shopid", "shop", "shopdomain", "storeid", "store", "merchantid", "tenantid"],
  domain: ["domain", "shopdomain", "myshopifydomain", "shop", "shopifydomain"],
  uninstalled: ["uninstalledat", "deletedat"],
  product: ["shopifyproductid", "productid", "productgid", "shopifyproduct"],
  sent: ["sentat", "emailsentat", "emailedat", "deliveredat"],
  clicked: ["clickedat", "linkclickedat", "firstclickedat"],
  answered: ["submittedat", "answeredat", "completedat", "respondedat", "reviewedat", "fulfilledat"],
  eventType: ["eventtype", "type", "kind", "event", "name"],
  eventAt: ["eventat", "occurredat", "happenedat", "at", "timestamp", "createdat"],
  submitted: ["submittedat", "receivedat", "createdat"],
  approved: ["approvedat", "acceptedat"],
  published: ["publishedat", "liveat"],
  updated: ["updatedat", "modifiedat"],
  status: ["status", "moderationstatus", "state"],
  media: ["mediatype", "media", "contenttype", "format", "type", "kind"],
  rating: ["rating", "stars", "score"],
};

/** Values, the likeliest first. Of a text column, whose values a schema does not say, the first is taken. */
export const valueNames = {
  clicked: ["clicked", "click", "linkclicked"],
  opened: ["opened", "open", "emailopened"],
  approved: ["approved", "accepted"],
  rejected: ["rejected", "declined"],
  video: ["video"],
  photo: ["photo", "image", "picture"],
};

export function simplify(name: string): string {
  return name.replaceAll(/[_\s-]/g, "").toLowerCase();
}

/** The column that is called so, of one of these types. */
export function findColumn(table: Table, names: string[], types?: string[]): Column | null {
  const fitting = table.columns.filter(({ type }) => !types || types.includes(type));
  for (const name of names) {
    const found = fitting.find((column) => simplify(column.name) === name || simplify(column.field) === name);
    if (found) return found;
  }
  return null;
}

/** An enum's value as the database writes it, or null where it has none. A text column's is a guess. */
export function findValue({ enums }: PrismaSchema, column: Column | null, names: string[]): string | null {
  if (!column) return null;
  const values = enums.get(column.type);
  if (!values) return column.type === "String" ? (names[0] ?? null) : null;
  for (const name of names) {
    const found = values.find((value) => simplify(value) === name);
    if (found !== undefined) return found;
  }
  return null;
}
