import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { lockFolder } from "~/database/embedded.server";
import { toProjectPath } from "~/project.server";

/** Without the story in the terminal, and beside a running demo: for the browser tests. */
export const isQuick = process.env.DEMO_QUICK === "1";

/** The demo's own embedded database. */
export const demoDataDir = isQuick ? ".data/demo-quick" : ".data/demo";

// Those of shopify.app.toml.
const scopes = "read_products";

// Smaller than any real setting, so that the first run takes several calls and its bar has steps to show.
const budgetMs = 100;
const batchDays = 150;

/** What the demo runs with: made up anew each time, and good for nothing else. */
export type DemoEnvironment = {
  port: number;
  cronSecret: string;
  adminToken: string;
  apiKey: string;
  apiSecret: string;
  scopes: string;
  /** The time budget of a run's call. */
  budgetMs: number;
  /** Set outside, and put aside: the demo never writes to anyone's database. */
  ignoredDatabaseUrl: boolean;
};

/** Of a shell set up for the real app, these could reach another database, another service or another schedule. */
const unwanted = ["DATABASE_URL", "ALERT_WEBHOOK_URL", "ROLLUP_CRON", "SHOP_CUSTOM_DOMAIN"];

/** Sets the environment that the build reads when it is imported, so call it before. PORT alone is the user's. */
export function prepareEnvironment(): DemoEnvironment {
  const port = process.env.PORT || "3000";
  const ignoredDatabaseUrl = Boolean(process.env.DATABASE_URL);
  for (const name of unwanted) delete process.env[name];
  const secrets = {
    CRON_SECRET: randomBytes(18).toString("hex"),
    ADMIN_TOKEN: randomBytes(18).toString("hex"),
    SHOPIFY_API_KEY: randomBytes(16).toString("hex"),
    SHOPIFY_API_SECRET: randomBytes(16).toString("hex"),
  };
  Object.assign(process.env, secrets, {
    NODE_ENV: "production",
    LOG_LEVEL: "warn",
    PORT: port,
    SHOPIFY_APP_URL: `http://localhost:${port}`,
    SCOPES: scopes,
    EMBEDDED_DATA_DIR: demoDataDir,
    ROLLUP_BUDGET_MS: String(budgetMs),
    ROLLUP_BATCH_DAYS: String(batchDays),
  });
  return {
    port: Number(port),
    cronSecret: secrets.CRON_SECRET,
    adminToken: secrets.ADMIN_TOKEN,
    apiKey: secrets.SHOPIFY_API_KEY,
    apiSecret: secrets.SHOPIFY_API_SECRET,
    scopes,
    budgetMs,
    ignoredDatabaseUrl,
  };
}

/** @throws Error that says what to do, when the port is none or something listens on it already. */
export async function requireFreePort(port: number): Promise<void> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error("PORT must be a number from 1 to 65535.");
  const probe = createServer();
  await new Promise<void>((free, taken) => {
    probe.once("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "EADDRINUSE" ? "is taken" : `can't be used (${error.message})`;
      taken(new Error(`Port ${port} ${reason}. Choose another one, for example: PORT=3100 npm run demo`));
    });
    probe.listen(port, free);
  });
  await new Promise((closed) => probe.close(closed));
}

/**
 * Deletes what an earlier demo left, under the lock that a running one holds.
 *
 * @throws Error that says which process holds the folder.
 */
export function deleteDemoData(): void {
  const dir = toProjectPath(demoDataDir);
  const unlock = lockFolder(dir);
  try {
    rmSync(dir, { recursive: true, force: true });
  } finally {
    unlock();
  }
}
