import { expect, test } from "vitest";
import { cron, operator } from "../support/call";
import { ask } from "../support/http";
import { countRows } from "../support/plain-sql";
import { makeServerDatabase } from "../support/process-databases";
import { spawnServer, startServer } from "../support/server-process";

const body = JSON.stringify({ fromDate: "2026-01-01", toDate: "2026-01-02" });

test("without secrets the jobs answer 503, name the variable, and write nothing", async () => {
  const { url, query } = await makeServerDatabase();
  const server = await startServer({ DATABASE_URL: url, CRON_SECRET: "", ADMIN_TOKEN: "" });
  for (const { path, method, name, headers } of [
    { path: "/jobs/rollup", method: "POST", name: "CRON_SECRET", headers: cron },
    { path: "/jobs/rollup", method: "GET", name: "CRON_SECRET", headers: { Authorization: "Bearer " } },
    { path: "/jobs/verify", method: "POST", name: "CRON_SECRET", headers: { Authorization: "Bearer undefined" } },
    { path: "/jobs/rebuild", method: "POST", name: "ADMIN_TOKEN", headers: operator },
    { path: "/jobs/rebuild/x", method: "DELETE", name: "ADMIN_TOKEN", headers: {} },
  ]) {
    const answer = await ask(`${server.url}${path}`, { method, headers, ...(method === "POST" && { body }) });
    expect(answer.status).toBe(503);
    expect(answer.body.error).toEqual({
      code: "not_configured",
      message: expect.stringContaining(`${name} is not set`),
      issues: [],
    });
  }
  expect(await countRows(query, "rollup_runs")).toBe(0);
});

test("without Shopify's settings the jobs work and the merchant's route answers 503", async () => {
  const { url } = await makeServerDatabase();
  const none = { SHOPIFY_API_KEY: "", SHOPIFY_API_SECRET: "", SHOPIFY_APP_URL: "", SCOPES: "" };
  const server = await startServer({ DATABASE_URL: url, ...none });
  expect((await ask(`${server.url}/jobs/rollup`, { method: "POST", headers: cron })).status).toBe(200);
  const answer = await ask(`${server.url}/app/range-sum?from=2026-01-01&to=2026-01-02`);
  expect(answer.status).toBe(503);
  expect(answer.text).toContain("SHOPIFY_API_KEY");
});

test("wrong values in the environment stop the start with code 1 and a sentence that names them", async () => {
  const server = await spawnServer({ CRON_SECRET: "too-short", ROLLUP_BUDGET_MS: "soon" });
  expect(await server.exited).toBe(1);
  expect(server.stderr()).toMatch(/^The environment is wrong: .*CRON_SECRET must .*ROLLUP_BUDGET_MS must [^\n]*\n$/);
  expect(server.output()).not.toContain("too-short");
});

test("a schema that is behind stops the start with code 1 and names the command that mends it", async () => {
  const { url, query } = await makeServerDatabase();
  await query("delete from _prisma_migrations where migration_name like '%daily_analytics'");
  const server = await spawnServer({ DATABASE_URL: url });
  expect(await server.exited).toBe(1);
  expect(server.stderr()).toMatch(/daily_analytics is not applied.*npm run setup/);
});

test("an empty database stops the start in the same way", async () => {
  const { url } = await makeServerDatabase({ isEmpty: true });
  const server = await spawnServer({ DATABASE_URL: url });
  expect(await server.exited).toBe(1);
  expect(server.stderr()).toContain("npm run setup");
});

test("a port that is taken stops the start with code 1 and names it", async () => {
  const { url } = await makeServerDatabase();
  const first = await startServer({ DATABASE_URL: url });
  const second = await spawnServer({ DATABASE_URL: url, PORT: `${first.port}` });
  expect(await second.exited).toBe(1);
  expect(second.stderr()).toContain(`${first.port}`);
});
