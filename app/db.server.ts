import { PrismaClient } from "@prisma/client";
import type { SqlDriverAdapter, SqlDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { type EmbeddedDatabase, openEmbeddedDatabase } from "~/database/embedded.server";
import { applyPendingMigrations, listPendingMigrations } from "~/database/migrations.server";
import { makeServerAdapter } from "~/database/server.server";
import { WrongSession } from "~/database/session-check.server";
import { env } from "~/env.server";

type Database = { client: PrismaClient; close: () => Promise<void> };
type Databases = { primary: Database; reserved: Database | null; replica: Database | null };

/** Connections beside DATABASE_POOL_SIZE that pages, runs and rebuilds can't take. */
const reservedPoolSize = 3;

type Pool = { poolName: string; poolSize: number };

function connectServer(name: string, databaseUrl: string, pool?: Pool): Database {
  const adapter = makeServerAdapter(databaseUrl, { name, poolSize: env.DATABASE_POOL_SIZE, ...pool });
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
      const { PrismaPGlite } = await import("pglite-prisma-adapter");
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
  const { DATABASE_URL: url, DATABASE_REPLICA_URL: replicaUrl } = env;
  return {
    primary: url ? connectServer("primary", url) : connectEmbedded(env.EMBEDDED_DATA_DIR),
    reserved: url ? connectServer("primary", url, { poolName: "reserved", poolSize: reservedPoolSize }) : null,
    replica: replicaUrl ? connectServer("replica", replicaUrl) : null,
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

/**
 * Why sessions of the databases would give wrong numbers, so that none are served: a sentence for each, which says what
 * mends it. Rejects when a database does not answer.
 */
export async function findSessionProblems(): Promise<string[]> {
  const clients = [...new Set([db, reservedDb, replicaDb])].filter((client) => client !== null);
  const problems = await Promise.all(clients.map(findSessionProblem));
  return [...new Set(problems)].filter((problem) => problem !== null);
}

/** Each statement comes by the gate of its connections, which looks at their sessions. */
async function findSessionProblem(client: PrismaClient): Promise<string | null> {
  try {
    await client.$queryRawUnsafe("select 1");
    return null;
  } catch (error) {
    if (error instanceof WrongSession) return error.message;
    throw error;
  }
}
