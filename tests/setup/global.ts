import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { openEmbeddedDatabase } from "../../app/database/embedded.server";
import { applyPendingMigrations } from "../../app/database/migrations.server";
import { openTestServer } from "./server";

declare module "vitest" {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface merges with Vitest's own.
  interface ProvidedContext {
    /** A PostgreSQL server on which tests may make databases: a URL without a database. */
    serverUrl: string;
    /** The name of a database on it that has all migrations, to make others from. */
    templateDatabase: string;
    /** The folder of a PGlite database that has all migrations, to copy. */
    embeddedTemplate: string;
  }
}

/** Builds the app and makes one empty database of each kind, once for all test files. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  execFileSync("npm", ["run", "--silent", "build", "--", "--logLevel", "error"], { stdio: "inherit" });

  const folder = mkdtempSync(join(tmpdir(), "rollup-tests-"));
  const server = await openTestServer(folder);
  const templateDatabase = `rollup_template_${process.pid}`;
  await server.createDatabase(templateDatabase);
  await server.migrate(templateDatabase);
  const embeddedTemplate = await makeEmbeddedTemplate(folder);

  project.provide("serverUrl", server.url);
  project.provide("templateDatabase", templateDatabase);
  project.provide("embeddedTemplate", embeddedTemplate);

  return async () => {
    await server.dropDatabase(templateDatabase);
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function makeEmbeddedTemplate(folder: string): Promise<string> {
  const dir = join(folder, "pglite-template");
  const { pglite, close } = await openEmbeddedDatabase(dir);
  await applyPendingMigrations({
    query: async (sql) => (await pglite.query<{ migration_name: string }>(sql)).rows,
    exec: (script) => pglite.exec(script),
  });
  await close();
  return dir;
}
