import type { Prisma } from "@prisma/client";
import { raiseAlert } from "./alert.server";
import { toErrorMessage } from "./error.server";
import { db, log } from "./host.server";
import type { RunKind } from "./ledger.server";

// A kind of run is in trouble from a run that failed as a whole until one has done its work. The row that says so is put
// in and taken out by one process alone, whichever that is, so there is one alert for each.

export type Trouble = { kind: RunKind; since: Date; reason: string };

const names: Record<RunKind, string> = { rollup: "run", verify: "verification", rebuild: "rebuild" };
const consequences: Record<RunKind, string> = {
  rollup: "What is marked waits, and is counted live, until one succeeds.",
  verify: "Drift that no trigger saw is not found until one succeeds.",
  rebuild: "Call again.",
};

/** Kinds whose trouble could not be recorded, for the database itself is in trouble: each process then knows its own. */
const unrecorded = new Set<RunKind>();

/** Notes that a run failed as a whole, and alerts where the one before did not. */
export async function beginTrouble(kind: RunKind, reason: string): Promise<void> {
  if (!(await isNews(kind, reason))) return;
  const text = `Daily analytics: a ${names[kind]} failed (${reason.replace(/\.$/, "")}). ${consequences[kind]}`;
  await raiseAlert(text, { kind, error: reason });
}

/** Notes that a run did its work, and says so where the one before had failed. */
export async function endTrouble(kind: RunKind): Promise<void> {
  let isOver = unrecorded.delete(kind);
  try {
    const ended = await db.$executeRawUnsafe("delete from rollup_troubles t where t.kind = $1::text", kind);
    isOver ||= ended > 0;
  } catch (error) {
    log.warn({ kind, error: toErrorMessage(error) }, "the end of a trouble could not be recorded");
  }
  if (isOver) await raiseAlert(`Daily analytics: a ${names[kind]} succeeded again.`, { kind }, "info");
}

/** The kinds of runs that are in trouble. */
export function listTroubles(client: Prisma.TransactionClient): Promise<Trouble[]> {
  return client.$queryRawUnsafe<Trouble[]>("select t.kind, t.since, t.reason from rollup_troubles t");
}

async function isNews(kind: RunKind, reason: string): Promise<boolean> {
  const isKnownHere = unrecorded.has(kind);
  try {
    const begun = await db.$executeRawUnsafe(
      "insert into rollup_troubles (kind, reason) values ($1::text, $2::text) on conflict (kind) do nothing",
      kind,
      reason,
    );
    return begun > 0 && !isKnownHere;
  } catch (error) {
    log.warn({ kind, error: toErrorMessage(error) }, "a trouble could not be recorded");
    unrecorded.add(kind);
    return !isKnownHere;
  }
}
