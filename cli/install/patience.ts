import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { Step } from "../../app/services/rollup/install/step";
import { watchBlockers } from "./blockers";
import type { Sessions } from "./connect";

/** How long a statement waits for a lock on a host table, and how long it lets others go first before it tries again. */
export type Patience = { lockTimeoutMs: number; pauseMs: number; maxPauseMs: number };

export const defaultPatience: Patience = { lockTimeoutMs: 1_000, pauseMs: 500, maxPauseMs: 15_000 };

/** What an install works with. It waits for `onStep` and `onSlice` when one is done. */
export type Conditions = Sessions & {
  patience: Patience;
  signal: AbortSignal;
  report: (line: string) => void;
  onStep?: (step: Step) => unknown;
  onSlice?: () => unknown;
};

/** Thrown between two statements when the install is to stop. */
export class InstallStopped extends Error {
  constructor() {
    super("Stopped. What is done stays done: the same command goes on from here.");
  }
}

type Results = pg.QueryResult[];

/** lock_not_available and deadlock_detected. */
const lostCodes = ["55P03", "40P01"];

/**
 * Runs a script in one transaction, as one message, so that its locks last for no round trip. Where a lock is not to be
 * had within the time limit it gives up its place in line, lets those who came after it pass, and tries again after a
 * pause that grows.
 *
 * @throws InstallStopped when the signal is aborted meanwhile.
 */
export async function runPatiently(conditions: Conditions, what: string, script: string): Promise<Results> {
  const { work, patience } = conditions;
  let limitMs = patience.lockTimeoutMs;
  return tryAgain(conditions, what, {
    attempt: async () => {
      const results = await work.query(`begin;\nset local lock_timeout = ${limitMs};\n${script}\n;commit;`);
      return results as unknown as Results;
    },
    // The server cancels an autovacuum that is in the way when someone has waited for deadlock_timeout, and not before.
    giveWay: async (isAutovacuum) => {
      const { rows } = await work.query<{ ms: number }>(
        "select setting::int as ms from pg_settings where name = 'deadlock_timeout'",
      );
      limitMs = isAutovacuum ? Math.max(patience.lockTimeoutMs, (rows[0]?.ms ?? 1_000) + 200) : patience.lockTimeoutMs;
    },
  });
}

/**
 * Runs a statement that can be in no transaction and keeps nobody waiting while it waits itself: without a time limit.
 * `prepare` runs before each attempt.
 */
export async function runUnhurried(
  conditions: Conditions,
  what: string,
  { sql, prepare }: { sql: string; prepare: () => Promise<void> },
): Promise<void> {
  await tryAgain(conditions, what, {
    attempt: async () => {
      await prepare();
      await conditions.work.query(sql);
    },
    giveWay: async () => undefined,
  });
}

type Attempts<Value> = { attempt: () => Promise<Value>; giveWay: (isAutovacuum: boolean) => Promise<void> };

async function tryAgain<Value>(
  conditions: Conditions,
  what: string,
  { attempt, giveWay }: Attempts<Value>,
): Promise<Value> {
  const { work, look, pid, patience, signal, report } = conditions;
  for (let tries = 1; ; tries += 1) {
    if (signal.aborted) throw new InstallStopped();
    const everyMs = Math.max(20, patience.lockTimeoutMs / 3);
    const watch = watchBlockers(look, {
      ...{ pid, everyMs },
      report: (blockers) => report(`  ${what} waits for ${blockers.map(({ text }) => text).join("; ")}`),
    });
    try {
      const value = await attempt();
      await watch.stop();
      return value;
    } catch (error) {
      const blockers = await watch.stop();
      if (!lostCodes.includes((error as { code?: string }).code ?? "")) throw error;
      await work.query("rollback");
      await giveWay(blockers.some(({ isAutovacuum }) => isAutovacuum));
      report(`  ${what}: no lock in ${patience.lockTimeoutMs} ms, lets others go first and tries again`);
      await pause(conditions, tries);
    }
  }
}

/** A pause that grows with the number of tries, and is never the same twice. */
export async function pause({ patience, signal }: Pick<Conditions, "patience" | "signal">, tries: number) {
  const ms = Math.min(patience.pauseMs * 1.6 ** (tries - 1), patience.maxPauseMs) * (0.5 + Math.random());
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  if (signal.aborted) throw new InstallStopped();
}
