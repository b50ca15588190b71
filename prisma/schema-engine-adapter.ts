import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { runMigrationScript, type ScriptSession, settleCutOffMigrations } from "./migration-script";

// Only the Prisma CLI loads this file. It runs the schema engine over the same two databases as the app, and mends
// what stops it: both adapters split or drop a script with function bodies, and adapter-pg cannot read the catalog's
// "name" and "char" columns (https://github.com/prisma/prisma/issues/27403).

const nameType = 19;
const charType = 18;
const textType = 25;

export async function openSchemaEngineAdapter(
  databaseUrl: string | undefined,
): Promise<SqlMigrationAwareDriverAdapterFactory> {
  unrefLongTimers();
  return databaseUrl ? openServer(databaseUrl) : openEmbedded();
}

async function openServer(databaseUrl: string): Promise<SqlMigrationAwareDriverAdapterFactory> {
  const { default: pg } = await import("pg");
  const { PrismaPg } = await import("@prisma/adapter-pg");
  const { toServerAddress } = await import("../app/database/database-url");
  const { toSessionConfig } = await import("../app/database/session-settings");
  const { config, schema } = toServerAddress(databaseUrl);
  // Fields and not a connection string, because the shadow database overrides `database` alone.
  const connection = { ...toSessionConfig(config, schema), idleTimeoutMillis: 50, allowExitOnIdle: true };
  const factory = new PrismaPg(connection, schema ? { schema } : undefined);

  function mend(adapter: SqlDriverAdapter): Promise<SqlDriverAdapter> {
    // The adapter keeps its pool in a field that its types do not show.
    const pool = (adapter as unknown as { client: InstanceType<typeof pg.Pool> }).client;
    const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<{ fields: { dataTypeID: number }[] }>;
    pool.query = (async (...args: unknown[]) => {
      const result = await query(...args);
      for (const field of result.fields ?? []) {
        if (field.dataTypeID === nameType || field.dataTypeID === charType) field.dataTypeID = textType;
      }
      return result;
    }) as unknown as typeof pool.query;
    return withScriptRunner(adapter, {
      query: async (sql) => ((await query(sql)) as unknown as { rows: never[] }).rows,
      exec: (script) => query(script),
    });
  }

  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: () => tellReason(async () => mend(await factory.connect())),
    connectToShadowDb: () => tellReason(async () => mend(await factory.connectToShadowDb())),
  };
}

async function openEmbedded(): Promise<SqlMigrationAwareDriverAdapterFactory> {
  const { PGlite } = await import("@electric-sql/pglite");
  const { PrismaPGlite } = await import("pglite-prisma-adapter");
  const { defaultEmbeddedDir, openEmbeddedDatabase } = await import("../app/database/embedded.server");

  async function connect(pglite: InstanceType<typeof PGlite>, close: () => Promise<void>): Promise<SqlDriverAdapter> {
    const adapter = (await new PrismaPGlite(pglite).connect()) as unknown as SqlDriverAdapter;
    adapter.dispose = close;
    return withScriptRunner(adapter, {
      query: async (sql) => (await pglite.query<never>(sql)).rows,
      exec: (script) => pglite.exec(script),
    });
  }

  return {
    provider: "postgres",
    adapterName: "pglite",
    connect: () =>
      tellReason(async () => {
        const { pglite, close } = await openEmbeddedDatabase(process.env.EMBEDDED_DATA_DIR || defaultEmbeddedDir);
        return connect(pglite, close);
      }),
    async connectToShadowDb() {
      const pglite = await PGlite.create();
      return connect(pglite, () => pglite.close());
    },
  };
}

async function withScriptRunner(adapter: SqlDriverAdapter, session: ScriptSession): Promise<SqlDriverAdapter> {
  if (process.argv.includes("deploy")) await settleCutOffMigrations(session);
  adapter.executeScript = (script) => runMigrationScript(session, script);
  return adapter;
}

/** The CLI itself says no more of what fails here than "External error". */
async function tellReason<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    throw error;
  }
}

/**
 * Lets the CLI end when its work is done. PGlite leaves a timer of a minute running, and the schema engine one of ten
 * seconds (its lock timeout); neither is cleared, and the process would wait for them.
 */
function unrefLongTimers(): void {
  const setTimeoutBefore = globalThis.setTimeout;
  globalThis.setTimeout = ((handler: () => void, delayMs?: number, ...args: unknown[]) => {
    const timer = setTimeoutBefore(handler, delayMs, ...args) as unknown as NodeJS.Timeout;
    return delayMs !== undefined && delayMs >= 10_000 ? timer.unref() : timer;
  }) as typeof setTimeout;
}
