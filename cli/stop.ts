import { exitCodes } from "./exit-codes";

/** What the first signal does: `signal` is aborted by it. `forget` gives the signals their own effect back. */
export type Stop = { signal: AbortSignal; forget: () => void };

/**
 * The first Ctrl-C, or SIGTERM, says `sentence` and lets the work come to its end in order; a second one ends the process,
 * and the server the statement at work.
 */
export function stopOnSignals(say: (line: string) => void, sentence = "Stops after the statement at work."): Stop {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(exitCodes.stopped);
    say(sentence);
    controller.abort();
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, stop);
  return {
    signal: controller.signal,
    forget: () => {
      for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, stop);
    },
  };
}
