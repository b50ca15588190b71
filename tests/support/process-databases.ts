import { randomUUID } from "node:crypto";
import { cpSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { afterEach, inject } from "vitest";
import { toDatabaseUrl, toServer } from "../setup/server";

// Databases for processes of their own: neither is opened by the app's code in this process.

/** Plain SQL on a database. */
export type Query = <Row = Record<string, unknown>>(sql: string, values?: unknown[]) => Promise<Row[]>;

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

export type ServerDatabase = { url: string; query: Query; connect: () => Promise<pg.Client> };

/** A database on the real server, with all migrations unless `isEmpty`. */
export async function makeServerDatabase({ isEmpty = false } = {}): Promise<ServerDatabase> {
  const server = toServer(inject("serverUrl"));
  const name = `rollup_process_${randomUUID().replaceAll("-", "")}`;
  await server.createDatabase(name, isEmpty ? undefined : inject("templateDatabase"));
  cleanups.push(() => server.dropDatabase(name));
  const url = toDatabaseUrl(server.url, name);

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url, options: "-c TimeZone=UTC" });
    client.on("error", () => undefined);
    await client.connect();
    cleanups.push(() => client.end());
    return client;
  }

  const client = await connect();
  return { url, connect, query: async (sql, values) => (await client.query(sql, values)).rows };
}

/** A folder with an embedded database that has all migrations or, with `isEmpty`, one that is not there yet. */
export function makeEmbeddedFolder({ isEmpty = false } = {}): string {
  const dir = join(tmpdir(), `rollup-embedded-${randomUUID()}`);
  if (!isEmpty) cpSync(inject("embeddedTemplate"), dir, { recursive: true });
  cleanups.push(async () => {
    for (const path of [dir, `${dir}.lock`, `${dir}.holder.json`]) rmSync(path, { recursive: true, force: true });
  });
  return dir;
}

/** Opens the embedded database for as long as `work` takes. No process may have it open. */
export async function withEmbedded<T>(dir: string, work: (query: Query) => Promise<T>): Promise<T> {
  const pglite = await PGlite.create(dir);
  try {
    return await work(async (sql, values) => (await pglite.query(sql, values)).rows as never);
  } finally {
    await pglite.close();
  }
}
