import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rollup } from "../app/services/rollup/metrics";
import { findLastDefinition, toMigration } from "../app/services/rollup/migration-sql";

const defaultFolder = "prisma/migrations";

/**
 * Writes the next migration from the difference between the definition that the last migration left and the code's.
 *
 * @returns what was written, and what is left to do by hand.
 * @throws Error when the name is wrong, no migration has left a definition, or there is no difference.
 */
export function writeMigration(args: string[], folder: string = defaultFolder): string {
  const [name, ...more] = args;
  if (name === undefined || more.length > 0 || !/^[a-z][a-z0-9_]{0,99}$/.test(name)) {
    throw new Error(
      `The name of the migration is ${JSON.stringify(args.join(" "))}; it must be one word of lower-case letters, ` +
        "digits and underscores, for example five_star_submissions.",
    );
  }
  const before = findLastDefinition(readMigrations(folder), rollup.table);
  if (before === null) throw new Error(`No migration in ${folder} has left a definition of ${rollup.table}.`);
  const sql = toMigration(before, rollup);
  if (sql === null) return "Nothing to write: the last migration left the definition that the code has.";
  const path = join(folder, `${toTimestamp(new Date())}_${name}`);
  mkdirSync(path);
  writeFileSync(join(path, "migration.sql"), sql);
  return `Written: ${path}/migration.sql
Next: the same columns in prisma/schema.prisma, each metric in tests/support/oracle.ts, and "npm run setup".`;
}

function readMigrations(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name, "migration.sql"))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, "utf8"));
}

/** As Prisma names migrations: YYYYMMDDHHMMSS, in UTC. */
function toTimestamp(instant: Date): string {
  return instant.toISOString().replaceAll(/\D/g, "").slice(0, 14);
}
