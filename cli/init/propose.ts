import type { InstantType, KeyType } from "../../app/services/rollup/definition/rollup";
import { requireLowerCase } from "./lower-case";
import { columnNames, findColumn, findValue, simplify, tableNames, valueNames } from "./names";
import type { Column, PrismaSchema, Table } from "./prisma-schema";
import { proposeTenants, type Tenants, toKeyType } from "./tenants";

export type ProposedSource = { table: string; key: string; keyType: KeyType; shop: string };

type ProposedRequests = ProposedSource & {
  sent: string;
  clicked: string | null;
  answered: string | null;
  product: string | null;
};

type ProposedEvents = ProposedSource & {
  parent: string;
  at: string;
  type: string;
  clicked: string | null;
  opened: string | null;
};

type ProposedSubmissions = ProposedSource & {
  submitted: string;
  approved: string | null;
  published: string | null;
  updated: string | null;
  status: { column: string; approved: string | null; rejected: string | null } | null;
  media: { column: string; video: string | null; photo: string | null } | null;
  rating: string | null;
  product: string | null;
};

/** What of an app's schema is counted, as far as its names tell. */
export type Proposal = {
  tenants: Tenants;
  instants: InstantType;
  requests: ProposedRequests | null;
  events: ProposedEvents | null;
  submissions: ProposedSubmissions;
  /** Columns of text whose values the schema does not say. */
  guesses: string[];
};

/** @throws Error that says what was looked for and what there is, where testimonials are not found. */
export function propose(schema: PrismaSchema): Proposal {
  const tables = schema.tables.filter(({ model }) => !/^rollup|analytics$/i.test(model));
  const requests = pick(tables, tableNames.requests, columnNames.sent);
  const events = requests && findChild(tables, requests);
  const rest = tables.filter((table) => table !== requests && table !== events);
  const submissions = pick(rest, tableNames.submissions, columnNames.submitted);
  if (!submissions) {
    throw new Error(
      `No model is named like testimonials, submissions or reviews and has ${columnNames.submitted.join(" or ")}. ` +
        `There are: ${tables.map(({ model }) => model).join(", ")}.`,
    );
  }
  const proposed = {
    requests: requests && toRequests(schema, requests),
    events: requests && events && toEvents(schema, events, requests),
    submissions: toSubmissions(schema, submissions),
  };
  const used = [submissions, ...(requests ? [requests] : []), ...(proposed.events && events ? [events] : [])];
  const tenants = proposeTenants(schema, submissions, findShopColumn(schema, submissions));
  requireLowerCase(schema, [...Object.values(proposed), tenants]);
  return {
    ...proposed,
    tenants,
    instants: findInstants(used),
    guesses: used.flatMap((table) => listGuesses(table)),
  };
}

/** The table of that name with such an instant; of several the one with the shortest name, which is no other's part. */
function pick(tables: Table[], name: RegExp, instants: string[]): Table | null {
  const found = tables.filter(
    (table) =>
      [table.name, table.model].some((one) => name.test(simplify(one))) && findColumn(table, instants, ["DateTime"]),
  );
  return found.sort((a, b) => a.name.length - b.name.length)[0] ?? null;
}

/** The table of events whose rows belong to `parent`. */
function findChild(tables: Table[], parent: Table): Table | null {
  const found = tables.filter(
    (table) => tableNames.events.test(simplify(table.name)) && findParentColumn(table, parent),
  );
  return found[0] ?? null;
}

function findParentColumn(table: Table, parent: Table): string | null {
  const named = findColumn(table, ["requestid", `${simplify(parent.model)}id`]);
  return table.references.find(({ model }) => model === parent.model)?.column ?? named?.name ?? null;
}

function toSource(schema: PrismaSchema, table: Table): ProposedSource {
  const key = table.columns.find(({ field }) => field === "id") ?? table.columns.find(({ isUnique }) => isUnique);
  if (!key) throw new Error(`The model ${table.model} has no id of one column, by which its rows are told apart.`);
  return { table: table.name, key: key.name, keyType: toKeyType(key), shop: findShopColumn(schema, table).name };
}

