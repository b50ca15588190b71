import { randomUUID } from "node:crypto";
import { cpSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, inject } from "vitest";
import { findFreePort, toDatabaseUrl, toServer, withConnection } from "./server";
import { testEnv } from "./settings";

// Each test file has a database of its own, made from a template, so that files run side by side and a run that takes
// every mark it finds takes none of another file's.

if (Intl.DateTimeFormat().resolvedOptions().timeZone !== process.env.TZ) {
  throw new Error(`The process is not in the time zone ${process.env.TZ}.`);
}

Object.assign(process.env, testEnv);
// Nobody listens there but the test of alerts.
process.env.ALERT_WEBHOOK_URL = `http://127.0.0.1:${await findFreePort()}/alerts`;
const drop = process.env.TEST_DATABASE === "server" ? await makeServerDatabase() : makeEmbeddedDatabase();

afterAll(async () => {
  const { closeDatabase } = await import("~/db.server");
  await closeDatabase();
  await drop();
});

async function makeServerDatabase(): Promise<() => Promise<void>> {
  const server = toServer(inject("serverUrl"));
  const name = `rollup_test_${randomUUID().replaceAll("-", "")}`;
  await server.createDatabase(name, inject("templateDatabase"));
  const url = toDatabaseUrl(server.url, name);
  await withConnection(url, (client) =>
    client.query(`alter database ${name} set timezone to '${process.env.TEST_DATABASE_ZONE}'`),
  );
  process.env.DATABASE_URL = url;
  return () => server.dropDatabase(name);
}

function makeEmbeddedDatabase(): () => Promise<void> {
  const template = inject("embeddedTemplate");
  const dir = join(dirname(template), randomUUID());
  cpSync(template, dir, { recursive: true });
  process.env.DATABASE_URL = "";
  process.env.EMBEDDED_DATA_DIR = dir;
  return async () => rmSync(dir, { recursive: true, force: true });
}
