import { findDefinitionObstacle } from "../definition/state.server";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { toErrorMessage } from "../error.server";
import { getLastRuns, type LastRuns } from "../jobs/ledger.server";
import { getOldestMark } from "../marks/oldest-mark.server";
import { execute, readClock } from "../query.server";
import { getReplicaPosition } from "../read/replica.server";
import { waitAtMost } from "../time-limit.server";
import { readFailingShops } from "./failing-shop.server";
import type { FailingShops } from "./failing-shop-list.server";
import { listTroubles, type Trouble } from "./trouble.server";
import { findWriteObstacle } from "./writable.server";

// What the health check sees of the database. Whoever may ask for it, it costs a few short statements a second: one look
// serves all who ask within a second, the database itself ends a statement that takes long, and the connections are not
// those of pages and runs.

/** How long a look serves those who come after it. */
const shareMs = 1_000;
/** After this a look that has not come to its end keeps nobody from another: its connection may be dead. */
const stuckMs = 10_000;
/** Looks that may be at work: the reserved connections are not the health check's alone. */
const maxLooks = 2;
const statementLimitMs = 2_000;
const listedShops = 100;

/** A part of a look: what was read, or why it could not be. */
type Seen<T> = { value: T; error: null } | { value: null; error: string };

/** The database's clock, and why this process can't write it, or null when it can. */
type State = { now: Date; obstacle: string | null };
type Ledger = { runs: LastRuns; troubles: Trouble[]; failing: FailingShops };

export type Look = {
  state: Seen<State>;
  ledger: Seen<Ledger>;
  oldestMark: Seen<Date | null>;
  /** Null where there is no replica. */
  replica: Seen<string | null> | null;
};

type Begun = { look: Promise<Look>; begunAt: number; isAtWork: boolean };

const looks = perEngine((): { latest: Begun | undefined; atWork: number } => ({ latest: undefined, atWork: 0 }));

/** The look of the last second, or a new one. For anyone: however many ask, the database is asked once a second. */
export function shareLook(engine: Engine): Promise<Look> {
  const { latest } = looks(engine);
  if (latest) {
    const ageMs = performance.now() - latest.begunAt;
    if (ageMs < shareMs || (latest.isAtWork && ageMs < stuckMs)) return latest.look;
  }
  return takeLook(engine);
}

/** A new look, unless two are at work already that have not come to their end. Never rejects. */
export function takeLook(engine: Engine): Promise<Look> {
  const known = looks(engine);
  if (known.latest && known.atWork >= maxLooks) return known.latest.look;
  const { pingLimitMs } = engine.settings;
  const [primary, replica] = [lookAtPrimary(engine), lookAtReplica(engine)];
  const look = Promise.all([limit(pingLimitMs, primary), replica && limit(pingLimitMs, replica)]).then(
    ([seen, position]) => ({
      ...(seen.error === null ? seen.value : { state: seen, ledger: seen, oldestMark: seen }),
      replica: position && (position.error === null ? position.value : position),
    }),
  );
  const begun = { look, begunAt: performance.now(), isAtWork: true };
  known.latest = begun;
  known.atWork += 1;
  void Promise.allSettled([primary, replica]).then(() => {
    begun.isAtWork = false;
    known.atWork -= 1;
  });
  return look;
}

/** One after the other, so that a look has one connection. A part that fails leaves the others their say. */
async function lookAtPrimary(engine: Engine): Promise<Omit<Look, "replica">> {
  const state = await see(inTransaction(engine, (tx) => readState(engine, tx)));
  if (state.error !== null) return { state, ledger: state, oldestMark: state };
  return {
    state,
    ledger: await see(inTransaction(engine, (tx) => readLedger(engine, tx))),
    oldestMark: await see(inTransaction(engine, (tx) => getOldestMark(engine, tx))),
  };
}

function lookAtReplica(engine: Engine): Promise<Seen<string | null>> | null {
  return engine.replicaDb && see(getReplicaPosition(engine.replicaDb));
}

async function readState(engine: Engine, tx: Statements): Promise<State> {
  const now = await readClock(engine, tx);
  return { now, obstacle: (await findWriteObstacle(engine, tx)) ?? (await findDefinitionObstacle(engine, tx)) };
}

async function readLedger(engine: Engine, tx: Statements): Promise<Ledger> {
  return {
    runs: await getLastRuns(engine, tx),
    troubles: await listTroubles(engine, tx),
    failing: await readFailingShops(engine, tx, listedShops),
  };
}

/** The limit holds in the database, which ends the statement. Poolers would drop one that is set with the connection. */
function inTransaction<T>(engine: Engine, read: (tx: Statements) => Promise<T>): Promise<T> {
  const { pingLimitMs } = engine.settings;
  return engine.reservedDb.$transaction(
    async (tx) => {
      await execute(engine, `set local statement_timeout = ${statementLimitMs}`, {}, tx);
      return read(tx);
    },
    { maxWait: pingLimitMs, timeout: pingLimitMs },
  );
}

/** For one who waits: the work itself may go on. */
function limit<T>(limitMs: number, work: Promise<T>): Promise<Seen<T>> {
  return see(waitAtMost(limitMs, work));
}

async function see<T>(work: Promise<T>): Promise<Seen<T>> {
  try {
    return { value: await work, error: null };
  } catch (error) {
    return { value: null, error: toErrorMessage(error) };
  }
}
