import { z } from "zod";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { toErrorMessage } from "../error.server";
import type { RunKind } from "../jobs/ledger.server";
import { execute, queryRows } from "../query.server";
import { raiseAlert } from "./alert.server";

// A kind of run is in trouble from a run that failed as a whole until one has done its work. The row that says so is put
// in and taken out by one process alone, whichever that is, so there is one alert for each.

const troubleSchema = z.object({
  kind: z.enum(["rollup", "verify", "rebuild", "seal"]),
  since: z.date(),
  reason: z.string(),
});

export type Trouble = z.infer<typeof troubleSchema>;

const kindNames: Record<RunKind, string> = { rollup: "run", verify: "verification", rebuild: "rebuild", seal: "seal" };
const consequences: Record<RunKind, string> = {
  rollup: "What is marked waits, and is counted live, until one succeeds.",
  verify: "Drift that no trigger saw is not found until one succeeds.",
  rebuild: "Call again.",
  seal: "Call again.",
};

/** Kinds whose trouble could not be recorded, for the database itself is in trouble: each process then knows its own. */
const unrecorded = perEngine(() => new Set<RunKind>());

/** Notes that a run failed as a whole, and alerts where the one before did not. */
export async function beginTrouble(engine: Engine, kind: RunKind, reason: string): Promise<void> {
  if (!(await isNews(engine, kind, reason))) return;
  const text = `Daily analytics: a ${kindNames[kind]} failed (${reason.replace(/\.$/, "")}). ${consequences[kind]}`;
  await raiseAlert(engine, text, { kind, error: reason });
}

/** Notes that a run did its work, and says so where the one before had failed. */
export async function endTrouble(engine: Engine, kind: RunKind): Promise<void> {
  let isOver = unrecorded(engine).delete(kind);
  try {
    const statement = `delete from ${engine.names.troubles} t where t.kind = :kind::text`;
    const ended = await execute(engine, statement, { kind });
    isOver ||= ended > 0;
  } catch (error) {
    engine.log.warn({ kind, error: toErrorMessage(error) }, "the end of a trouble could not be recorded");
  }
  if (isOver) await raiseAlert(engine, `Daily analytics: a ${kindNames[kind]} succeeded again.`, { kind }, "info");
}

/** The kinds of runs that are in trouble. */
export function listTroubles(engine: Engine, client: Statements): Promise<Trouble[]> {
  const statement = `select t.kind, t.since, t.reason from ${engine.names.troubles} t`;
  return queryRows(engine, troubleSchema, statement, {}, client);
}

async function isNews(engine: Engine, kind: RunKind, reason: string): Promise<boolean> {
  const isKnownHere = unrecorded(engine).has(kind);
  try {
    const statement = `
insert into ${engine.names.troubles} (kind, reason)
values (:kind::text, :reason::text)
on conflict (kind) do nothing`;
    const begun = await execute(engine, statement, { kind, reason });
    return begun > 0 && !isKnownHere;
  } catch (error) {
    engine.log.warn({ kind, error: toErrorMessage(error) }, "a trouble could not be recorded");
    unrecorded(engine).add(kind);
    return !isKnownHere;
  }
}
