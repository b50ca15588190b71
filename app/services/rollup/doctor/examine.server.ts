import { z } from "zod";
import type { AppPart } from "../definition/app-part";
import { toExactView } from "../definition/exact-view-sql";
import { compareDefinition, getFingerprint } from "../definition/state.server";
import type { Engine } from "../engine.server";
import { findWriteObstacle } from "../health/writable.server";
import { toIsColumn, toIsTable } from "../install/standing-sql";
import { queryRow, readClock } from "../query.server";
import { type Finding, ok, problem, warning } from "./finding";
import { examineFunctions } from "./functions.server";
import { examineIndexes } from "./indexes.server";
import { examineTriggers, listTriggers } from "./triggers.server";
import { examineWork } from "./work.server";

/** So far the clocks may differ before it is said: runs take their day from the process, and the ledger from the database. */
const clockMs = { warning: 5_000, problem: 60_000 };

/**
 * Looks at all of a rollup that is in the database, and at whether its work is done. `app` is what the app's first
 * migration brings beside the definition. Writes nothing.
 *
 * @throws what the database throws, where it does not answer.
 */
export async function examineRollup(engine: Engine, app?: AppPart): Promise<Finding[]> {
  return [
    await examineDefinition(engine),
    ...(await examineTriggers(engine, [...listTriggers(engine), ...(app?.triggers ?? [])])),
    await examineFunctions(engine),
    await examineIndexes(engine, app),
    await examineView(engine),
    ...(await Promise.all((app?.columns ?? []).map((column) => examineColumn(engine, column)))),
    await examineRights(engine),
    await examineClock(engine),
    ...(await examineWork(engine)),
  ];
}

async function examineDefinition(engine: Engine): Promise<Finding> {
  const state = await compareDefinition(engine);
  const text = `${getFingerprint(engine)}, ${state}`;
  if (state === "current") return ok("definition", text);
  if (state === "older") {
    return problem(
      "definition",
      `${text}: the database has a newer one, so this version reads and recounts nothing. Deploy the newer version.`,
    );
  }
  return problem(
    "definition",
    `${text}: no migration of this definition has been applied. Write one where there is none, and apply it.`,
    { action: "migration" },
    { action: "setup" },
  );
}

const existsSchema = z.object({ exists: z.boolean() });

async function examineView(engine: Engine): Promise<Finding> {
  const { exactView } = engine.names;
  const { exists } = await queryRow(engine, existsSchema, `select ${toIsTable(exactView)} as exists`);
  if (exists) return ok("view", exactView);
  return problem("view", `${exactView} is missing: who reads by SQL gets an error.`, {
    sql: toExactView(engine.definition),
  });
}

async function examineColumn(engine: Engine, { table, column, sql }: AppPart["columns"][number]): Promise<Finding> {
  const { exists } = await queryRow(engine, existsSchema, `select ${toIsColumn(table, column)} as exists`);
  const check = `${table}.${column}`;
  return exists ? ok(check, "there") : problem(check, "the column is missing", { sql }, { action: "setup" });
}

async function examineRights(engine: Engine): Promise<Finding> {
  const obstacle = await findWriteObstacle(engine, engine.db);
  return obstacle === null ? ok("rights", "this role may write what a run writes") : problem("rights", obstacle);
}

async function examineClock(engine: Engine): Promise<Finding> {
  const before = Date.now();
  const database = await readClock(engine);
  const middle = (before + Date.now()) / 2;
  const differenceMs = Math.round(Math.abs(database.getTime() - middle));
  const text = `this process and the database differ by ${differenceMs} ms`;
  if (differenceMs < clockMs.warning) return ok("clocks", text);
  const sentence = `${text}: near midnight a run takes another day for today. Set both by the same time server (NTP).`;
  return differenceMs < clockMs.problem ? warning("clocks", sentence) : problem("clocks", sentence);
}
