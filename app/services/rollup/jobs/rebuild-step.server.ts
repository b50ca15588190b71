import type { DayRange } from "../day";
import type { Engine } from "../engine.server";
import { toErrorMessage } from "../error.server";
import { recordFailingShop } from "../health/failing-shop.server";
import { recountRange } from "../recount/recount.server";
import { findUnsealed } from "../seal/unseal.server";
import { addComparisons, type Comparison, emptyComparison, findChanges, markDrift } from "../verify/compare.server";
import type { RunRow } from "./ledger.server";
import { toRunRange } from "./rebuild-progress";
import { passShops } from "./sweep-pass.server";

/** Recounts the range of a rebuild for these shops, or says what that would change. The new rows commit with the cursor. */
export async function rebuildShops(engine: Engine, run: RunRow, shopIds: string[]): Promise<void> {
  const range = toRunRange(run);
  if (run.dryRun) return previewShops(engine, run, shopIds, range);
  await recountRange(engine, shopIds, range, {
    unseal: run.unseal,
    afterwards: (tx, { shopIds: counted, refusals, days, rowsWritten, rowsDeleted }) => {
      const counts = { shops: counted.length, days, rowsWritten, rowsDeleted };
      return passShops(engine, run.id, shopIds, { ...counts, failedShops: refusals }, tx);
    },
  });
}

async function previewShops(engine: Engine, run: RunRow, shopIds: string[], range: DayRange): Promise<void> {
  const { unseal: withSealed } = run;
  const { scopes, refusals } = withSealed
    ? await findUnsealed(engine, shopIds, range)
    : { scopes: [{ shopIds, range }], refusals: [] };
  let found = (run.report as Comparison | null) ?? emptyComparison();
  for (const scope of scopes) {
    found = addComparisons(found, await findChanges(engine, scope.shopIds, scope.range, { withSealed }));
  }
  await passShops(engine, run.id, shopIds, { failedShops: refusals, report: { ...found, driftedShopIds: [] } });
}

/** Records that a shop fails and leaves what is wrong marked, so that reads are exact and the next runs try again. */
export async function leaveFailedShop(engine: Engine, run: RunRow, shopId: string, error: string): Promise<void> {
  const { log } = engine;
  if (!run.dryRun) {
    await markDrift(engine, [shopId], toRunRange(run)).catch((cause: unknown) => {
      const fields = { runId: run.id, shopId, error: toErrorMessage(cause) };
      log.error(fields, "the days of a failed shop could not be marked");
    });
  }
  await recordFailingShop(engine, shopId, error);
}
