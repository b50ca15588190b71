import { vi } from "vitest";

/** How many marked days a statement, and how many shops a batch, takes: each start of the app can have others. */
export type BatchPlan = { days: number; shops: number };

/** The routes and services of one life of the app. */
export type App = Awaited<ReturnType<typeof openApp>>;

/** The database of a life of the app, across hot reloads. */
const held = globalThis as typeof globalThis & { testimonialDatabase?: unknown };

/** Starts the app as a new process would: every module anew, its settings read again, rebuilds continued. */
export async function openApp(batch: BatchPlan) {
  process.env.ROLLUP_BATCH_DAYS = `${batch.days}`;
  process.env.ROLLUP_BATCH_SHOPS = `${batch.shops}`;
  vi.resetModules();
  const lifecycle = await import("~/app-lifecycle.server");
  await lifecycle.startApp();
  return {
    lifecycle,
    db: (await import("~/db.server")).db,
    instance: (await import("~/rollup.server")).rollup,
    shops: await import("~/services/shop.server"),
    webhook: await import("../shopify"),
    rollup: await import("~/routes/jobs.rollup"),
    verify: await import("~/routes/jobs.verify"),
    rebuilds: await import("~/routes/jobs.rebuild"),
    rebuild: await import("~/routes/jobs.rebuild_.$runId"),
    seals: await import("~/routes/jobs.seal"),
    seal: await import("~/routes/jobs.seal_.$runId"),
    purge: (await import("~/services/rollup/seal/purge.server")).purge,
    purgeable: await import("~/purgeable-rows"),
    rangeSum: await import("~/routes/app.range-sum"),
    redactCustomer: await import("~/routes/webhooks.customers.redact"),
    redactShop: await import("~/routes/webhooks.shop.redact"),
    uninstall: await import("~/routes/webhooks.app.uninstalled"),
  };
}

/** Stops the app as a signal does: work ends behind its step, connections and the embedded database are closed. */
export async function closeApp(app: App): Promise<void> {
  await app.lifecycle.stopApp();
  // The next life must not find the closed client of this one.
  held.testimonialDatabase = undefined;
}
