import { type Attr, type AttributeArgument, type Field, getSchema, type Model, type Value } from "@mrleebo/prisma-ast";

// What a schema.prisma says, in the database's names.

/** A field that is a column. `type`: as Prisma calls it, or the name of an enum. `nativeType`: as in `@db.Uuid`. */
export type Column = {
  field: string;
  name: string;
  type: string;
  nativeType: string | null;
  isOptional: boolean;
  isUnique: boolean;
};

/** A column that holds another model's key. */
type Reference = { column: string; model: string; references: string };

export type Table = {
  model: string;
  name: string;
  columns: Column[];
  references: Reference[];
  /** Lists of fields that an `@@index`, a `@@unique` or a `@@id` is on. */
  indexes: string[][];
};

export type PrismaSchema = {
  provider: string | null;
  generator: { provider: string; output: string | null } | null;
  tables: Table[];
  /** Values of enums as the database has them, by the enum's name. */
  enums: Map<string, string[]>;
};

/** @throws Error of the parser, with its place, where the text is no schema. */
export function parsePrismaSchema(text: string): PrismaSchema {
  const { list } = getSchema(text);
  const models = list.filter((block) => block.type === "model");
  const enums = list.filter((block) => block.type === "enum");
  const known = new Set([...models, ...enums].map(({ name }) => name));
  const modelNames = new Set(models.map(({ name }) => name));
  const settings = (type: "datasource" | "generator") =>
    list.flatMap((block) => {
      if (block.type !== type) return [];
      return [new Map(block.assignments.flatMap((one) => (one.type === "assignment" ? [[one.key, one.value]] : [])))];
    });
  // A further generator, of diagrams for one, makes no client.
  const generator = settings("generator").find((one) =>
    /^prisma-client(-js)?$/.test(toText(one.get("provider")) ?? ""),
  );
  return {
    provider: toText(settings("datasource")[0]?.get("provider")),
    generator: generator
      ? { provider: toText(generator.get("provider")) ?? "", output: toText(generator.get("output")) }
      : null,
    tables: models.map((model) => toTable(model, known, modelNames)),
    enums: new Map(
      enums.map(({ name, enumerators }) => [
        name,
        enumerators.flatMap((one) => (one.type === "enumerator" ? [findText(one.attributes, "map") ?? one.name] : [])),
      ]),
    ),
  };
}

function toTable({ name: model, properties }: Model, known: Set<string>, modelNames: Set<string>): Table {
  const fields = properties.filter((one): one is Field => one.type === "field");
  const blocks = properties.filter((one) => one.type === "attribute");
  const columns = fields
    .filter(({ fieldType, array }) => typeof fieldType === "string" && !array && !modelNames.has(fieldType))
    .map((field) => toColumn(field, known));
  const nameOf = (field: string) => columns.find((column) => column.field === field)?.name ?? field;
  return {
    model,
    name: findText(blocks, "map") ?? model,
    columns,
    references: fields.flatMap((field) => toReferences(field, nameOf)),
    indexes: blocks.filter(({ name }) => ["index", "unique", "id"].includes(name)).map(({ args }) => toFieldList(args)),
  };
}

function toColumn({ name: field, fieldType, optional, attributes = [] }: Field, known: Set<string>): Column {
  const type = String(fieldType);
  const native = attributes.find(({ group }) => group === "db");
  return {
    field,
    name: findText(attributes, "map") ?? field,
    type,
    nativeType: native && !known.has(native.name) ? native.name : null,
    isOptional: optional ?? false,
    isUnique: attributes.some(({ name, group }) => !group && (name === "id" || name === "unique")),
  };
}

function toReferences({ fieldType, attributes = [] }: Field, nameOf: (field: string) => string): Reference[] {
  const relation = attributes.find(({ name }) => name === "relation");
  const [column] = toNames(findValue(relation?.args, "fields"));
  const [references] = toNames(findValue(relation?.args, "references"));
  if (column === undefined || references === undefined) return [];
  // The name of the field there: its column is found when all tables are known.
  return [{ column: nameOf(column), model: String(fieldType), references }];
}

function toFieldList(args: AttributeArgument[] = []): string[] {
  const [first] = args;
  return toNames(findValue(args, "fields") ?? (first && !isKeyValue(first.value) ? first.value : undefined));
}

/** The names in a list such as `[shop, sentAt(sort: Desc)]`. */
function toNames(value: Value | undefined): string[] {
  if (typeof value !== "object" || value === null || !("args" in value)) return [];
  // A name with an order is more than the library's types say.
  const parts: (string | { name?: unknown })[] = value.args;
  return parts.map((part) => (typeof part === "string" ? part : String(part.name)));
}

function findValue(args: AttributeArgument[] = [], key: string): Value | undefined {
  for (const { value } of args) if (isKeyValue(value) && value.key === key) return value.value;
  return undefined;
}

function isKeyValue(value: AttributeArgument["value"]): value is { type: "keyValue"; key: string; value: Value } {
  return typeof value === "object" && value !== null && "type" in value && value.type === "keyValue";
}

/** The text of an attribute such as `@map("sent_at")`. */
function findText(attributes: readonly Attr[] = [], name: string): string | null {
  const args = attributes.find((one) => one.name === name && !one.group)?.args;
  const [first] = args ?? [];
  const named = findValue(args, "name");
  return toText(named ?? (first && !isKeyValue(first.value) ? (first.value as Value) : undefined));
}

function toText(value: Value | undefined): string | null {
  return typeof value === "string" ? value.replace(/^"(.*)"$/, "$1") : null;
}
