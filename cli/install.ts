import { parseArgs } from "node:util";
import { findLastDefinition } from "../app/services/rollup/definition/definition-row-sql";
import { toInstallSql } from "../app/services/rollup/definition/install-sql";
import { listInstallSteps, type SliceSizes } from "../app/services/rollup/install/plan";
import { openSessions } from "./install/connect";
import { type Conditions, defaultPatience, InstallStopped, type Patience } from "./install/patience";
import { toPlanText } from "./install/plan-text";
import { type Installed, runInstall } from "./install/run";
import { defaultFolder, type Migrated, readMigrations, rollups } from "./migration";
import { stopOnSignals, stoppedCode } from "./stop";

/**
 * `install`: takes each rollup's first migration online. Prints what it does, and returns the process's exit code: 0 only
 * when all is done.
 *
 * @throws Error with a sentence for the terminal, when it can't begin or go on.
 */
export async function install(args: string[], write: (line: string) => void): Promise<number> {
  const { isDryRun, patience } = parseInstallArgs(args);
  const installed = rollups.map((rollup) => toInstalled(rollup));
  if (isDryRun) {
    for (const one of installed) write(toPlanText(one));
    return 0;
  }
  const sessions = await openSessions(process.env.DATABASE_URL);
  const stop = stopOnSignals(write);
  const conditions: Conditions = { ...sessions, patience, signal: stop.signal, report: (line) => write(toLine(line)) };
  try {
    for (const one of installed) await runInstall(conditions, one);
    return 0;
  } catch (error) {
    if (!(error instanceof InstallStopped)) throw error;
    write(error.message);
    return stoppedCode;
  } finally {
    stop.forget();
    await sessions.close();
  }
}

/**
 * The first definition of this rollup that a migration has left, and its steps. Later migrations go on from there, by
 * "npm run setup".
 *
 * @throws Error where no migration leaves one, or where it has been changed by hand, so that it and the steps differ.
 */
export function toInstalled(
  { definition: { table }, toApp }: Migrated,
  folder = defaultFolder,
  sizes?: SliceSizes,
): Installed {
  for (const migration of readMigrations(folder)) {
    const definition = findLastDefinition([migration.text], table);
    if (definition === null) continue;
    const app = toApp?.(definition);
    if (toStatements(migration.text) !== toStatements(toInstallSql(definition, app))) {
      throw new Error(
        `${folder}/${migration.name} is not what the definition in it gives, so an install would leave something else. ` +
          "Take your changes of it into the definition, or into the app's part of it, or take the migration.",
      );
    }
    return { definition, app, migration, steps: listInstallSteps(definition, app, sizes) };
  }
  throw new Error(
    `No migration in ${folder} leaves a definition of ${table}. Write the first one: npm run rollup -- migration <name>`,
  );
}

/** Without comments and blanks. */
function toStatements(sql: string): string {
  return sql
    .replaceAll(/^\s*--.*$/gm, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}

function parseInstallArgs(args: string[]): { isDryRun: boolean; patience: Patience } {
  const { values } = parseArgs({
    args,
    options: { "dry-run": { type: "boolean", default: false }, "lock-timeout": { type: "string" } },
  });
  const lockTimeoutMs = Number(values["lock-timeout"] ?? defaultPatience.lockTimeoutMs);
  if (!Number.isInteger(lockTimeoutMs) || lockTimeoutMs < 10 || lockTimeoutMs > 60_000) {
    throw new Error("--lock-timeout must be a whole number of milliseconds from 10 to 60000.");
  }
  return { isDryRun: values["dry-run"], patience: { ...defaultPatience, lockTimeoutMs } };
}

function toLine(text: string): string {
  return `${new Date().toISOString().slice(11, 19)}  ${text}`;
}
