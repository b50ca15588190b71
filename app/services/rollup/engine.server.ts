import { type Names, toNames } from "./definition/names";
import type { Definition } from "./definition/rollup";
import type { Observer } from "./observer.server";
import { waitAtMost } from "./time-limit.server";

/**
 * What runs statements: a Prisma client, or a transaction of one. Told by its methods, not by its class, which each of
 * Prisma's generators puts somewhere else.
 */
export type Statements = {
  $queryRawUnsafe<Result = unknown>(statement: string, ...values: unknown[]): Promise<Result>;
  $executeRawUnsafe(statement: string, ...values: unknown[]): Promise<number>;
};

/** A client of the host's database. */
export type Database = Statements & {
  $transaction<Result>(work: (tx: Statements) => Promise<Result>, options?: TransactionOptions): Promise<Result>;
  $transaction<const Results extends readonly Promise<unknown>[]>(
    statements: [...Results],
    options?: Pick<TransactionOptions, "isolationLevel">,
  ): Promise<{ [Place in keyof Results]: Awaited<Results[Place]> }>;
};

type TransactionOptions = { maxWait?: number; timeout?: number; isolationLevel?: "ReadCommitted" | "RepeatableRead" };

/** The host's log: pino's calls, of which an object of fields may come first. */
export type Log = Record<
  "trace" | "debug" | "info" | "warn" | "error",
  { (fields: object, message: string): void; (message: string): void }
>;

/** What an operator may choose. Every one has a default that serves. */
type Settings = {
  /** Shops recounted in one transaction. 1 where the tables are sharded. */
  batchShops: number;
  /** Marked days recounted in one statement. */
  batchDays: number;
  /** Batches that run concurrently. */
  concurrency: number;
  /** A run starts no new batch after this time. */
  budgetMs: number;
  /** The tables are distributed by shop: each statement is one shop's, so that it is routed to that shop's worker. */
  isSharded: boolean;
  /** Runs that began longer ago are dropped from the ledger. */
  ledgerRetentionDays: number;
  /** A verification that finds more than this share of rows drifted, in percent, raises an alert. */
  alertPercent: number;
  /** So does one that finds more than this number of rows drifted. */
  alertRecords: number;
  /** Where alerts are posted beside the log. */
  alertWebhookUrl: string | undefined;
  /** Days that have been over for so long are sealed, once a day; undefined: none are, but by an operator. */
  sealAfterDays: number | undefined;
  /** A cron expression for the schedule in this process, or undefined for an external one. */
  cron: string | undefined;
  maxRunAgeMinutes: number;
  maxVerifyAgeMinutes: number;
  maxMarkAgeMinutes: number;
  maxReplicaLagSeconds: number;
  /** How long a database may take to give a sign of life. */
  pingLimitMs: number;
};

const defaultSettings: Settings = {
  batchShops: 100,
  batchDays: 2_000,
  concurrency: 2,
  budgetMs: 20_000,
  isSharded: false,
  ledgerRetentionDays: 90,
  alertPercent: 1,
  alertRecords: 100,
  alertWebhookUrl: undefined,
  sealAfterDays: undefined,
  cron: undefined,
  maxRunAgeMinutes: 26 * 60,
  maxVerifyAgeMinutes: 50 * 60,
  maxMarkAgeMinutes: 26 * 60,
  maxReplicaLagSeconds: 300,
  pingLimitMs: 5_000,
};

/** All that a rollup needs of the app around it. */
export type Host = {
  /** For all that writes, and for reads that must be of now. */
  db: Database;
  /** For what must not wait behind pages and runs: health checks and leases. `db` without it. */
  reservedDb?: Database;
  /** For merchants' reads, where there is a replica. */
  replicaDb?: Database | null;
  log: Log;
  /** Is told what the rollup does: for metrics. */
  observer?: Observer;
  settings?: Partial<Settings>;
  /** Tells instances of one definition in one process apart, as of two databases: the daily table's name without it. */
  name?: string;
};

/** One rollup at work in one host. Every part of it is given its engine and keeps nothing of its own beside. */
export type Engine = Required<Omit<Host, "settings">> & {
  definition: Definition;
  /** Its tables and functions in the database. */
  names: Names;
  settings: Settings;
};

/** Puts a definition and its host together. */
export function makeEngine(definition: Definition, host: Host): Engine {
  const { db, reservedDb = db, replicaDb = null, log, observer = {}, settings, name = definition.table } = host;
  const chosen = { ...defaultSettings, ...settings };
  return {
    definition,
    names: toNames(definition),
    name,
    db,
    reservedDb,
    replicaDb,
    log,
    observer,
    settings: chosen.isSharded ? { ...chosen, batchShops: 1 } : chosen,
  };
}

/** A value that each engine has one of: a statement made of its definition, or what it remembers. */
export function perEngine<Value>(make: (engine: Engine) => Value): (engine: Engine) => Value {
  const values = new WeakMap<Engine, { value: Value }>();
  return (engine) => {
    const known = values.get(engine) ?? { value: make(engine) };
    values.set(engine, known);
    return known.value;
  };
}

/** Asks the database for a sign of life; rejects when it gives none in time. */
export async function pingDatabase({ db, settings }: Engine): Promise<void> {
  await waitAtMost(settings.pingLimitMs, db.$queryRawUnsafe("select 1"));
}
