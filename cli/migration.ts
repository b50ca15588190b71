import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AppPart } from "../app/services/rollup/definition/app-part";
import { findLastDefinition } from "../app/services/rollup/definition/definition-row-sql";
import { toInstallSql } from "../app/services/rollup/definition/install-sql";
import { toMigration } from "../app/services/rollup/definition/migration-sql";
import type { Definition } from "../app/services/rollup/definition/rollup";
import { definition } from "../app/testimonial-rollup";
import { toTestimonialPart } from "../prisma/testimonial-app";
import { optionError } from "./cli-error";
import { type ExitCode, exitCodes } from "./exit-codes";
import { makeTerminal } from "./terminal";

export const defaultFolder = "prisma/migrations";

/** A definition, and what the app does beside it in its first migration. */
export type Migrated = { definition: Definition; toApp?: (definition: Definition) => AppPart };

/** Every definition of this app. A further one is added here. */
export const rollups: Migrated[] = [{ definition, toApp: toTestimonialPart }];

/** `migration`: writes the next one, and says what is left to do. */
export async function migration(name: string, { json }: { json?: true }): Promise<ExitCode> {
  const text = writeMigration([name]);
  const [, path = null] = /^Written: (.*)$/m.exec(text) ?? [];
  makeTerminal({ isJson: json === true }).print({ written: path }, () => [text]);
  return exitCodes.done;
}

/**
 * Writes the next migration: for each definition its first one, where no migration has left one of that table, or else
 * the difference between the last that was left and the code's.
 *
 * @returns what was written, and what is left to do by hand.
 * @throws Error when the name is wrong, or a difference can't be written as a migration.
 */
export function writeMigration(args: string[], folder = defaultFolder, migrated = rollups): string {
  const [name, ...more] = args;
  if (name === undefined || more.length > 0 || !/^[a-z][a-z0-9_]{0,99}$/.test(name)) {
    const allowed = "one word of lower-case letters, digits and underscores, for example five_star_submissions";
    throw optionError("The name of the migration", args.join(" "), allowed);
  }
  const migrations = readMigrations(folder).map(({ text }) => text);
  const parts = migrated.flatMap(({ definition: after, toApp }) => {
    const before = findLastDefinition(migrations, after.table);
    const others = migrated.map(({ definition }) => definition).filter((other) => other !== after);
    return (before === null ? toInstallSql(after, toApp?.(after)) : toMigration(before, after, others)) ?? [];
  });
  if (parts.length === 0) return "Nothing to write: the last migration left the definition that the code has.";
  const path = join(folder, `${toTimestamp(new Date(), folder)}_${name}`);
  mkdirSync(path);
  writeFileSync(join(path, "migration.sql"), parts.join("\n"));
  return `Written: ${path}/migration.sql
Next: the same columns and indexes in prisma/schema.prisma, each metric in tests/support/oracle.ts, and "npm run setup".`;
}

/** Names and texts of all migrations, oldest first. */
export function readMigrations(folder: string): { name: string; text: string }[] {
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, path: join(folder, name, "migration.sql") }))
    .filter(({ path }) => existsSync(path))
    .map(({ name, path }) => ({ name, text: readFileSync(path, "utf8") }));
}

/**
 * As Prisma names migrations: YYYYMMDDHHMMSS, in UTC. Migrations are applied in the order of their names, so it is later than
 * that of every other one, whatever this machine's clock says.
 */
function toTimestamp(now: Date, folder: string): string {
  const last = readdirSync(folder)
    .map((name) => /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)_/.exec(name))
    .map((parts) => (parts ? Date.parse(`${parts.slice(1, 4).join("-")}T${parts.slice(4).join(":")}Z`) : 0))
    .reduce((latest, time) => Math.max(latest, time || 0), 0);
  return new Date(Math.max(now.getTime(), last + 1_000)).toISOString().replaceAll(/\D/g, "").slice(0, 14);
}
