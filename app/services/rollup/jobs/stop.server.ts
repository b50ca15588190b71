import { type Engine, perEngine } from "../engine.server";

// A process that is told to end lets runs and rebuilds come to the end of their step, not of their work: the change log
// and a rebuild's cursor hold what is left for the next one.

const held = perEngine(() => ({ controller: new AbortController() }));

/** Aborts when the work is asked to stop. Each time that work is allowed anew there is a new one. */
export function getStopSignal(engine: Engine): AbortSignal {
  return held(engine).controller.signal;
}

export function isStopRequested(engine: Engine): boolean {
  return getStopSignal(engine).aborted;
}

/** Asks the work of this process to stop after the step that it is at. */
export function requestStop(engine: Engine): void {
  held(engine).controller.abort(new StopRequested());
}

/** Lets work begin, after an earlier request to stop too. */
export function allowWork(engine: Engine): void {
  if (isStopRequested(engine)) held(engine).controller = new AbortController();
}

/** Thrown to end work between two of its steps, and the reason of the stop signal. */
export class StopRequested extends Error {
  constructor() {
    super("This process was told to end.");
  }
}
