import type { Engine } from "./engine.server";
import { toErrorMessage } from "./error.server";
import type { RunKind, RunOutcome, RunTrigger } from "./jobs/ledger.server";

/** A run has ended in this process. `unopened`: the ledger could not be written, so that it has no row of it. */
type RunEnded = {
  rollup: string;
  kind: RunKind;
  trigger: RunTrigger;
  status: RunOutcome["status"] | "unopened";
  durationMs: number;
};

/** Days were recounted, and that has committed. `kind` is the run's, or null outside of runs. */
type Recounted = {
  rollup: string;
  kind: RunKind | null;
  days: number;
  rowsWritten: number;
  rowsDeleted: number;
  /** Sealed days whose source rows have changed since, and whose marks were dropped. */
  droppedMarks: number;
};

/** What a verification has found, and what was wrong still after its repair. */
type Verified = {
  rollup: string;
  compared: number;
  drifted: number;
  driftedAfter: number;
  /** Shops whose sealed rows are not as they were sealed. */
  brokenSeals: number;
};

/** A step failed and was done another way, or once more. There are a handful of steps, each named by a constant. */
type FellBack = { rollup: string; step: string };

/** An alert was raised. `delivery`: what became of its post, or `none` where no address is set. */
type AlertRaised = { rollup: string; level: "error" | "info"; delivery: "delivered" | "failed" | "none" };

/**
 * What a rollup tells whoever wants to count, each when it has happened. `rollup` is the engine's name, so that one
 * observer serves several. A call that throws is logged and stops no run.
 */
export type Observer = {
  runEnded?: (event: RunEnded) => void;
  recounted?: (event: Recounted) => void;
  verified?: (event: Verified) => void;
  fellBack?: (event: FellBack) => void;
  alertRaised?: (event: AlertRaised) => void;
};

type Event<Name extends keyof Observer> = Omit<Parameters<NonNullable<Observer[Name]>>[0], "rollup">;

/** Tells the host's observer, where there is one. Never throws. */
export function tell<Name extends keyof Observer>(engine: Engine, name: Name, event: Event<Name>): void {
  try {
    const observe = engine.observer[name] as ((event: object) => void) | undefined;
    observe?.({ rollup: engine.name, ...event });
  } catch (error) {
    engine.log.warn({ event: name, error: toErrorMessage(error) }, "the host's observer failed");
  }
}
