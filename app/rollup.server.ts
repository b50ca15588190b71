import { db, isEmbedded, replicaDb, reservedDb } from "~/db.server";
import { env } from "~/env.server";
import { log } from "~/log.server";
import { rollupMetrics } from "~/metrics.server";
import { createRollup, type Host } from "~/services/rollup";
import { definition } from "~/testimonial-rollup";

/** All that the rollup needs of this app. */
const host: Host = {
  db,
  reservedDb,
  replicaDb,
  log,
  observer: rollupMetrics.observer,
  settings: {
    batchShops: env.ROLLUP_BATCH_SHOPS,
    batchDays: env.ROLLUP_BATCH_DAYS,
    // The embedded database has one connection.
    concurrency: isEmbedded ? 1 : env.ROLLUP_CONCURRENCY,
    budgetMs: env.ROLLUP_BUDGET_MS,
    isSharded: env.ROLLUP_SHARDED,
    ledgerRetentionDays: env.LEDGER_RETENTION_DAYS,
    alertPercent: env.VERIFY_ALERT_PERCENT,
    alertRecords: env.VERIFY_ALERT_RECORDS,
    alertWebhookUrl: env.ALERT_WEBHOOK_URL,
    sealAfterDays: env.SEAL_AFTER_DAYS,
    cron: env.ROLLUP_CRON,
    maxRunAgeMinutes: env.HEALTH_MAX_RUN_AGE_MINUTES,
    maxVerifyAgeMinutes: env.HEALTH_MAX_VERIFY_AGE_MINUTES,
    maxMarkAgeMinutes: env.HEALTH_MAX_MARK_AGE_MINUTES,
    maxReplicaLagSeconds: env.HEALTH_MAX_REPLICA_LAG_SECONDS,
    // The embedded database can't fall silent, but is busy for as long as a recount takes.
    pingLimitMs: isEmbedded ? 600_000 : 5_000,
  },
};

/** The daily figures of testimonials, on this app's database. */
export const rollup = createRollup(definition, host);

rollupMetrics.watch(rollup);
