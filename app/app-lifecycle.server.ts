import { listMigrations } from "~/database/migrations.server";
import { closeDatabase } from "~/db.server";
import { log } from "~/log.server";
import { requireDatabase } from "~/require-database.server";
import { rollup } from "~/rollup.server";
import { settlePrivacyRequests, watchPrivacyRequests } from "~/services/privacy-worker.server";
import { settleProducts } from "~/services/product-refresh.server";
import { settleStarted } from "~/services/started-work.server";
import { isShopifyConfigured } from "~/shopify.server";

// Kept across hot reloads: starting again replaces the watch of the module before.
const held = globalThis as typeof globalThis & { stopWatchingPrivacy?: () => void };

/**
 * Gets the process ready to serve: looks at the database, turns the schedule on, and continues rebuilds that were cut
 * off. Can be called again.
 *
 * @throws Error when there are no migrations to compare a schema with, the database refuses this app, or its schema is
 * older. A server that is away is no reason not to start: the health check says so until it is back.
 */
export async function startApp(): Promise<void> {
  listMigrations();
  await requireDatabase();
  if (!isShopifyConfigured) log.warn("SHOPIFY_API_KEY is not set: the merchant's pages answer 503 until it is");
  rollup.start();
  held.stopWatchingPrivacy?.();
  held.stopWatchingPrivacy = watchPrivacyRequests();
}

/** Begins no new work. What is at work, a run, a verification or a rebuild, stops after its batch. */
export function stopWork(): void {
  rollup.stop();
  held.stopWatchingPrivacy?.();
}

/** Ends what startApp began, waits for work to stop, and closes the database. */
export async function stopApp(): Promise<void> {
  stopWork();
  await Promise.all([rollup.settle(), settlePrivacyRequests(), settleProducts(), settleStarted()]);
  await closeDatabase();
}
