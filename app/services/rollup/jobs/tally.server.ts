import type { Engine } from "../engine.server";
import { toErrorMessage } from "../error.server";
import { tell } from "../observer.server";
import type { Recount } from "../recount/recount.server";
import type { Fallback, RunCounts, SealedDay } from "./ledger.server";

/**
 * What a run has done so far, added up as each step commits. One object for the whole run: steps go on concurrently, and to
 * copy the shops of a large fleet in each would fill the memory.
 */
export type Tally = Pick<RunCounts, "days" | "rowsWritten" | "rowsDeleted"> & {
  shopIds: Set<string>;
  /** What failed, and why, of each shop whose step failed. */
  failures: Map<string, Failure>;
  /** Shops all of whose days could be compared. */
  comparedShopIds: Set<string>;
  /** What was done another way than the first, by step and error. */
  fallbacks: Map<string, Fallback>;
  /** Sealed days whose marks were dropped: how many, and the first of them. */
  droppedDays: number;
  dropped: SealedDay[];
};

/** A step that can fail for one shop. */
export type ShopStep = "recount" | "comparison";
export type Failure = { error: string; step: ShopStep };

/** The database's words may be long, and each shop's its own: a report holds some of them. */
const maxErrorLength = 500;
const maxFallbacks = 20;
const maxDropped = 1_000;

export function makeTally(): Tally {
  return {
    shopIds: new Set(),
    days: 0,
    rowsWritten: 0,
    rowsDeleted: 0,
    failures: new Map(),
    comparedShopIds: new Set(),
    fallbacks: new Map(),
    droppedDays: 0,
    dropped: [],
  };
}

export function addRecount(tally: Tally, { shopIds, days, rowsWritten, rowsDeleted, dropped }: Recount): void {
  for (const shopId of shopIds) tally.shopIds.add(shopId);
  tally.days += days;
  tally.rowsWritten += rowsWritten;
  tally.rowsDeleted += rowsDeleted;
  tally.droppedDays += dropped.length;
  const named = dropped.slice(0, maxDropped - tally.dropped.length);
  tally.dropped.push(...named.map(([shopId, date]) => ({ shopId, date })));
}

export function addFailure(tally: Tally, shopId: string, failure: Failure): void {
  tally.failures.set(shopId, failure);
}

/**
 * Notes that a step failed and is done another way. That is no failure of the run, but a faster way that never works
 * again would otherwise go unseen: each new error is a line of the log, and the run's report counts them all.
 */
export function addFallback(engine: Engine, tally: Pick<Tally, "fallbacks">, step: string, cause: unknown): void {
  tell(engine, "fellBack", { step });
  const error = toErrorMessage(cause).slice(0, maxErrorLength);
  const key = `${step}: ${error}`;
  const known = tally.fallbacks.get(key);
  if (known) {
    known.count += 1;
    return;
  }
  engine.log.warn({ step, error }, "a step failed and is done another way");
  if (tally.fallbacks.size < maxFallbacks) tally.fallbacks.set(key, { step, error, count: 1 });
}

/** As the ledger counts: each shop once, however many of its days were recounted in how many steps. */
export function toRunCounts({ shopIds, failures, fallbacks, ...tally }: Tally): RunCounts {
  const { days, rowsWritten, rowsDeleted, droppedDays, dropped } = tally;
  return {
    ...{ shops: shopIds.size, days, rowsWritten, rowsDeleted, droppedDays, dropped },
    failedShops: [...failures].map(([shopId, { error }]) => ({ shopId, error })),
    fallbacks: [...fallbacks.values()],
  };
}
