import type { AppPart } from "../../app/services/rollup/definition/app-part";
import { listChildIndexes, listScanIndexes } from "../../app/services/rollup/definition/index-sql";
import { type Definition, type KeyType, listMetrics } from "../../app/services/rollup/definition/rollup";
import type { AppFolder } from "./host";
import { type AppFile, readOwn } from "./own-files";
import type { Table } from "./prisma-schema";
import { ownTenantsTable } from "./tenants";

// What a definition's migration makes, in the words of schema.prisma, so that Prisma finds nothing to change.

const keyTypes: Record<KeyType, string> = { text: "String", uuid: "String", integer: "Int", bigint: "BigInt" };

/** The files of the schema, with the models and, in the app's own models, the lines that are missing. */
export function addToSchema({ schema }: Pick<AppFolder, "schema">, definition: Definition, part?: AppPart): AppFile[] {
  let files = schema.files;
  const addTo = (model: string, lines: string[]) => {
    files = files.map((file) => ({ ...file, text: addLines(file.text, model, lines) }));
  };
  for (const table of schema.tables) addTo(table.model, listHostLines(table, definition, part));
  const missing = listModels(definition).filter(({ table }) => !schema.tables.some(({ name }) => name === table));
  const daily = schema.tables.find(({ name }) => name === definition.table);
  if (daily) {
    const fields = toMetricFields(definition).filter(
      ({ column }) => !daily.columns.some(({ name }) => name === column),
    );
    addTo(
      daily.model,
      fields.map(({ text }) => text),
    );
  }
  return files.map((file) =>
    file.path === schema.path && missing.length > 0
      ? { ...file, text: `${file.text.trimEnd()}\n\n${missing.map(({ text }) => text).join("\n\n")}\n` }
      : file,
  );
}

/** Lines for a model of the app's: columns that the migration adds, and indexes that hold all rows. */
function listHostLines({ name, columns, indexes }: Table, definition: Definition, part?: AppPart): string[] {
  const isMapped = columns.some((column) => column.field !== column.name);
  const toField = (column: string) => {
    const known = columns.find((one) => one.name === column)?.field;
    return known ?? (isMapped ? toCamelCase(column) : column);
  };
  const added = (part?.columns ?? [])
    .filter(({ table, column }) => table === name && !columns.some((one) => one.name === column))
    .map(({ column }) => {
      const map = toField(column) === column ? "" : ` @map("${column}")`;
      const type = definition.instants === "timestamptz" ? " @db.Timestamptz(3)" : "";
      return `${toField(column)} DateTime?${map}${type}`;
    });
  // Prisma does not see indexes of a part of the rows, which can't be said in a schema.
  const whole = [...listScanIndexes(definition), ...listChildIndexes(definition)]
    .filter(({ table, sql }) => table === name && !sql.includes(" where "))
    .map(({ columns: on }) => on.map(toField))
    .filter((fields) => !indexes.some((index) => index.join() === fields.join()))
    .map((fields) => `@@index([${fields.join(", ")}])`);
  return [...added, ...whole];
}

/** Puts lines into a model: fields below its fields, and attributes of the model above its own. */
function addLines(text: string, model: string, lines: string[]): string {
  const block = new RegExp(`^model ${model} \\{$.*?^\\}`, "ms").exec(text)?.[0];
  if (!block || lines.length === 0) return text;
  const own = block.split("\n");
  const attribute = own.findIndex((line) => line.trim().startsWith("@@"));
  const fieldsEnd = (attribute === -1 ? own.length - 1 : attribute) - (own[attribute - 1]?.trim() === "" ? 1 : 0);
  const [fields, attributes] = [
    lines.filter((line) => !line.startsWith("@@")),
    lines.filter((line) => line.startsWith("@@")),
  ];
  const attributesAt = attribute === -1 ? own.length - 1 : attribute;
  const indent = (line: string) => `  ${line}`;
  const next = [
    ...own.slice(0, fieldsEnd),
    ...fields.map(indent),
    ...own.slice(fieldsEnd, attributesAt),
    ...(attribute === -1 && attributes.length > 0 ? [""] : []),
    ...attributes.map(indent),
    ...own.slice(attributesAt),
  ];
  return text.replace(block, () => next.join("\n"));
}

