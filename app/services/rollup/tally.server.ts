import type { FailedShop, RunCounts } from "./ledger.server";
import type { Recount } from "./recount.server";

/**
 * What a run has done so far, added up as each step commits. One object for the whole run: steps go on at once, and to
 * copy the shops of a large fleet in each would fill the memory.
 */
export type Tally = {
  shopIds: Set<string>;
  days: number;
  rowsWritten: number;
  rowsDeleted: number;
  /** The error of each shop whose step failed. */
  errors: Map<string, string>;
};

export function makeTally(): Tally {
  return { shopIds: new Set(), days: 0, rowsWritten: 0, rowsDeleted: 0, errors: new Map() };
}

export function addRecount(tally: Tally, { shopIds, days, rowsWritten, rowsDeleted }: Recount): void {
  for (const shopId of shopIds) tally.shopIds.add(shopId);
  tally.days += days;
  tally.rowsWritten += rowsWritten;
  tally.rowsDeleted += rowsDeleted;
}

export function addFailedShops(tally: Tally, failedShops: FailedShop[]): void {
  for (const { shopId, error } of failedShops) tally.errors.set(shopId, error);
}

/** As the ledger counts: each shop once, however many of its days were recounted in how many steps. */
export function toRunCounts({ shopIds, days, rowsWritten, rowsDeleted, errors }: Tally): RunCounts {
  const failedShops = [...errors].map(([shopId, error]) => ({ shopId, error }));
  return { shops: shopIds.size, days, rowsWritten, rowsDeleted, failedShops };
}
