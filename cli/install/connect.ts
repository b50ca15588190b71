import type pg from "pg";
import { describeUrlProblem, toServerAddress } from "../../app/database/database-url";
import { makeSessionClient } from "../../app/database/session-settings";

/** A number that no other program's advisory locks have, and the number of this lock. */
const lockKey = "1920298096, 1";

/** The session that works, and one that looks at what it waits for. */
export type Sessions = { work: pg.Client; look: pg.Client; pid: number; close: () => Promise<void> };

/**
 * Opens both on a server.
 *
 * @throws Error that says what is wrong with DATABASE_URL, or that another install is at work there.
 */
export async function openSessions(databaseUrl: string | undefined): Promise<Sessions> {
  if (!databaseUrl) {
    throw new Error(
      'DATABASE_URL is not set. An install is for a PostgreSQL server with data; for the embedded database "npm run setup" ' +
        "does the same.",
    );
  }
  const problem = describeUrlProblem(databaseUrl);
  if (problem) throw new Error(`DATABASE_URL ${problem}.`);
  const { config, schema } = toServerAddress(databaseUrl);
  const [work, look] = [1, 2].map(() => {
    const client = makeSessionClient({ ...config, application_name: "rollup install" }, schema);
    // A connection that is lost fails the query at work, which tells it.
    client.on("error", () => undefined);
    return client;
  }) as [pg.Client, pg.Client];
  const close = async () => {
    await Promise.allSettled([work.end(), look.end()]);
  };
  try {
    await Promise.all([work.connect(), look.connect()]);
    await work.query(settings);
    return { work, look, pid: await takeTurn(work), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * A role's own time limits are for pages. If this process dies the server is to notice before the statement at work has
 * ended; not every server can.
 */
const settings = `
set statement_timeout = 0;
set lock_timeout = 0;
select set_config('transaction_timeout', '0', false) from pg_settings where name = 'transaction_timeout';
do $$
begin
  set client_connection_check_interval = '5s';
exception when others then
  null;
end
$$;`;

/** Takes the lock that only one install has, for as long as the session lives. Returns the session's process id. */
async function takeTurn(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number; isTaken: boolean; holder: number | null }>(
    `select pg_backend_pid() as pid, pg_try_advisory_lock(${lockKey}) as "isTaken", (
      select l.pid
      from pg_locks l
      where l.locktype = 'advisory'
        and l.database = (select d.oid from pg_database d where d.datname = current_database())
        and (l.classid, l.objid, l.objsubid) = (${lockKey}, 2)
        and l.granted
      limit 1
    ) as holder`,
  );
  const [{ pid, isTaken, holder } = { pid: 0, isTaken: false, holder: null }] = rows;
  if (isTaken) return pid;
  throw new Error(
    `Another install is at work on this database${holder ? `, in the server's process ${holder}` : ""}. If it was ` +
      "killed, the server ends its last statement first: try again in a minute.",
  );
}
