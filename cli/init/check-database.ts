import { toHostCheck } from "../../app/services/rollup/definition/host-check-sql";
import { openSessions } from "../install/connect";
import type { AppDefinition } from "./migration-files";
import { ownTenantsTable } from "./tenants";

/**
 * Looks at the database of DATABASE_URL: whether its tables are as a definition that has not been installed there says.
 * Writes nothing.
 *
 * @throws Error with a sentence for each thing that does not fit, or that is wrong with DATABASE_URL.
 */
export async function checkDatabase(databaseUrl: string, loaded: AppDefinition[]): Promise<void> {
  const sessions = await openSessions(databaseUrl);
  try {
    for (const { definition, appPart } of loaded) {
      await sessions.work.query("begin");
      // Not there before its migration.
      const { table, key, keyType = "text" } = definition.shops;
      if (table === ownTenantsTable) {
        await sessions.work.query(`create temp table if not exists ${table} (${key} ${keyType}) on commit drop`);
      }
      try {
        await sessions.work.query(toHostCheck(definition, appPart?.needs));
      } finally {
        await sessions.work.query("rollback");
      }
    }
  } finally {
    await sessions.close();
  }
}
