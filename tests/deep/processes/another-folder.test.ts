import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { ask } from "../../support/http";
import { makeEmbeddedFolder, makeServerDatabase } from "../../support/process-databases";
import { spawnServer, startServer } from "../../support/server-process";

// As systemd and pm2 start it, and as an image holds it.

let folders: string[] = [];

afterEach(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders = [];
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rollup-place-"));
  folders.push(folder);
  return folder;
}

/** The project as it is deployed, without one part of it. */
function copyProject(missing = ""): string {
  const project = makeFolder();
  for (const name of ["server.js", "package.json", "build", "prisma"])
    cpSync(name, join(project, name), { recursive: true });
  symlinkSync(join(process.cwd(), "node_modules"), join(project, "node_modules"));
  if (missing) rmSync(join(project, missing), { recursive: true });
  return project;
}

const asset = readdirSync("build/client/assets").find((name) => name.startsWith("entry.client-"));

test("started from another folder it serves its files and looks at the schema", async () => {
  const { url, query } = await makeServerDatabase();
  const server = await startServer({ DATABASE_URL: url }, { cwd: "/" });
  const { status, headers } = await ask(`${server.url}/assets/${asset}`);
  expect([status, headers.get("Cache-Control")]).toEqual([200, "public, max-age=31536000, immutable"]);
  expect(server.output()).not.toMatch(/"level":"(warn|error|fatal)"/);

  await query("delete from _prisma_migrations where migration_name like '%daily_analytics'");
  const second = await spawnServer({ DATABASE_URL: url }, { cwd: makeFolder() });
  expect(await second.exited).toBe(1);
  expect(second.stderr()).toMatch(/daily_analytics is not applied.*npm run setup/);
});

test("the embedded database lies in the project, whatever folder it is started from", async () => {
  const [project, cwd] = [copyProject(), makeFolder()];
  const server = await startServer({}, { project, cwd });
  expect((await ask(`${server.url}/healthz`)).status).toBe(200);
  expect(await server.kill("SIGTERM")).toBe(0);
  const other = await startServer({ EMBEDDED_DATA_DIR: "data/mine" }, { project, cwd });
  expect(await other.kill("SIGTERM")).toBe(0);
  expect(readdirSync(join(project, ".data"))).toContain("pglite");
  expect(readdirSync(join(project, "data"))).toContain("mine");
  expect(readdirSync(cwd)).toEqual([]);
});

test.for([
  ["prisma", /^There are no migrations in .*\/prisma\/migrations\. Copy/],
  ["prisma/migrations", /^There are no migrations in .*\/prisma\/migrations\. Copy/],
  ["build", /^There is no .*\/build\/server\/index\.js yet\. Run: npm ci && npm run build/],
  [
    "build/client",
    /^The pages load .*\/build\/client\/assets\/entry\.client-\S+\.js, which is not there\. Run: npm run build/,
  ],
  ["build/client/assets", /^The pages load .*, which is not there\. Run: npm run build/],
  ["node_modules", /^Cannot find (package|module) .*Run: npm ci/],
] as const)("without its %s it does not start, and says what is missing", async ([missing, sentence]) => {
  const { url } = await makeServerDatabase();
  const databases: Record<string, string>[] = [{ DATABASE_URL: url }, { EMBEDDED_DATA_DIR: makeEmbeddedFolder() }];
  for (const settings of databases) {
    const server = await spawnServer(settings, { project: copyProject(missing), cwd: "/" });
    expect(await server.exited).toBe(1);
    expect(server.stderr()).toMatch(sentence);
    expect(server.stderr().trim()).not.toContain("\n");
    expect(server.output()).not.toContain("does not answer");
  }
});
