import { randomBytes } from "node:crypto";

/** Of a shell set up for the real app, these could reach another service or change what is measured. */
const unwanted = /^(ROLLUP_|VERIFY_|HEALTH_|ALERT_WEBHOOK_URL|SHOP_CUSTOM_DOMAIN|EMBEDDED_DATA_DIR|DATABASE_)/;

/** What the app runs with, here and in processes of its own: made up anew each time. */
export function makeEnvironment(databaseUrl: string): Record<string, string> {
  return {
    NODE_ENV: "production",
    LOG_LEVEL: "error",
    DATABASE_URL: databaseUrl,
    CRON_SECRET: randomBytes(18).toString("hex"),
    ADMIN_TOKEN: randomBytes(18).toString("hex"),
    SHOPIFY_API_KEY: randomBytes(16).toString("hex"),
    SHOPIFY_API_SECRET: randomBytes(16).toString("hex"),
    SHOPIFY_APP_URL: "https://bench.example.com",
    SCOPES: "",
    // A run that stops at its budget would look fast.
    ROLLUP_BUDGET_MS: "3600000",
  };
}

/** Sets the environment that the app reads when it is imported, so call it before `loadApp`. */
export function setEnvironment(environment: Record<string, string>): void {
  for (const name of Object.keys(process.env)) if (unwanted.test(name)) delete process.env[name];
  Object.assign(process.env, environment);
}

/** The app's own functions, on the database of the environment: one for each process. */
export async function loadApp() {
  const [{ db, closeDatabase }, { rollup }, { drainMarks }, { settleSweeps }] = await Promise.all([
    import("~/db.server"),
    import("~/rollup.server"),
    import("~/services/rollup/jobs/drain.server"),
    import("~/services/rollup/jobs/sweep-worker.server"),
  ]);
  const { engine } = rollup;
  return {
    db,
    close: closeDatabase,
    rollup,
    settings: engine.settings,
    drainMarks: (deadline: number) => drainMarks(engine, deadline),
    settleSweeps: () => settleSweeps(engine),
  };
}

export type App = Awaited<ReturnType<typeof loadApp>>;
