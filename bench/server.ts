import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startOwnServer, type TestServer, toDatabaseUrl, toServer } from "../tests/setup/server";

const gibibyte = 1024 ** 3;

/** Durable, as a real server is, with a quarter of the memory for its cache. */
const serverSettings = [
  `shared_buffers=${Math.floor(Math.min(totalmem() / 4, 4 * gibibyte) / 1024 ** 2)}MB`,
  `effective_cache_size=${Math.floor(totalmem() / 2 / 1024 ** 2)}MB`,
  "max_wal_size=8GB",
  "checkpoint_timeout=30min",
  "random_page_cost=1.1",
  "max_connections=200",
  // Each set is vacuumed and analyzed when it is made; a vacuum in the middle of a round would measure itself.
  "autovacuum_naptime=10min",
];

/**
 * The server to measure: that of BENCH_DATABASE_URL, whose user must be allowed to make databases, or one of our own
 * in a temporary folder.
 */
export async function openBenchServer(): Promise<TestServer> {
  const given = process.env.BENCH_DATABASE_URL;
  if (given) return { ...toServer(given), close: async () => undefined };
  const folder = mkdtempSync(join(tmpdir(), "rollup-bench-"));
  // After an interrupt, too.
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return startOwnServer(folder, { flags: serverSettings.flatMap((setting) => ["-c", setting]) });
}

/** A database with all migrations, and one plain connection to it, set as the app sets its own. */
export type BenchDatabase = { name: string; url: string; sql: pg.Client; drop: () => Promise<void> };

export async function makeDatabase(server: TestServer, name: string): Promise<BenchDatabase> {
  await server.dropDatabase(name);
  await server.createDatabase(name);
  await server.migrate(name);
  const url = toDatabaseUrl(server.url, name);
  const sql = await connect(url);
  return {
    name,
    url,
    sql,
    async drop() {
      await sql.end();
      await server.dropDatabase(name);
    },
  };
}

export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, options: "-c TimeZone=UTC -c jit=off" });
  // A server that stops ends its connections; who waits for an answer is told so by that answer.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}
