// All that the rollup needs of the app around it. An app that takes this folder changes this file and no other.

import type { Prisma } from "@prisma/client";
import { db, isEmbedded } from "~/db.server";
import { env } from "~/env.server";
import { waitAtMost } from "./time-limit.server";

// `replicaDb` is null where there is no replica: reads then go to `db`.
export { db, findSessionProblems, replicaDb, reservedDb } from "~/db.server";
export { log } from "~/log.server";

export const settings = {
  /** Shops recounted in one transaction. */
  batchShops: env.ROLLUP_BATCH_SHOPS,
  /** One shop a batch is what a sharded PostgreSQL wants: there no statement may step through all shards. */
  isSharded: env.ROLLUP_BATCH_SHOPS === 1,
  /** Marked days recounted in one statement. */
  batchDays: env.ROLLUP_BATCH_DAYS,
  /** Batches at once. The embedded database has one connection. */
  concurrency: isEmbedded ? 1 : env.ROLLUP_CONCURRENCY,
  /** A run starts no new batch after this time. */
  budgetMs: env.ROLLUP_BUDGET_MS,
  /** Runs that began longer ago are dropped from the ledger. */
  ledgerRetentionDays: env.LEDGER_RETENTION_DAYS,
  /** A verification that finds more than this share of rows drifted, in percent, raises an alert. */
  alertPercent: env.VERIFY_ALERT_PERCENT,
  /** So does one that finds more than this number of rows drifted. */
  alertRecords: env.VERIFY_ALERT_RECORDS,
  alertWebhookUrl: env.ALERT_WEBHOOK_URL,
  /** A cron expression for the schedule in this process, or undefined for an external one. */
  cron: env.ROLLUP_CRON,
  maxRunAgeMinutes: env.HEALTH_MAX_RUN_AGE_MINUTES,
  maxVerifyAgeMinutes: env.HEALTH_MAX_VERIFY_AGE_MINUTES,
  maxMarkAgeMinutes: env.HEALTH_MAX_MARK_AGE_MINUTES,
  maxReplicaLagSeconds: env.HEALTH_MAX_REPLICA_LAG_SECONDS,
} as const;

/** The database's clock, by which the ledger and the change log are timed: those of the processes may differ. */
export async function readClock(client: Prisma.TransactionClient = db): Promise<Date> {
  const [row] = await client.$queryRawUnsafe<{ now: Date }[]>("select timezone('utc', now())::timestamp(3) as now");
  if (!row) throw new Error("The database did not say what time it is.");
  return row.now;
}

/**
 * How long a database may take to give a sign of life, and to answer a read. The embedded one can't fall silent, but is
 * busy for as long as a recount takes.
 */
export const pingLimitMs = isEmbedded ? 600_000 : 5_000;
export const readLimitMs = isEmbedded ? 600_000 : 30_000;

/** Asks the database for a sign of life; rejects when it gives none in time. */
export async function pingDatabase(): Promise<void> {
  await waitAtMost(pingLimitMs, db.$queryRawUnsafe("select 1"));
}
