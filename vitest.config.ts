import tsconfigPaths from "vite-tsconfig-paths";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [tsconfigPaths()],
  test: {
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    include: ["tests/*.test.ts"],
    setupFiles: ["tests/setup/database.ts"],
    env: {
      NODE_ENV: "test",
      LOG_LEVEL: "silent",
      DATABASE_URL: "",
      CRON_SECRET: "test-cron-secret-0123456789",
      ADMIN_TOKEN: "test-admin-token-0123456789",
      SHOPIFY_API_KEY: "test-api-key",
      SHOPIFY_API_SECRET: "test-api-secret",
      SHOPIFY_APP_URL: "https://app.example.com",
      SCOPES: "read_products",
    },
  },
});