/** The models of all tables that the rollup keeps, by their tables. */
function listModels(definition: Definition): { table: string; text: string }[] {
  const { prefix = "rollup", shops } = definition;
  const type = shops.keyType ?? "text";
  // Those of this project, which has them under the usual prefix and with keys of text.
  const own = [...readOwn("prisma/schema.prisma").matchAll(/(?:^\/\/\/[^\n]*\n)*^model Rollup(\w+) \{\n.*?^\}/gms)].map(
    ([text]) => {
      const [, table = ""] = /@@map\("rollup_(\w+)"\)/.exec(text) ?? [];
      // The ledger has ids of shops as texts, whatever they are.
      const typed =
        table === "runs" ? text : text.replace(/(shopId\s+)String(.*)/, `$1${keyTypes[type]}$2${toNativeType(type)}`);
      return {
        table: `${prefix}_${table}`,
        text: typed
          .replace("model Rollup", `model ${toModelName(prefix)}`)
          .replace(/@@map\("rollup_/, `@@map("${prefix}_`),
      };
    },
  );
  const tenants = {
    table: ownTenantsTable,
    text: `/// The shops that have rows of their own, kept by the database.
model RollupTenant {
  shop      ${keyTypes[type]} @id${toNativeType(type)}
  createdAt DateTime @default(dbgenerated("timezone('utc'::text, now())")) @map("created_at")

  @@map("${ownTenantsTable}")
}`,
  };
  return [
    ...(shops.table === ownTenantsTable ? [tenants] : []),
    { table: definition.table, text: toDailyModel(definition) },
    ...own,
  ];
}

function toDailyModel(definition: Definition): string {
  const { table, prefix = "rollup", shops } = definition;
  const type = shops.keyType ?? "text";
  const now = `DateTime @default(dbgenerated("timezone('utc'::text, now())"))`;
  const fields = [
    `id String @id @default(dbgenerated("${prefix}_uuid()")) @db.Uuid`,
    `shopId ${keyTypes[type]} @map("shop_id")${toNativeType(type)}`,
    "date DateTime @db.Date",
    ...toMetricFields(definition).map(({ text }) => text),
    `createdAt ${now} @map("created_at")`,
    `updatedAt ${now} @updatedAt @map("updated_at")`,
  ];
  return `/// One row for each shop and UTC day with at least one count above zero. A missing row means zero.
model ${toModelName(table)} {
${align(fields).join("\n")}

  @@unique([shopId, date])
  @@index([date])
  @@map("${table}")
}`;
}

/** As `prisma format` sets fields: names, types and attributes below each other. */
function align(fields: string[]): string[] {
  const parts = fields.map((field) => /^(\S+) (\S+)(?: (.*))?$/.exec(field)?.slice(1) ?? [field]);
  const width = (place: number) => Math.max(...parts.map((one) => one[place]?.length ?? 0));
  return parts.map(([name = "", type = "", attributes = ""]) =>
    `  ${name.padEnd(width(0))} ${type.padEnd(width(1))} ${attributes}`.trimEnd(),
  );
}

function toMetricFields(definition: Definition): { column: string; text: string }[] {
  return listMetrics(definition).map(([, { column }]) => {
    const field = toCamelCase(column);
    return { column, text: `${field} Int @default(0)${field === column ? "" : ` @map("${column}")`}` };
  });
}

function toNativeType(type: KeyType): string {
  return type === "uuid" ? " @db.Uuid" : "";
}

function toCamelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function toModelName(name: string): string {
  const camelCase = toCamelCase(name);
  return `${camelCase[0]?.toUpperCase()}${camelCase.slice(1)}`;
}
