import type pg from "pg";
import { toServerAddress } from "../../app/database/database-url";
import { checkSession } from "../../app/database/session-check.server";
import { makeSessionClient } from "../../app/database/session-settings";
import { type Finding, ok, problem, warning } from "../../app/services/rollup/doctor/finding";

const limitMs = 5_000;
const leastVersion = 150_000;
/** Connections beside DATABASE_POOL_SIZE that each process of the app has. */
const reservedConnections = 3;

type State = { version: number; versionText: string; maxConnections: number };

/**
 * Looks at a PostgreSQL server over connections of its own: what lies between, the version, and how sessions are set.
 *
 * @throws what the driver throws, where the server does not answer or refuses.
 */
export async function checkServer(databaseUrl: string, poolSize: number): Promise<Finding[]> {
  const { config, schema } = toServerAddress(databaseUrl);
  const open = () => {
    const client = makeSessionClient({ ...config, connectionTimeoutMillis: limitMs }, schema);
    client.on("error", () => undefined);
    return client;
  };
  const [client, other] = [open(), open()];
  try {
    await client.connect();
    await other.connect();
    const { rows } = await client.query<State>(stateStatement);
    const { problem: wrong, advice } = await checkSession({ client, schema, limitMs });
    return [
      ok("database", "it answers"),
      ...(rows[0] ? judgeServer(rows[0], poolSize) : []),
      await checkPooler(client, other),
      wrong ? problem("session", wrong) : advice ? warning("session", advice) : ok("session", "as this app needs it"),
    ];
  } finally {
    await Promise.allSettled([client.end(), other.end()]);
  }
}

const stateStatement = `
select current_setting('server_version_num')::int as version, current_setting('server_version') as "versionText",
  current_setting('max_connections')::int as "maxConnections"`;

function judgeServer({ version, versionText, maxConnections }: State, poolSize: number): Finding[] {
  const wanted = poolSize + reservedConnections;
  return [
    version >= leastVersion
      ? ok("server version", versionText)
      : problem("server version", `${versionText}; it must be 15 or later. Upgrade the server.`),
    wanted <= maxConnections
      ? ok("connections", `a process has up to ${wanted} of the server's ${maxConnections}`)
      : warning(
          "connections",
          `DATABASE_POOL_SIZE + ${reservedConnections} is ${wanted}, and the server allows ${maxConnections}. Lower the first, or raise max_connections.`,
        ),
  ];
}

/**
 * A pooler greets with a process id of its own. One in transaction mode gives this connection another session while a
 * transaction of the other one has the session that was this one's.
 */
async function checkPooler(client: pg.Client, other: pg.Client): Promise<Finding> {
  const readPid = async (of: pg.Client) =>
    (await of.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid;
  const pid = await readPid(client);
  if (pid === Reflect.get(client, "processID")) return ok("pooler", "none: connections are the server's own");
  await other.query("begin");
  await readPid(other);
  const later = await readPid(client);
  await other.query("rollback");
  if (pid === later) return ok("pooler", "there is one, and it keeps a session for each connection");
  return ok(
    "pooler",
    "there is one in transaction mode. The app works behind it; give install and setup the server's own address",
  );
}
