import { PrismaClient } from "@prisma/client";
import type { SqlDriverAdapter, SqlDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { type EmbeddedDatabase, openEmbeddedDatabase } from "~/database/embedded.server";
import { applyPendingMigrations, listPendingMigrations } from "~/database/migrations.server";
import { makeServerAdapter } from "~/database/server.server";
import { env } from "~/env.server";

type Database = { client: PrismaClient; close: () => Promise<void> };
type Databases = { primary: Database; reserved: Database | null; replica: Database | null };
type Connection = { poolSize?: number; moreOptions?: string[] };

/** Connections beside DATABASE_POOL_SIZE that pages, runs and rebuilds can't take. */
const reservedPoolSize = 3;

function connectServer(
  databaseUrl: string,
  { poolSize = env.DATABASE_POOL_SIZE, moreOptions = [] }: Connection = {},
): Database {
  const adapter = makeServerAdapter(databaseUrl, { poolSize, moreOptions });
  const client = new PrismaClient({ adapter, log: [] });
  return { client, close: () => client.$disconnect() };
}

/** The embedded database opens, and brings its schema up to date, with the first statement. */
function connectEmbedded(dir: string): Database {
  let opening: Promise<EmbeddedDatabase> | undefined;

  async function open(): Promise<EmbeddedDatabase> {
    const embedded = await openEmbeddedDatabase(dir);
    try {
      await applyPendingMigrations({
        query: async (sql) => (await embedded.pglite.query<{ migration_name: string }>(sql)).rows,
        exec: (script) => embedded.pglite.exec(script),
      });
      return embedded;
    } catch (error) {
      await embedded.close();
      throw error;
    }
  }

  const adapter: SqlDriverAdapterFactory = {
    provider: "postgres",
    adapterName: "pglite",
    async connect() {
      opening ??= open();
      const { pglite } = await opening;
      return (await new PrismaPGlite(pglite).connect()) as unknown as SqlDriverAdapter;
    },
  };
  const client = new PrismaClient({ adapter, log: [] });
  return {
    client,
    async close() {
      await client.$disconnect();
      const embedded = await opening;
      opening = undefined;
      await embedded?.close();
    },
  };
}

/** True when no DATABASE_URL is set and the database is PGlite in this process: one connection, one process. */
export const isEmbedded = env.DATABASE_URL === undefined;

// Kept across hot reloads: a second PGlite on the same folder, or a second pool, must not open.
const held = globalThis as typeof globalThis & { testimonialDatabases?: Databases };
held.testimonialDatabases ??= connect();
const { primary, reserved, replica } = held.testimonialDatabases;

function connect(): Databases {
  return {
    primary: env.DATABASE_URL ? connectServer(env.DATABASE_URL) : connectEmbedded(env.EMBEDDED_DATA_DIR),
    reserved: env.DATABASE_URL ? connectServer(env.DATABASE_URL, { poolSize: reservedPoolSize }) : null,
    // A read there is two statements of which the second must have the newer snapshot.
    replica: env.DATABASE_REPLICA_URL
      ? connectServer(env.DATABASE_REPLICA_URL, { moreOptions: ["-c default_transaction_isolation=read\\ committed"] })
      : null,
  };
}

/** The Prisma client of this process for all that writes, and for reads that must be of now. */
export const db = primary.client;

/**
 * A client with connections of its own, for what must not wait behind pages and recounts: health checks, leases and
 * webhooks. The embedded database has one connection, so there it is `db`.
 */
export const reservedDb = reserved?.client ?? primary.client;

/** The client of the replica that merchants' reads go to, or null when there is none. */
export const replicaDb = replica?.client ?? null;

/** Ends every connection; an embedded database is closed and its folder let go. */
export async function closeDatabase(): Promise<void> {
  await Promise.all([primary.close(), reserved?.close(), replica?.close()]);
}

/** Migrations of this code that the database has not had. Empty when its schema is up to date. */
export function listMissingMigrations(): Promise<string[]> {
  return listPendingMigrations((sql) => db.$queryRawUnsafe<{ migration_name: string }[]>(sql));
}
