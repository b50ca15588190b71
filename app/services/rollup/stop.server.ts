// A process that is told to end lets runs and rebuilds come to the end of their step, not of their work: the change log
// and a rebuild's cursor hold what is left for the next one.

let isStopping = false;

/** Asks the work of this process to stop behind the step that it is at. */
export function requestStop(): void {
  isStopping = true;
}

/** Lets work begin, after an earlier request to stop too. */
export function allowWork(): void {
  isStopping = false;
}

export function isStopRequested(): boolean {
  return isStopping;
}
