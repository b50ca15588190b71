import { z } from "zod";
import type { Engine, Statements } from "../engine.server";
import { execute, queryRow, type Values } from "../query.server";
import type { Sealed } from "../seal/sealed";
import { addShopsStatement, lockAllStatement, lockPatientlyStatement } from "./lock-sql";

/**
 * Long enough for a shop with years of marked days; Prisma's default of five seconds is not. Read committed whatever
 * the database's default: the recount's snapshot must be younger than the lock it waited for.
 */
export const transactionOptions = { maxWait: 60_000, timeout: 600_000, isolationLevel: "ReadCommitted" } as const;

/**
 * Makes the rows that are locked. By itself, before the transaction that locks: another process that makes the same is waited
 * for only so long.
 */
export async function addShops(engine: Engine, shopIds: string[]): Promise<void> {
  await execute(engine, addShopsStatement(engine), { shopIds });
}

/** Shops whose rows this transaction has locked, and up to which day each of them is sealed. */
export type Locked = { shopIds: string[]; sealed: Sealed };

const lockedSchema = z.object({ ids: z.array(z.string()), sealed: z.record(z.string(), z.string()) });

export async function lockShops(engine: Engine, tx: Statements, statement: string, values: Values): Promise<Locked> {
  const { ids, sealed } = await queryRow(engine, lockedSchema, statement, values, tx);
  return { shopIds: ids, sealed: new Map(Object.entries(sealed)) as Sealed };
}

/**
 * Locks these shops: one alone waits for the transaction that holds it, several fail where one of them is taken, so that
 * nobody waits while holding locks. A shop that is gone holds no lock, and one of the same id may be made at any time.
 */
export function lockGiven(engine: Engine, tx: Statements, shopIds: string[]): Promise<Locked> {
  const statement = shopIds.length > 1 ? lockAllStatement(engine) : lockPatientlyStatement(engine);
  return lockShops(engine, tx, statement, { shopIds });
}
