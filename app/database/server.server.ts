import { PrismaPg } from "@prisma/adapter-pg";
import type { SqlDriverAdapterFactory, Transaction } from "@prisma/driver-adapter-utils";
import type { PoolClient } from "pg";
import { toServerAddress } from "./database-url";
import { keepPlans } from "./kept-plans.server";
import { notePool } from "./pools.server";
import { makeSessionGate } from "./session-gate.server";
import { toSessionConfig } from "./session-settings";

/** A connection on which nothing comes back is looked at after so long, and given up some seconds later. */
const keepAliveMs = 10_000;
/** The last resort against a server that holds a connection open and is silent: longer than any work takes. */
const silenceTimeoutMs = 15 * 60_000;

type ServerOptions = {
  /** Which database it is, in the log. */
  name: string;
  poolSize: number;
  /** Which of its pools, in the metrics: `name` without it. */
  poolName?: string;
};

/** Prisma's adapter for a PostgreSQL server. The URL can name a schema, as Prisma's own URLs do. */
export function makeServerAdapter(
  databaseUrl: string,
  { name, poolSize, poolName = name }: ServerOptions,
): SqlDriverAdapterFactory {
  const { config, schema } = toServerAddress(databaseUrl);
  const gate = makeSessionGate(name, schema);
  const factory = new PrismaPg(
    {
      ...toSessionConfig(config, schema),
      max: poolSize,
      // Counts the wait for a connection to come free, too: hundreds of callers at once take turns.
      connectionTimeoutMillis: 15_000,
      query_timeout: silenceTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveMs,
      async onConnect(client) {
        await gate.admit(client);
        await keepPlans(client);
      },
    },
    schema ? { schema } : undefined,
  );
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const adapter = await factory.connect();
      const pool = adapter.underlyingDriver();
      notePool(poolName, pool, poolSize);
      const { queryRaw, executeRaw, startTransaction } = adapter;
      return Object.assign(adapter, {
        async queryRaw(...args: Parameters<typeof queryRaw>) {
          await gate.pass(pool);
          return queryRaw.apply(adapter, args);
        },
        async executeRaw(...args: Parameters<typeof executeRaw>) {
          await gate.pass(pool);
          return executeRaw.apply(adapter, args);
        },
        async startTransaction(...args: Parameters<typeof startTransaction>) {
          await gate.pass(pool);
          return releaseWhenBroken(await startTransaction.apply(adapter, args));
        },
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
