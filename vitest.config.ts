import tsconfigPaths from "vite-tsconfig-paths";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { shortLived } from "./tests/setup/settings";

/** Builds the app and makes the databases that tests copy. */
const fixtures = ["tests/setup/global.ts"];

/**
 * What tells nothing more on a server: addresses, forms, pages' words and refusals, whose statements other tests run there;
 * what the definition makes, which is the same text on both; schemas made in PGlite alone; and what wants a server to itself, where other tests write to other databases. All that is
 * about counting, days, clocks, or writers beside each other runs on both.
 */
const withoutServer = [
  "hostile-requests",
  "hostile-merchants",
  "webhooks-hostile",
  "webhooks",
  "webhooks-customer",
  "custom-domain",
  "unconfigured",
  "database-away",
  "failing-shop-alert",
  "routes-secrets",
  "routes-operator",
  "routes-privacy",
  "routes-range-sum",
  "routes-range-sum-token",
  "routes-rebuild-input",
  "routes-rollup",
  "routes-seal",
  "routes-verify",
  "frame-address",
  "shell",
  "locale",
  "page-html",
  "page-text",
  "odd-rows",
  "odd-host-rows",
  "products",
  "webhooks-products",
  "two-rollups",
  "uncountable-shop",
  "failing-shop",
  "fallbacks",
  "definition-marks",
  "definition-hosts",
  "definition-install",
  "definition-host-check",
  "quiet",
  "metrics",
  "traces",
  "operator-login",
  "operator-pages",
].map((name) => `tests/${name}.test.ts`);

type DatabaseProject = { name: string; database: "pglite" | "server"; databaseZone: string; processZone: string };

/** The same files against each database: on the server, where neither the process nor the database is near UTC. */
function databaseProject({
  name,
  database,
  databaseZone,
  processZone,
}: DatabaseProject): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      include: ["tests/*.test.ts", ...(database === "server" ? ["tests/on-server/*.test.ts"] : [])],
      exclude: name === "server" ? withoutServer : [],
      globalSetup: fixtures,
      setupFiles: ["tests/setup/quiet.ts", "tests/setup/database.ts"],
      env: { TEST_DATABASE: database, TEST_DATABASE_ZONE: databaseZone, TZ: processZone },
      execArgv: database === "pglite" ? shortLived : [],
    },
  };
}

/** What takes too long for every change: `npm run test:deep`. */
function deepProject(name: string, database: "pglite" | "server"): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      include: [`tests/deep/${name.replace("deep ", "")}/*.test.ts`],
      globalSetup: fixtures,
      setupFiles: ["tests/setup/quiet.ts", "tests/setup/database.ts"],
      env: { TEST_DATABASE: database, TEST_DATABASE_ZONE: "UTC", TZ: "UTC" },
      testTimeout: 1_800_000,
    },
  };
}

export default defineConfig({
  plugins: [tsconfigPaths()],
  test: {
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        // What needs neither a build nor a database: `npm run test:unit`.
        extends: true,
        test: {
          name: "unit",
          include: ["tests/unit/*.test.ts"],
          setupFiles: ["tests/setup/quiet.ts", "tests/setup/environment.ts"],
        },
      },
      databaseProject({ name: "pglite", database: "pglite", databaseZone: "UTC", processZone: "UTC" }),
      databaseProject({
        name: "server",
        database: "server",
        databaseZone: "Asia/Kathmandu",
        processZone: "America/St_Johns",
      }),
      {
        extends: true,
        test: {
          name: "processes",
          include: ["tests/processes/*.test.ts"],
          globalSetup: fixtures,
          setupFiles: ["tests/setup/quiet.ts"],
          execArgv: shortLived,
          testTimeout: 90_000,
          // They wait for servers, leases and time limits more than they compute.
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Two other apps that take the rollup, one of which has packages of its own: `npm run test:adopt`.
        extends: true,
        test: {
          name: "adopt",
          include: ["tests/adopt/*.test.ts"],
          setupFiles: ["tests/setup/quiet.ts"],
          testTimeout: 90_000,
        },
      },
      deepProject("deep pglite", "pglite"),
      deepProject("deep server", "server"),
      {
        extends: true,
        test: {
          name: "deep processes",
          include: ["tests/deep/processes/*.test.ts"],
          globalSetup: fixtures,
          setupFiles: ["tests/setup/quiet.ts"],
          testTimeout: 1_800_000,
        },
      },
      databaseProject({ name: "deep server in UTC", database: "server", databaseZone: "UTC", processZone: "UTC" }),
      databaseProject({
        name: "deep zones at both ends",
        database: "server",
        databaseZone: "Pacific/Pago_Pago",
        processZone: "Pacific/Kiritimati",
      }),
      databaseProject({
        name: "deep zones that change at midnight",
        database: "server",
        databaseZone: "Africa/Cairo",
        processZone: "America/Santiago",
      }),
    ],
  },
});
