import { listMigrations } from "~/database/migrations.server";
import { closeDatabase, isEmbedded, listMissingMigrations } from "~/db.server";
import { log } from "~/log.server";
import { toErrorMessage } from "~/services/rollup/error.server";
import { settleRebuilds, watchRebuilds } from "~/services/rollup/rebuild-worker.server";
import { settleSchedule, startSchedule, stopSchedule } from "~/services/rollup/schedule.server";
import { allowWork, requestStop } from "~/services/rollup/stop.server";
import { isShopifyConfigured } from "~/shopify.server";

// Kept across hot reloads: starting again replaces the watch of the module before.
const held = globalThis as typeof globalThis & { stopWatchingRebuilds?: () => void };

/**
 * Gets the process ready to serve: looks at the database's schema, turns the schedule on, and continues rebuilds that
 * were cut off. Can be called again.
 *
 * @throws Error when there are no migrations to compare a schema with, a server's schema is behind this code, or the
 * embedded database can't be opened. A server that is away is no reason not to start: the health check says so until it is back.
 */
export async function startApp(): Promise<void> {
  listMigrations();
  await requireSchema();
  if (!isShopifyConfigured) log.warn("SHOPIFY_API_KEY is not set: the merchant's pages answer 503 until it is");
  allowWork();
  held.stopWatchingRebuilds?.();
  held.stopWatchingRebuilds = watchRebuilds();
  startSchedule();
}

/** Begins no new work. What is at work, a run, a verification or a rebuild, stops behind its batch. */
export function stopWork(): void {
  requestStop();
  stopSchedule();
  held.stopWatchingRebuilds?.();
}

/** Ends what startApp began, waits for work to stop, and closes the database. */
export async function stopApp(): Promise<void> {
  stopWork();
  await Promise.all([settleSchedule(), settleRebuilds()]);
  await closeDatabase();
}

async function requireSchema(): Promise<void> {
  let missing: string[];
  try {
    missing = await listMissingMigrations();
  } catch (error) {
    if (isEmbedded) throw error;
    log.error({ error: toErrorMessage(error) }, "the database does not answer; serving without it until it does");
    return;
  }
  if (missing.length === 0) return;
  throw new Error(
    `The database schema is behind this version of the app: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not applied. ` +
      `Run "npm run setup" with the same DATABASE_URL, then start again.`,
  );
}
