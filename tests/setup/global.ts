import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { openEmbeddedDatabase } from "../../app/database/embedded.server";
import { applyPendingMigrations } from "../../app/database/migrations.server";
import { openTestServer } from "./server";

declare module "vitest" {
  interface ProvidedContext {
    /** A PostgreSQL server on which tests may make databases: a URL without a database. */
    serverUrl: string;
    /** The name of a database on it that has all migrations, to make others from. */
    templateDatabase: string;
    /** The folder of a PGlite database that has all migrations, to copy. */
    embeddedTemplate: string;
  }
}

type Fixtures = {
  serverUrl: string;
  templateDatabase: string;
  embeddedTemplate: string;
  close: () => Promise<void>;
};

// Vitest calls this once for each project; all of them share what the first call makes.
const held = globalThis as typeof globalThis & { testFixtures?: Promise<Fixtures>; testFixtureUsers?: number };

/** Builds the app and makes one empty database of each kind, once for all test files. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  held.testFixtureUsers = (held.testFixtureUsers ?? 0) + 1;
  held.testFixtures ??= makeFixtures();
  const fixtures = await held.testFixtures;
  project.provide("serverUrl", fixtures.serverUrl);
  project.provide("templateDatabase", fixtures.templateDatabase);
  project.provide("embeddedTemplate", fixtures.embeddedTemplate);
  return async () => {
    held.testFixtureUsers = (held.testFixtureUsers ?? 1) - 1;
    if (held.testFixtureUsers === 0) await fixtures.close();
  };
}

async function makeFixtures(): Promise<Fixtures> {
  // .ci/run has just made it.
  if (process.env.TEST_BUILD !== "ready") buildApp();
  const folder = mkdtempSync(join(tmpdir(), "rollup-tests-"));
  const server = await openTestServer(folder);
  const templateDatabase = `rollup_template_${process.pid}`;
  await server.createDatabase(templateDatabase);
  await server.migrate(templateDatabase);
  const embeddedTemplate = await makeEmbeddedTemplate(folder);
  return {
    serverUrl: server.url,
    templateDatabase,
    embeddedTemplate,
    async close() {
      await server.dropDatabase(templateDatabase);
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function buildApp(): void {
  // Vitest's own NODE_ENV would make it a build for development, which starts the app a second time.
  const env = { ...process.env, NODE_ENV: "production" as const };
  execFileSync("npm", ["run", "--silent", "build", "--", "--logLevel", "error"], { stdio: "inherit", env });
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
