import { describeRefusal } from "~/database/refusal.server";
import { isEmbedded, listMissingMigrations, replicaDb } from "~/db.server";
import { log } from "~/log.server";
import { rollup } from "~/rollup.server";
import { toErrorMessage } from "~/services/rollup/error.server";
import { waitAtMost } from "~/services/rollup/time-limit.server";

/** A replica that is away serves nothing and costs nothing; it is not waited for. */
const replicaLimitMs = 5_000;

/**
 * Looks at the databases before the process serves. One that is away, or starting, is no reason not to.
 *
 * @throws Error when a database refuses this app, as no waiting mends: a wrong password, no such database, sessions that
 * would give wrong numbers. Also when a server's schema is older than this code, or the embedded database can't be opened.
 */
export async function requireDatabase(): Promise<void> {
  await Promise.all([requireSchema(), requireReplica()]);
}

async function requireSchema(): Promise<void> {
  let missing: string[];
  try {
    missing = await listMissingMigrations();
  } catch (error) {
    if (isEmbedded) throw error;
    throwRefusal("DATABASE_URL", error);
    log.error({ error: toErrorMessage(error) }, "the database does not answer; serving without it until it does");
    return;
  }
  if (missing.length === 0) return requireDefinition();
  throw new Error(
    `The database schema is behind this version of the app: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not applied. ` +
      `Run "npm run setup" with the same DATABASE_URL, then start again.`,
  );
}

/** A definition that the database has left behind is no reason not to start, in a rolling deploy: it reads. */
async function requireDefinition(): Promise<void> {
  const state = await rollup.compareDefinition();
  if (state === "older") log.warn("the database has a newer definition of the daily rows; this process only reads");
  if (state !== "unknown") return;
  throw new Error(
    "The database knows nothing of this version's definition of the daily rows. Write its migration with " +
      `"npm run rollup -- migration <name>", apply it with "npm run setup", then start again.`,
  );
}

async function requireReplica(): Promise<void> {
  if (!replicaDb) return;
  try {
    await waitAtMost(replicaLimitMs, replicaDb.$queryRawUnsafe("select 1"));
  } catch (error) {
    throwRefusal("DATABASE_REPLICA_URL", error);
    log.warn(
      { error: toErrorMessage(error) },
      "the replica does not answer; the primary serves its reads until it does",
    );
  }
}

function throwRefusal(variable: string, error: unknown): void {
  const refusal = describeRefusal(error);
  if (refusal) throw new Error(`The database of ${variable} refuses this app. ${refusal} Then start again.`);
}
