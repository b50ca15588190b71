import { PrismaPg } from "@prisma/adapter-pg";
import type { SqlDriverAdapterFactory, Transaction } from "@prisma/driver-adapter-utils";
import type { PoolClient } from "pg";

/** A connection on which nothing comes back is looked at after so long, and given up some seconds later. */
const keepAliveMs = 10_000;
/** The last resort against a server that holds a connection open and is silent: longer than any work takes. */
const silenceTimeoutMs = 15 * 60_000;

/** What a session is set to. A connection string's own options would replace these, so they go in together. */
const sessionOptions = [
  "-c TimeZone=UTC",
  // Compiling a recount or a read takes longer than running it: without statistics, half a second against a tenth
  // (PostgreSQL 15).
  "-c jit=off",
  // A process that vanishes without a word, with its machine or its network, must not keep a shop locked. Between two
  // statements of a transaction no living one takes anywhere near as long.
  "-c idle_in_transaction_session_timeout=60s",
];

type ServerOptions = { poolSize: number; moreOptions: string[] };

/** Prisma's adapter for a PostgreSQL server. The URL can name a schema, as Prisma's own URLs do. */
export function makeServerAdapter(
  databaseUrl: string,
  { poolSize, moreOptions }: ServerOptions,
): SqlDriverAdapterFactory {
  const url = new URL(databaseUrl);
  const schema = url.searchParams.get("schema") ?? undefined;
  const options = [
    url.searchParams.get("options"),
    ...sessionOptions,
    ...moreOptions,
    schema && `-c search_path=${schema}`,
  ];
  url.searchParams.set("options", options.filter(Boolean).join(" "));
  url.searchParams.delete("schema");
  const factory = new PrismaPg(
    {
      connectionString: url.href,
      max: poolSize,
      // Counts the wait for a connection to come free, too: hundreds of callers at once take turns.
      connectionTimeoutMillis: 15_000,
      query_timeout: silenceTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveMs,
    },
    schema ? { schema } : undefined,
  );
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const adapter = await factory.connect();
      const startTransaction = adapter.startTransaction.bind(adapter);
      return Object.assign(adapter, {
        startTransaction: async (...args: Parameters<typeof startTransaction>) =>
          releaseWhenBroken(await startTransaction(...args)),
      });
    },
  };
}

/**
 * Gives the connection of a transaction back when its end fails, as it does on a connection that was cut. Prisma 6.19
 * calls `commit` or `rollback`, which do so, only once the statement of that name has succeeded; each failure would
 * cost the pool a connection for good. A rollback can't fail otherwise than with its connection, and then it is done:
 * nobody catches its error where a time limit has ended the transaction, so that it would end the process.
 */
function releaseWhenBroken(transaction: Transaction): Transaction {
  const executeRaw = transaction.executeRaw.bind(transaction);
  const client = Reflect.get(transaction, "client") as PoolClient;
  return Object.assign(transaction, {
    executeRaw: async (query: Parameters<typeof executeRaw>[0]) => {
      try {
        return await executeRaw(query);
      } catch (error) {
        if (query.sql === "ROLLBACK") {
          transaction.rollback = async () => client.release(true);
          return 0;
        }
        if (query.sql === "COMMIT") client.release(true);
        throw error;
      }
    },
  });
}
