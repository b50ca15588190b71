import type { LedgerEntry } from "./jobs.server";

/** The shops that the rows of a list of runs name. */
export function listShopIds(runs: LedgerEntry[]): (string | null)[] {
  return runs.flatMap(({ shopId, failedShops }) => [shopId, ...failedShops.map((failed) => failed.shopId)]);
}
