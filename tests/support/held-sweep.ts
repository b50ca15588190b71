import { randomUUID } from "node:crypto";
import { db } from "~/db.server";
import { at } from "./shops";

/** A rebuild that is running, by the ledger, in another process that keeps at it. Both days are included. */
export async function holdRebuild(rebuild: { shopId?: string; from: string; to: string }): Promise<string> {
  const { id } = await db.rollupRun.create({
    data: {
      kind: "rebuild",
      trigger: "operator",
      shopId: rebuild.shopId,
      fromDate: at(rebuild.from, "00:00:00.000"),
      toDate: at(rebuild.to, "00:00:00.000"),
      total: 1,
      leaseOwner: randomUUID(),
      leaseUntil: new Date(Date.now() + 60_000),
    },
    select: { id: true },
  });
  return id;
}

/** The same of a seal of all days before a day. */
export async function holdSeal(seal: { shopId?: string; before: string }): Promise<string> {
  const { id } = await db.rollupRun.create({
    data: {
      kind: "seal",
      trigger: "operator",
      shopId: seal.shopId,
      toDate: new Date(at(seal.before, "00:00:00.000").getTime() - 86_400_000),
      total: 1,
      leaseOwner: randomUUID(),
      leaseUntil: new Date(Date.now() + 60_000),
    },
    select: { id: true },
  });
  return id;
}
