import type { Definition, KeyType } from "../../app/services/rollup/definition/rollup";
import { columnNames, findColumn, simplify, tableNames } from "./names";
import type { Column, PrismaSchema, Table } from "./prisma-schema";

/** Who the tenants are: rows of a table of the app's, or of one that the rollup keeps where the app has none. */
export type Tenants = {
  table: string;
  key: string;
  keyType: KeyType;
  isOwn: boolean;
  /** The column that is set of those who have left. */
  uninstalled: string | null;
  /** How a session's shop domain leads to the key: by a unique field of a model, or as it is. */
  lookup: { model: string; domainField: string; keyField: string } | null;
};

/** The table that is made where an app has none with a row for each shop. Sessions are no such table: a shop has several. */
export const ownTenantsTable = "rollup_tenants";

export function proposeTenants({ tables }: PrismaSchema, source: Table, shop: Column): Tenants {
  const reference = source.references.find(({ column }) => column === shop.name);
  const table =
    tables.find(({ model }) => model === reference?.model) ??
    tables.find(({ model }) => tableNames.shops.test(simplify(model)));
  const key = table && findKey(table, reference?.references, shop);
  if (table && key) return toTenants(table, key);
  const own = { table: ownTenantsTable, key: "shop", keyType: toKeyType(shop), isOwn: true };
  return { ...own, uninstalled: null, lookup: null };
}

/** The tenants of a definition that is there. */
export function findTenants({ tables }: PrismaSchema, { shops }: Pick<Definition, "shops">): Tenants {
  const table = tables.find(({ name }) => name === shops.table);
  const key = table?.columns.find(({ name }) => name === shops.key);
  if (table && key && shops.table !== ownTenantsTable) return toTenants(table, key);
  const { keyType = "text", ...named } = shops;
  return { ...named, keyType, isOwn: shops.table === ownTenantsTable, uninstalled: null, lookup: null };
}

function toTenants(table: Table, key: Column): Tenants {
  const domain = findColumn(table, columnNames.domain, ["String"]);
  const isDomain = domain?.name === key.name;
  return {
    table: table.name,
    key: key.name,
    keyType: toKeyType(key),
    isOwn: false,
    uninstalled: findColumn(table, columnNames.uninstalled, ["DateTime"])?.name ?? null,
    lookup:
      domain?.isUnique && !isDomain ? { model: table.model, domainField: domain.field, keyField: key.field } : null,
  };
}

/** The column whose values a source's `shop` has: what it refers to, or a unique one of the same name. */
function findKey(table: Table, referenced: string | undefined, shop: Column): Column | null {
  const isUnique = ({ field, isUnique }: Column) => isUnique || table.indexes.some((index) => index.join() === field);
  const found = table.columns.find(({ field }) => field === referenced) ?? findColumn(table, [simplify(shop.name)]);
  return found && isUnique(found) ? found : null;
}

export function toKeyType({ type, nativeType }: Column): KeyType {
  if (nativeType === "Uuid") return "uuid";
  if (type === "Int") return "integer";
  return type === "BigInt" ? "bigint" : "text";
}
