import { z } from "zod";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { queryRow } from "../query.server";
import { toStoredFingerprint } from "./definition-row-sql";
import { toFingerprint } from "./fingerprint";

/** The fingerprint of the definition in this code. */
export const getFingerprint = perEngine(({ definition }) => toFingerprint(definition));

/** The fingerprint that the database's last migration of this rollup left, as an SQL expression. */
export const storedFingerprint = perEngine(({ definition }) => toStoredFingerprint(definition));

/** How the definition in this code stands to the database's: `older` is one that the database has had before. */
export type DefinitionState = "current" | "older" | "unknown";

const stateSchema = z.object({ state: z.enum(["current", "older", "unknown"]) });

const compareStatement = perEngine(
  (engine) => `
select case
  when ${storedFingerprint(engine)} = :fingerprint::text then 'current'
  when exists (
    select
    from ${engine.names.definitions} d
    where d.rollup = '${engine.definition.table}'
      and d.fingerprint = :fingerprint::text
  ) then 'older'
  else 'unknown'
end as state`,
);

/** Compares the definition in this code with those that the database's migrations have left. */
export async function compareDefinition(engine: Engine, client?: Statements): Promise<DefinitionState> {
  const values = { fingerprint: getFingerprint(engine) };
  const { state } = await queryRow(engine, stateSchema, compareStatement(engine), values, client);
  return state;
}

/** Why this process recounts nothing, or null where its definition is the database's. */
export async function findDefinitionObstacle(engine: Engine, client: Statements): Promise<string | null> {
  return (await compareDefinition(engine, client)) === "current" ? null : new DefinitionNotCurrent().message;
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
export async function requireCurrentDefinition(engine: Engine): Promise<void> {
  if ((await compareDefinition(engine)) !== "current") throw new DefinitionNotCurrent();
}
