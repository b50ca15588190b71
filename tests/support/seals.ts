import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import type { SealRequest } from "~/services/rollup/jobs/seal.server";
import type { SealProgress } from "~/services/rollup/jobs/seal-progress";
import { settleSweeps } from "~/services/rollup/jobs/sweep-worker.server";
import type { TestShop } from "./shops";

/** Seals days, and waits until that is done. */
export async function seal(request: Omit<SealRequest, "before"> & { before: string }): Promise<SealProgress> {
  const started = await rollup.startSeal({ ...request, before: request.before as Day });
  if (typeof started !== "string") throw new Error(`The seal was refused: ${JSON.stringify(started)}`);
  await settleSweeps(rollup.engine);
  return (await rollup.getSeal(started)) as SealProgress;
}

/** Up to which day the shop is sealed, by the database, and how many rows of it. */
export async function readSeal(shop: TestShop): Promise<{ sealedUntil: string | null; sealedRows: number | null }> {
  const row = await db.rollupShop.findUnique({ where: { shopId: shop.id } });
  return {
    sealedUntil: row?.sealedUntil?.toISOString().slice(0, 10) ?? null,
    sealedRows: row?.sealedRows ?? null,
  };
}