/** The column that says whose a row is: what refers to a table of shops, or is called so. */
function findShopColumn({ tables }: PrismaSchema, table: Table): Column {
  const isShops = (model: string) => tableNames.shops.test(simplify(model));
  const reference = table.references.find(({ model }) => isShops(model) && tables.some((one) => one.model === model));
  const column = table.columns.find(({ name }) => name === reference?.column) ?? findColumn(table, columnNames.shop);
  if (column) return column;
  throw new Error(
    `The model ${table.model} has no column that says whose a row is: none refers to a model of shops, and none is named ` +
      `${columnNames.shop.join(", ")}. Each source needs one; add it to the model in a migration of yours, and fill it.`,
  );
}

function toRequests(schema: PrismaSchema, table: Table): ProposedRequests {
  return {
    ...toSource(schema, table),
    sent: findInstant(table, columnNames.sent) ?? "sent_at",
    clicked: findInstant(table, columnNames.clicked),
    answered: findInstant(table, columnNames.answered),
    product: findColumn(table, columnNames.product, ["String"])?.name ?? null,
  };
}

function toEvents(schema: PrismaSchema, table: Table, requests: Table): ProposedEvents | null {
  const type = findColumn(table, columnNames.eventType);
  const [at, parent] = [findInstant(table, columnNames.eventAt), findParentColumn(table, requests)];
  const clicked = findValue(schema, type, valueNames.clicked);
  const opened = findValue(schema, type, valueNames.opened);
  if (!type || !at || !parent || (clicked === null && opened === null)) return null;
  return { ...toSource(schema, table), parent, at, type: type.name, clicked, opened };
}

function toSubmissions(schema: PrismaSchema, table: Table): ProposedSubmissions {
  const status = findColumn(table, columnNames.status);
  const media = findColumn(table, columnNames.media);
  const value = (column: Column | null, name: keyof typeof valueNames) => findValue(schema, column, valueNames[name]);
  return {
    ...toSource(schema, table),
    submitted: findInstant(table, columnNames.submitted) ?? "submitted_at",
    approved: findInstant(table, columnNames.approved),
    published: findInstant(table, columnNames.published),
    updated: findInstant(table, columnNames.updated),
    status: status && {
      column: status.name,
      approved: value(status, "approved"),
      rejected: value(status, "rejected"),
    },
    media: media && { column: media.name, video: value(media, "video"), photo: value(media, "photo") },
    rating: findColumn(table, columnNames.rating, ["Int", "BigInt"])?.name ?? null,
    product: findColumn(table, columnNames.product, ["String"])?.name ?? null,
  };
}

function findInstant(table: Table, names: string[]): string | null {
  return findColumn(table, names, ["DateTime"])?.name ?? null;
}

/** @throws Error where some have a zone and some have none. */
function findInstants(tables: Table[]): InstantType {
  const names = [
    columnNames.sent,
    columnNames.clicked,
    columnNames.eventAt,
    columnNames.submitted,
    columnNames.published,
  ];
  const found = tables.flatMap((table) =>
    [...names, columnNames.approved].flatMap((list) => {
      const column = findColumn(table, list, ["DateTime"]);
      return column ? [{ name: `${table.name}.${column.name}`, hasZone: column.nativeType === "Timestamptz" }] : [];
    }),
  );
  const withZone = found.filter(({ hasZone }) => hasZone);
  if (withZone.length === 0) return "timestamp";
  if (withZone.length === found.length) return "timestamptz";
  const without = found.filter(({ hasZone }) => !hasZone).map(({ name }) => name);
  throw new Error(
    `All instants that are counted by must be of one type. These have a zone: ${withZone.map(({ name }) => name).join(", ")}; ` +
      `these have none: ${without.join(", ")}. Change the fewer of them in a migration of yours.`,
  );
}

function listGuesses(table: Table): string[] {
  const columns = [columnNames.eventType, columnNames.status, columnNames.media].map((names) =>
    findColumn(table, names),
  );
  return columns.flatMap((column) => (column?.type === "String" ? [`${table.name}.${column.name}`] : []));
}

/** The instant of an approval: the app's own column, or the one that the migration adds and the database stamps. */
export function getApprovedColumn({ approved, status }: Proposal["submissions"]): string | null {
  return approved ?? (status?.approved != null ? "approved_at" : null);
}
