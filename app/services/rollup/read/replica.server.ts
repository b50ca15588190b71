import { setTimeout as pause } from "node:timers/promises";
import { type Database, type Engine, perEngine } from "../engine.server";
import { toErrorMessage } from "../error.server";
import { isStopRequested } from "../jobs/stop.server";
import { compile, toIsoSql, type Values } from "../query.server";
import { waitAtMost } from "../time-limit.server";
import { traceStatement } from "../tracing.server";

/** A row, and the instant it is exact as of where a replica gave it: that of the replica's position, not the clock's. */
export type ReplicaAnswer = { row: unknown; asOf: string | null };

type Position = { asOf: string | null };

/**
 * How far a replica is, in the primary's clock. Two things are known: everything up to the last commit replayed is
 * there; and everything up to the last message from the primary is, once all that it announced is replayed. The second
 * keeps the replica of an idle primary young, for they talk every half minute at the least; a role without pg_monitor
 * sees only the first. Null when neither is known, as after a restart. One that was promoted is of now.
 */
const positionStatement = `
select ${toIsoSql(`timezone(
  'utc',
  case
    when not pg_is_in_recovery() then now()
    else greatest(
      pg_last_xact_replay_timestamp(),
      (
        select w.last_msg_send_time
        from pg_stat_wal_receiver w
        where w.status = 'streaming'
          and w.latest_end_lsn <= pg_last_wal_replay_lsn()
      )
    )
  end
)`)} as "asOf"`;

/**
 * From a failure until the replica gives a sign of life reads go to the primary, so that none waits in vain. And when it was
 * last said that the replica does not know its position.
 */
const replicaState = perEngine(() => ({ isResting: false, warnedAt: Number.NEGATIVE_INFINITY }));
const wakeIntervalMs = 1_000;

/**
 * One whose machine is gone says nothing at all. Nothing that comes later would be of use: Prisma refuses to commit what
 * took longer than these five seconds.
 */
const answerLimitMs = 5_000;

/**
 * Runs a statement of one row on the replica, if there is one, it answers in time and knows its position; else on the primary,
 * which is as exact and only busier.
 */
export async function queryReplicaFirst(engine: Engine, sql: string, values: Values): Promise<ReplicaAnswer> {
  const { db, replicaDb, log } = engine;
  const statement = compile(engine, sql, values);
  if (replicaDb && !replicaState(engine).isResting) {
    try {
      const answer = await waitAtMost(answerLimitMs, queryReplica(replicaDb, statement));
      if (answer.asOf !== null) return answer;
      warnOfPosition(engine);
    } catch (error) {
      log.warn({ error: toErrorMessage(error) }, "the replica failed a read; the primary serves it");
      void restReplica(engine, replicaDb);
    }
  }
  const { text, values: list, name, attributes } = statement;
  const [row] = await traceStatement(name, attributes, () => db.$queryRawUnsafe<unknown[]>(text, ...list));
  return { row, asOf: null };
}

/** One line a minute, for each read may come by here. */
const warnIntervalMs = 60_000;

/** A replica that can't tell how far it is serves no read: the primary has them all, as if there were no replica. */
function warnOfPosition(engine: Engine): void {
  const { log } = engine;
  const state = replicaState(engine);
  if (performance.now() - state.warnedAt < warnIntervalMs) return;
  state.warnedAt = performance.now();
  log.warn("the replica does not know its position; the primary serves its reads");
}

/** The instant that the replica is exact as of, or null when it can't tell. Rejects when it does not answer. */
export async function getReplicaPosition(replica: Database): Promise<string | null> {
  const [position] = await replica.$queryRawUnsafe<Position[]>(positionStatement);
  return position?.asOf ?? null;
}

/**
 * The position first and the statement after it, so that its snapshot is no older than the position says. In one
 * transaction and so on one connection: behind one address there can be several replicas.
 */
async function queryReplica(
  replica: Database,
  { text, values, name, attributes }: ReturnType<typeof compile>,
): Promise<ReplicaAnswer> {
  const [[position], [row]] = await traceStatement(`${name} on the replica`, attributes, () =>
    replica.$transaction([
      replica.$queryRawUnsafe<Position[]>(positionStatement),
      replica.$queryRawUnsafe<unknown[]>(text, ...values),
    ]),
  );
  return { row, asOf: position?.asOf ?? null };
}

/** The failure may be the statement's own: a replica that still answers is asked again at once. */
async function restReplica(engine: Engine, replica: Database): Promise<void> {
  const state = replicaState(engine);
  if (state.isResting) return;
  state.isResting = true;
  while (state.isResting && !isStopRequested(engine)) {
    try {
      await waitAtMost(answerLimitMs, getReplicaPosition(replica));
      state.isResting = false;
    } catch (error) {
      engine.log.debug({ error: toErrorMessage(error) }, "the replica gives no sign of life yet");
      await pause(wakeIntervalMs, undefined, { ref: false });
    }
  }
}
