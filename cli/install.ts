import { toBareSql } from "../app/services/rollup/definition/bare-sql";
import { findLastDefinition } from "../app/services/rollup/definition/definition-row-sql";
import { toInstallSql } from "../app/services/rollup/definition/install-sql";
import { listInstallSteps, type SliceSizes } from "../app/services/rollup/install/plan";
import { type ExitCode, exitCodes } from "./exit-codes";
import { openSessions } from "./install/connect";
import { type Conditions, defaultPatience, InstallStopped } from "./install/patience";
import { toPlanText } from "./install/plan-text";
import { type Installed, runInstall } from "./install/run";
import { defaultFolder, type Migrated, readMigrations, rollups } from "./migration";
import { stopOnSignals } from "./stop";
import { makeTerminal } from "./terminal";

export type InstallOptions = { dryRun?: true; lockTimeout: number; json?: true };

/**
 * `install`: takes each rollup's first migration online. Prints what it does, and returns the process's exit code: 0 only
 * when all is done.
 *
 * @throws Error with a sentence for the terminal, when it can't begin or go on.
 */
export async function install({ dryRun, lockTimeout, json }: InstallOptions): Promise<ExitCode> {
  const terminal = makeTerminal({ isJson: json === true });
  const installed = rollups.map((rollup) => toInstalled(rollup));
  if (dryRun) {
    const plans = installed.map((one) => ({ table: one.definition.table, plan: toPlanText(one) }));
    terminal.print(plans, () => plans.map(({ plan }) => plan));
    return exitCodes.done;
  }
  const write = json ? terminal.say : (line: string) => process.stdout.write(`${line}\n`);
  const patience = { ...defaultPatience, lockTimeoutMs: lockTimeout };
  const end = (status: "done" | "stopped") => {
    if (json) terminal.print({ status, tables: installed.map(({ definition }) => definition.table) }, () => []);
    return status === "done" ? exitCodes.done : exitCodes.stopped;
  };
  const sessions = await openSessions(process.env.DATABASE_URL);
  const stop = stopOnSignals(write);
  const conditions: Conditions = { ...sessions, patience, signal: stop.signal, report: (line) => write(toLine(line)) };
  try {
    for (const one of installed) await runInstall(conditions, one);
    return end("done");
  } catch (error) {
    if (!(error instanceof InstallStopped)) throw error;
    write(error.message);
    return end("stopped");
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
    if (toBareSql(migration.text) !== toBareSql(toInstallSql(definition, app))) {
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

function toLine(text: string): string {
  return `${new Date().toISOString().slice(11, 19)}  ${text}`;
}
