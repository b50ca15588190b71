/** What the app under test is set to: the values that tests sign and call with. */
export const testEnv = {
  NODE_ENV: "test",
  LOG_LEVEL: "silent",
  CRON_SECRET: "test-cron-secret-0123456789",
  ADMIN_TOKEN: "test-admin-token-0123456789",
  SHOPIFY_API_KEY: "test-api-key",
  SHOPIFY_API_SECRET: "test-api-secret",
  SHOPIFY_APP_URL: "https://app.example.com",
  SCOPES: "",
} as const;

/**
 * Options of Node for a process that ends before V8's optimising compiler has earned the time that it spends on 9 MB of
 * WebAssembly, PGlite's above all.
 */
export const shortLived = ["--liftoff-only"];
