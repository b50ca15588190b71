import type { ClientBase, Pool } from "pg";
import { log } from "~/log.server";
import { checkSession, type SessionFinding, WrongSession } from "./session-check.server";

/** A session is looked at again after so long: behind a pooler it is not the one that was looked at first. */
const checkIntervalMs = 60_000;
/** While one was wrong, so often at most: what was mended serves again within a second. */
const retryIntervalMs = 1_000;
const checkLimitMs = 5_000;

/** Lets statements through to a database whose sessions are as they must be, and none to one where they are not. */
export type SessionGate = {
  /** Looks at a new connection. @throws WrongSession when its session would give wrong numbers. */
  admit: (client: ClientBase) => Promise<void>;
  /** Comes before each statement. @throws WrongSession when the last session looked at would give wrong numbers. */
  pass: (pool: Pool) => Promise<void>;
};

/** `name` says in the log which database it is about, `schema` where its tables are. */
export function makeSessionGate(name: string, schema: string | undefined): SessionGate {
  let problem: string | null = null;
  let advised: string | null = null;
  let checkedAt = performance.now();
  let checking: Promise<void> | undefined;

  /** Each is logged when it is new: a session is looked at often. */
  function note(found: SessionFinding): void {
    if (found.problem && found.problem !== problem) log.error({ database: name }, found.problem);
    if (!found.problem && problem) log.info({ database: name }, "the database's sessions are as they must be again");
    if (found.advice && found.advice !== advised) log.warn({ database: name }, found.advice);
    problem = found.problem;
    advised = found.advice;
    checkedAt = performance.now();
  }

  async function check(client: Pick<ClientBase, "query">): Promise<string | null> {
    const found = await checkSession({ client, schema, limitMs: checkLimitMs });
    note(found);
    return found.problem;
  }

  async function recheck(pool: Pool): Promise<void> {
    try {
      await check(pool);
    } catch (error) {
      // A database that is away says so to the statement itself.
      checkedAt = performance.now();
      log.debug({ database: name, error: String(error) }, "the database's sessions could not be looked at");
    }
  }

  return {
    async admit(client) {
      const found = await check(client);
      if (found) throw new WrongSession(found);
    },
    async pass(pool) {
      const ageMs = performance.now() - checkedAt;
      if (ageMs >= (problem ? retryIntervalMs : checkIntervalMs)) {
        checking ??= recheck(pool).finally(() => {
          checking = undefined;
        });
        // While all was well nobody waits for another look.
        if (problem) await checking;
      }
      if (problem) throw new WrongSession(problem);
    },
  };
}
