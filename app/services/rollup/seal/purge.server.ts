import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Day } from "../day";
import { requireSource } from "../definition/scan";
import { compareDefinition, DefinitionNotCurrent, requireCurrentDefinition } from "../definition/state.server";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { getDatabaseError } from "../error.server";
import type { FailedShop } from "../jobs/ledger.server";
import { execute, queryRow, queryRows } from "../query.server";
import { lockGiven, transactionOptions } from "../recount/lock.server";
import { type Purgeable, toPurgeStatements } from "./purge-sql";
import { isIntact, readSeals } from "./seals.server";

export type PurgeOptions = {
  /** Rows of days before it, and before the shop's seal. */
  before: Day;
  /** What may go, in this order. */
  purgeables: Purgeable[];
  /** One shop; all of them without it. */
  shopId?: string | undefined;
  /** Whether to count what would go, and delete nothing. */
  dryRun?: boolean | undefined;
  /** Rows deleted in one transaction, which holds the shop and these rows: 500 without it. */
  batchRows?: number;
  /** At most so many rows a second: 5,000 without it. */
  rowsPerSecond?: number;
  /** Ends the purge after the batch at work. */
  signal?: AbortSignal;
  report?: (progress: PurgeProgress) => void;
};

/**
 * `rows` by table; of a dry run, those that would go. `total` are the shops that are sealed, of which `done` are done.
 * `inUse`: rows that others held, and are left. `failedShops` are those of which nothing may go, with the reason.
 */
export type PurgeProgress = {
  done: number;
  total: number;
  rows: Record<string, number>;
  inUse: number;
  failedShops: FailedShop[];
};

/** How many rows are listed at once: a shop's rows are searched as often as it has so many. */
const listedRows = 200_000;

/** How long a deletion waits for children that somebody else holds: less than the server waits before it looks for deadlocks. */
const lockTimeout = "500ms";
const lockNotAvailable = "55P03";

/**
 * Deletes source rows of sealed days, in short transactions. A row goes where all of its days are sealed, so that no open day
 * changes. Each transaction holds the shop's lock, so that none of its days is unsealed meanwhile, and leaves in the shop's
 * row up to which day rows may be gone: those days can't be unsealed any more. Rows that others hold are passed over.
 *
 * @throws DefinitionNotCurrent where the database has another definition than this code, by which other days would count.
 */
export async function purge(engine: Engine, options: PurgeOptions): Promise<PurgeProgress> {
  const { before, purgeables, dryRun = false, signal } = options;
  await requireCurrentDefinition(engine);
  const shops = await listSealedShops(engine, options.shopId);
  const progress: PurgeProgress = { done: 0, total: shops.length, rows: {}, inUse: 0, failedShops: [] };
  for (const { shopId, sealedUntil } of shops) {
    if (signal?.aborted) return progress;
    // Of rows that were changed by hand the source rows are all that could still mend them.
    if (!(await readSeals(engine, [shopId], null)).every(isIntact)) {
      progress.failedShops.push({ shopId, error: "Its sealed rows are not as they were sealed." });
      continue;
    }
    const until = sealedUntil < before ? sealedUntil : before;
    for (const purgeable of purgeables) {
      if (signal?.aborted) return progress;
      const { table } = requireSource(engine.definition, purgeable.source);
      const add = (rows: number) => {
        progress.rows[table] = (progress.rows[table] ?? 0) + rows;
        options.report?.(progress);
      };
      if (dryRun) add(await countRows(engine, purgeable, shopId, until));
      else progress.inUse += await purgeShop(engine, { ...options, purgeable, shopId, until, add });
    }
    progress.done += 1;
    options.report?.(progress);
  }
  return progress;
}

async function countRows(engine: Engine, purgeable: Purgeable, shopId: string, until: Day): Promise<number> {
  const { count } = toPurgeStatements(engine)(purgeable);
  const { rows } = await queryRow(engine, z.object({ rows: z.number() }), count, { shopId, until });
  return rows;
}

const keySchema = z.object({ key: z.string() });

