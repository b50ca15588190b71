import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toProjectPath } from "../project.server";

const migrationsDir = toProjectPath("prisma/migrations");

/** What this module needs of a database: a query with rows, and a script of several commands. */
export type MigrationSession = {
  query: (sql: string) => Promise<{ migration_name: string }[]>;
  exec: (script: string) => Promise<unknown>;
};

/**
 * Names, oldest first, of the migrations that this code comes with.
 *
 * @throws Error that says what is missing, when there are none: without them nobody can tell an old schema.
 */
export function listMigrations(): string[] {
  const names = existsSync(migrationsDir)
    ? readdirSync(migrationsDir, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
    : [];
  if (names.length > 0) return names.sort();
  throw new Error(
    `There are no migrations in ${migrationsDir}. Copy the project's folder prisma to where it runs, too.`,
  );
}

/** Names, oldest first, of the migrations that `query` does not find applied. */
export async function listPendingMigrations(query: MigrationSession["query"]): Promise<string[]> {
  const [ledger] = await query(
    "select to_regclass('_prisma_migrations')::text as migration_name where to_regclass('_prisma_migrations') is not null",
  );
  const applied = ledger
    ? await query(
        "select migration_name from _prisma_migrations where finished_at is not null and rolled_back_at is null",
      )
    : [];
  const appliedNames = new Set(applied.map((row) => row.migration_name));
  return listMigrations().filter((name) => !appliedNames.has(name));
}

/**
 * Applies the pending migrations, each in one transaction, and records them as `prisma migrate deploy` does, so that
 * the Prisma CLI and this function can take turns on one database.
 */
export async function applyPendingMigrations({ query, exec }: MigrationSession): Promise<string[]> {
  const pending = await listPendingMigrations(query);
  if (pending.length > 0) await exec(createPrismaLedger);
  for (const name of pending) {
    const script = readFileSync(join(migrationsDir, name, "migration.sql"), "utf8");
    const checksum = createHash("sha256").update(script).digest("hex");
    await exec(`begin;
${script}
insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
values ('${randomUUID()}', '${checksum}', '${name}', now(), 1);
commit;`);
  }
  return pending;
}

/** The table as Prisma's schema engine creates it. */
export const createPrismaLedger = `
create table if not exists _prisma_migrations (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`;
