import { createHash, randomUUID } from "node:crypto";
import type pg from "pg";

/** A migration as Prisma knows it: its folder's name, and its text. */
export type Migration = { name: string; text: string };

const isApplied = "finished_at is not null and rolled_back_at is null";

/** Whether Prisma's ledger is there, and whether the migration is in it. */
export async function readLedger(client: pg.Client, { name }: Migration): Promise<"none" | "missing" | "entered"> {
  const { rows } = await client.query("select where to_regclass('_prisma_migrations') is not null");
  if (rows.length === 0) return "none";
  const found = await client.query(`select from _prisma_migrations where migration_name = $1 and ${isApplied}`, [name]);
  return found.rows.length > 0 ? "entered" : "missing";
}

/** Enters it as one that is applied. One that a setup has tried in vain is put down as rolled back. */
export function toLedgerEntry({ name, text }: Migration): string {
  const checksum = createHash("sha256").update(text).digest("hex");
  return `
update _prisma_migrations
set rolled_back_at = now()
where migration_name = '${name}'
  and finished_at is null
  and rolled_back_at is null;

insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
values ('${randomUUID()}', '${checksum}', '${name}', now(), 1);`;
}

/** What is left to be told where Prisma keeps no ledger yet. */
export function describeMissingLedger({ name }: Migration): string {
  return (
    "There is no table _prisma_migrations here. Before Prisma's migrations run on this database, tell it that this one " +
    `is applied: npx prisma migrate resolve --applied ${name}`
  );
}
