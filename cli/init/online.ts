import { join } from "node:path";
import { exitCodes } from "../exit-codes";
import { toInstalled } from "../install";
import { openSessions } from "../install/connect";
import { readLedger, toLedgerEntry } from "../install/ledger";
import { type Conditions, defaultPatience, InstallStopped } from "../install/patience";
import { toPlanText } from "../install/plan-text";
import { runInstall } from "../install/run";
import { readMigrations } from "../migration";
import { stopOnSignals } from "../stop";
import type { AppDefinition } from "./migration-files";
import { ownTenantsTable } from "./tenants";

/**
 * Takes the migrations that init has written online, beside an app's readers and writers, in place of `prisma migrate
 * deploy`. Stopped or killed, the same command goes on. Returns the process's exit code.
 *
 * @throws Error with a sentence for the terminal, when it can't begin or go on.
 */
export async function installOnline(
  migrations: string,
  loaded: AppDefinition[],
  { isDryRun, write }: { isDryRun: boolean; write: (line: string) => void },
): Promise<number> {
  const installed = loaded.map(({ definition, appPart }) =>
    toInstalled({ definition, ...(appPart && { toApp: () => appPart }) }, migrations),
  );
  const tenants = readMigrations(migrations).filter(
    ({ text }) => text.includes(ownTenantsTable) && !text.includes("_definitions"),
  );
  if (isDryRun) {
    for (const { name } of tenants) write(`-- First ${join(migrations, name, "migration.sql")}, in one transaction.`);
    for (const one of installed) write(toPlanText(one));
    return 0;
  }
  const sessions = await openSessions(process.env.DATABASE_URL);
  const stop = stopOnSignals(write);
  const conditions: Conditions = { ...sessions, patience: defaultPatience, signal: stop.signal, report: write };
  try {
    for (const migration of tenants) {
      const standing = await readLedger(sessions.work, migration);
      if (standing === "entered") continue;
      if (standing === "none")
        throw new Error(`There is no table _prisma_migrations here: take the migrations of ${migrations} first.`);
      await sessions.work.query(`begin;\n${migration.text}\n${toLedgerEntry(migration)}\ncommit;`);
      write(`${migration.name}: done`);
    }
    for (const one of installed) await runInstall(conditions, one);
    return 0;
  } catch (error) {
    if (!(error instanceof InstallStopped)) throw error;
    write(error.message);
    return exitCodes.stopped;
  } finally {
    stop.forget();
    await sessions.close();
  }
}
