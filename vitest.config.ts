import tsconfigPaths from "vite-tsconfig-paths";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

type DatabaseProject = { name: string; database: "pglite" | "server"; databaseZone: string; processZone: string };

/** The same files against each database, and once more where neither the process nor the database is near UTC. */
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
      setupFiles: ["tests/setup/quiet.ts", "tests/setup/database.ts"],
      env: { TEST_DATABASE: database, TEST_DATABASE_ZONE: databaseZone, TZ: processZone },
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
    globalSetup: ["tests/setup/global.ts"],
    projects: [
      databaseProject({ name: "pglite", database: "pglite", databaseZone: "UTC", processZone: "UTC" }),
      databaseProject({ name: "server", database: "server", databaseZone: "UTC", processZone: "UTC" }),
      databaseProject({
        name: "hostile zones",
        database: "server",
        databaseZone: "Asia/Kathmandu",
        processZone: "America/St_Johns",
      }),
      {
        extends: true,
        test: {
          name: "processes",
          include: ["tests/processes/*.test.ts"],
          setupFiles: ["tests/setup/quiet.ts"],
          testTimeout: 90_000,
        },
      },
    ],
  },
});
