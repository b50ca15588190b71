import type { Engine } from "../engine.server";
import { sealShops } from "../seal/seal.server";
import type { RunRow } from "./ledger.server";
import { toSealedBefore } from "./seal-progress";
import { passShops } from "./sweep-pass.server";

/** Seals these shops, or says which it would seal. The seals commit with the cursor. */
export async function sealShopsOfRun(engine: Engine, run: RunRow, shopIds: string[]): Promise<void> {
  await sealShops(engine, shopIds, toSealedBefore(run), {
    dryRun: run.dryRun,
    afterwards: (tx, { shops, days, refusals }) =>
      passShops(engine, run.id, shopIds, { shops, days, failedShops: refusals }, tx),
  });
}
