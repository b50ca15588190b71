import type { Prisma } from "@prisma/client";
import { findDefinitionObstacle } from "./definition-state.server";
import { toErrorMessage } from "./error.server";
import { readFailingShops } from "./failing-shop.server";
import type { FailingShops } from "./failing-shop-record.server";
import { pingLimitMs, readClock, replicaDb, reservedDb } from "./host.server";
import { getLastRuns, type LastRuns } from "./ledger.server";
import { getOldestMark } from "./oldest-mark.server";
import { getReplicaPosition } from "./replica.server";
import { waitAtMost } from "./time-limit.server";
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
export type Seen<T> = { value: T; error: null } | { value: null; error: string };

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

let latest: { look: Promise<Look>; begunAt: number; isAtWork: boolean } | undefined;
let looksAtWork = 0;

/** The look of the last second, or a new one. For anyone: however many ask, the database is asked once a second. */
export function shareLook(): Promise<Look> {
  if (latest) {
    const ageMs = performance.now() - latest.begunAt;
    if (ageMs < shareMs || (latest.isAtWork && ageMs < stuckMs)) return latest.look;
  }
  return takeLook();
}

/** A new look, unless two are at work already that have not come to their end. Never rejects. */
export function takeLook(): Promise<Look> {
  if (latest && looksAtWork >= maxLooks) return latest.look;
  const [primary, replica] = [lookAtPrimary(), replicaDb && see(getReplicaPosition(replicaDb))];
  const look = Promise.all([limit(primary), replica && limit(replica)]).then(([seen, position]) => ({
    ...(seen.error === null ? seen.value : { state: seen, ledger: seen, oldestMark: seen }),
    replica: position && (position.error === null ? position.value : position),
  }));
  const begun = { look, begunAt: performance.now(), isAtWork: true };
  latest = begun;
  looksAtWork += 1;
  void Promise.allSettled([primary, replica]).then(() => {
    begun.isAtWork = false;
    looksAtWork -= 1;
  });
  return look;
}

/** One after the other, so that a look has one connection. A part that fails leaves the others their say. */
async function lookAtPrimary(): Promise<Omit<Look, "replica">> {
  const state = await see(inTransaction(readState));
  if (state.error !== null) return { state, ledger: state, oldestMark: state };
  return { state, ledger: await see(inTransaction(readLedger)), oldestMark: await see(inTransaction(getOldestMark)) };
}

async function readState(tx: Prisma.TransactionClient): Promise<State> {
  return { now: await readClock(tx), obstacle: (await findWriteObstacle(tx)) ?? (await findDefinitionObstacle(tx)) };
}

async function readLedger(tx: Prisma.TransactionClient): Promise<Ledger> {
  return {
    runs: await getLastRuns(tx),
    troubles: await listTroubles(tx),
    failing: await readFailingShops(tx, listedShops),
  };
}

/** The limit holds in the database, which ends the statement. Poolers would drop one that is set with the connection. */
function inTransaction<T>(read: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> {
  return reservedDb.$transaction(
    async (tx) => {
      await tx.$executeRawUnsafe(`set local statement_timeout = ${statementLimitMs}`);
      return read(tx);
    },
    { maxWait: pingLimitMs, timeout: pingLimitMs },
  );
}

/** For one who waits: the work itself may go on. */
function limit<T>(work: Promise<T>): Promise<Seen<T>> {
  return see(waitAtMost(pingLimitMs, work));
}

async function see<T>(work: Promise<T>): Promise<Seen<T>> {
  try {
    return { value: await work, error: null };
  } catch (error) {
    return { value: null, error: toErrorMessage(error) };
  }
}
