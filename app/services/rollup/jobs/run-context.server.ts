import { AsyncLocalStorage } from "node:async_hooks";
import type { RunKind } from "./ledger.server";

// Which run the code at work belongs to, through all layers, without being handed down: a host's log asks here, and the
// lines of a client or a pool of the host's say it as well.

type CurrentRun = { runId: string; kind: RunKind };

const storage = new AsyncLocalStorage<CurrentRun>();

/** Does `work`, and all that it begins, as that run's. */
export function inRun<T>(run: CurrentRun, work: () => T): T {
  return storage.run(run, work);
}

/** The run that the caller's code is at work for, in whichever rollup of this process, or undefined outside of runs. */
export function getCurrentRun(): CurrentRun | undefined {
  return storage.getStore();
}

/** The id of that run: for each line of a host's log. */
export function getRunId(): string | undefined {
  return getCurrentRun()?.runId;
}