type ShopPurge = PurgeOptions & { purgeable: Purgeable; shopId: string; until: Day; add: (rows: number) => void };

/** Returns how many of the shop's rows were in use. */
async function purgeShop(engine: Engine, work: ShopPurge): Promise<number> {
  const { purgeable, shopId, until, add, batchRows = 500, rowsPerSecond = 5_000, signal } = work;
  const { list } = toPurgeStatements(engine)(purgeable);
  while (true) {
    const listed = await queryRows(engine, keySchema, list, { shopId, until, limit: listedRows });
    let [gone, inUse] = [0, 0];
    for (let start = 0; start < listed.length; start += batchRows) {
      if (signal?.aborted) return inUse;
      const startedAt = performance.now();
      const keys = listed.slice(start, start + batchRows).map(({ key }) => key);
      const { rows, held } = await purgeKeys(engine, work, keys);
      gone += rows;
      inUse += held;
      add(rows);
      await pause((1_000 * rows) / rowsPerSecond - (performance.now() - startedAt));
    }
    // A shop that was unsealed meanwhile keeps what was listed.
    if (listed.length < listedRows || gone === 0) return inUse;
  }
}

type Batch = { rows: number; held: number };

async function purgeKeys(engine: Engine, work: ShopPurge, keys: string[]): Promise<Batch> {
  try {
    return await engine.db.$transaction((tx) => purgeBatch(engine, tx, work, keys), transactionOptions);
  } catch (error) {
    if (getDatabaseError(error)?.originalCode !== lockNotAvailable) throw error;
    return { rows: 0, held: keys.length };
  }
}

async function purgeBatch(
  engine: Engine,
  tx: Statements,
  { purgeable, shopId, until }: ShopPurge,
  keys: string[],
): Promise<Batch> {
  const { sealed } = await lockGiven(engine, tx, [shopId]);
  if ((sealed.get(shopId) ?? "") < until) return { rows: 0, held: 0 };
  if ((await compareDefinition(engine, tx)) !== "current") throw new DefinitionNotCurrent();
  const { lock, remove } = toPurgeStatements(engine)(purgeable);
  // Whoever erases the shop goes the other way: from its source rows to what this transaction holds.
  await execute(engine, `set local lock_timeout = '${lockTimeout}'`, {}, tx);
  const free = await queryRows(engine, keySchema, lock, { shopId, keys }, tx);
  const held = keys.length - free.length;
  const rows = await execute(engine, remove, { shopId, until, keys: free.map(({ key }) => key) }, tx);
  if (rows === 0) return { rows, held };
  await execute(engine, recordStatement(engine), { shopId, until }, tx);
  // On shards the transaction has another id where the marks are: there the next run drops them, and reports them.
  if (!engine.settings.isSharded) await execute(engine, dropOwnMarksStatement(engine), { shopId, until }, tx);
  return { rows, held };
}

const recordStatement = perEngine(
  ({ names }) => `
update ${names.shops} r
set purged_until = greatest(r.purged_until, :until::date)
where r.shop_id = :shopId
  and r.purged_until is distinct from greatest(r.purged_until, :until::date)`,
);

/** What this transaction has marked: a run would report it as late data. */
const dropOwnMarksStatement = perEngine(
  ({ names }) => `
delete from ${names.marks} m
where m.shop_id = :shopId
  and (m.date < :until::date or m.date is null)
  and m.xmin = pg_current_xact_id()::xid`,
);

const sealedShopSchema = z.object({
  shopId: z.string(),
  sealedUntil: z.string().transform((day) => day as Day),
});

function listSealedShops(engine: Engine, shopId: string | null = null) {
  return queryRows(engine, sealedShopSchema, listStatement(engine), { shopId });
}

const listStatement = perEngine(
  ({ names }) => `
select r.shop_id::text as "shopId", to_char(r.sealed_until, 'YYYY-MM-DD') as "sealedUntil"
from ${names.shops} r
where r.sealed_until is not null
  and (:shopId is null or r.shop_id = :shopId)
order by r.shop_id`,
);
