import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { from as copyFrom } from "pg-copy-streams";
import { db } from "~/db.server";
import { withConnection } from "../setup/server";

/** True where the tests run against a server: other connections than the app's are possible. */
export const isServer = process.env.TEST_DATABASE === "server";

/**
 * Runs plain SQL as another program would: on a server over a connection of its own, in the database's own time zone;
 * on the embedded database, which has one connection, over the app's.
 */
export async function runSql(sql: string, values: unknown[] = []): Promise<void> {
  if (isServer) await withConnection(process.env.DATABASE_URL ?? "", (client) => client.query(sql, values));
  else await db.$executeRawUnsafe(sql, ...values);
}

/** Loads rows of comma-separated values with COPY. */
export async function copyRows(table: string, columns: string, lines: string[]): Promise<void> {
  const csv = `${lines.join("\n")}\n`;
  if (isServer) {
    await withConnection(process.env.DATABASE_URL ?? "", (client) =>
      pipeline(Readable.from(csv), client.query(copyFrom(`copy ${table} (${columns}) from stdin csv`))),
    );
    return;
  }
  // A file name without a folder is looked for in the data folder.
  writeFileSync(join(process.env.EMBEDDED_DATA_DIR ?? "", "rows.csv"), csv);
  await db.$executeRawUnsafe(`copy ${table} (${columns}) from 'rows.csv' csv`);
}
