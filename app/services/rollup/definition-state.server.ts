import type { Prisma } from "@prisma/client";
import { toFingerprint } from "./fingerprint";
import { db } from "./host.server";
import { rollup } from "./metrics";

/** The fingerprint of the definition in this code. */
export const fingerprint = toFingerprint(rollup);

/** The fingerprint that the database's last migration of this rollup left, as an SQL expression. */
export const storedFingerprint = `(
    select d.fingerprint
    from rollup_definitions d
    where d.rollup = '${rollup.table}'
    order by d.applied_at desc
    limit 1
  )`;

/** How the definition in this code stands to the database's: `older` is one that the database has had before. */
export type DefinitionState = "current" | "older" | "unknown";

/** Compares the definition in this code with those that the database's migrations have left. */
export async function compareDefinition(client: Prisma.TransactionClient = db): Promise<DefinitionState> {
  const [row] = await client.$queryRawUnsafe<{ state: DefinitionState }[]>(
    `
select case
  when ${storedFingerprint} = $1::text then 'current'
  when exists (
    select from rollup_definitions d where d.rollup = '${rollup.table}' and d.fingerprint = $1::text
  ) then 'older'
  else 'unknown'
end as state`,
    fingerprint,
  );
  return row?.state ?? "unknown";
}

/** Why this process recounts nothing, or null where its definition is the database's. */
export async function findDefinitionObstacle(client: Prisma.TransactionClient): Promise<string | null> {
  return (await compareDefinition(client)) === "current" ? null : new DefinitionNotCurrent().message;
}

/** Thrown where a process would count by a definition that the database has left behind. */
export class DefinitionNotCurrent extends Error {
  constructor() {
    super(
      "The database has another definition of the daily rows than this process. It reads, and recounts nothing: " +
        "a process of the new version does.",
    );
  }
}

/** @throws DefinitionNotCurrent where the database has another definition than this code. */
export async function requireCurrentDefinition(): Promise<void> {
  if ((await compareDefinition()) !== "current") throw new DefinitionNotCurrent();
}
