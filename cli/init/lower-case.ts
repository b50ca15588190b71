import type { PrismaSchema } from "./prisma-schema";

const isLowerCase = (name: string) => /^[a-z_][a-z0-9_]{0,62}$/.test(name);

/**
 * The engine's SQL writes names without quotes.
 *
 * @param parts what a definition names: a table, and columns of it in any depth.
 * @throws Error with the lines for the schema and the statements for the database, where names are in other cases.
 */
export function requireLowerCase({ tables }: PrismaSchema, parts: (({ table: string } & object) | null)[]): void {
  const lines: string[] = [];
  const statements: string[] = [];
  for (const part of parts) {
    const table = tables.find(({ name }) => name === part?.table);
    if (!part || !table) continue;
    const named = listTexts(part);
    for (const { field, name } of table.columns) {
      if (isLowerCase(name) || !named.includes(name)) continue;
      lines.push(`- ${table.model}.${field}: @map("${toSnakeCase(name)}")`);
      statements.push(`alter table "${table.name}" rename column "${name}" to ${toSnakeCase(name)};`);
    }
    if (isLowerCase(table.name)) continue;
    const name = `${toSnakeCase(table.name)}s`.replace(/ss$/, "s");
    lines.push(`- model ${table.model}: @@map("${name}")`);
    statements.push(`alter table "${table.name}" rename to ${name};`);
  }
  if (lines.length === 0) return;
  throw new Error(
    `Names of tables and columns must be in lower case in the database. Your code keeps its own, by these in the schema:\n` +
      `${lines.join("\n")}\n\nThe migration, in which other places that name them (views, raw SQL) have to follow:\n\n${statements.join("\n")}`,
  );
}

function listTexts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(listTexts) : [];
}

function toSnakeCase(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}
