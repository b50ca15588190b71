// The end of the process: a signal stops every rollup that was started here, and each comes to the end of its step.

type Stop = () => Promise<void>;

const signals = ["SIGTERM", "SIGINT"] as const;

// Kept across hot reloads, by the rollup's name, so that a reloaded module takes the place of the one before.
const held = globalThis as typeof globalThis & {
  rollupStops?: Map<string, Stop>;
  /** The listener that is there, which may be that of a module before. */
  rollupListener?: ((signal: NodeJS.Signals) => void) | undefined;
  /** Of work that a signal has stopped and that is not settled yet. */
  isRollupEnding?: boolean;
};

/** Stops a rollup when a signal asks the process to end. Without a handler of the host's own the process then ends. */
export function stopAtEnd(name: string, stop: Stop): void {
  held.rollupStops ??= new Map();
  held.rollupStops.set(name, stop);
  if (held.rollupListener) return;
  held.rollupListener = endWith;
  // Before the host's own, which may be gone once it was called.
  for (const signal of signals) process.prependListener(signal, endWith);
}

/** The same rollup is stopped already. */
export function forgetEnd(name: string): void {
  held.rollupStops?.delete(name);
  if (!held.isRollupEnding) stopListening();
}

function stopListening(): void {
  const { rollupListener } = held;
  if (held.rollupStops?.size !== 0 || !rollupListener) return;
  held.rollupListener = undefined;
  for (const signal of signals) process.removeListener(signal, rollupListener);
}

/**
 * A listener takes the signal's own effect away, so where no other one ends the process the signal is sent again when all
 * is settled. Until then it stays, since listeners of the package signal-exit end the process once they are alone.
 */
function endWith(signal: NodeJS.Signals): void {
  const isAlone = process.listenerCount(signal) - countSignalExits() === 1;
  held.isRollupEnding = true;
  const stops = [...(held.rollupStops?.values() ?? [])].map((stop) => stop());
  void Promise.allSettled(stops).then(() => {
    held.isRollupEnding = false;
    stopListening();
    if (isAlone) process.kill(process.pid, signal);
  });
}

/**
 * How many listeners are of signal-exit, which many packages bring, among them proper-lockfile. It keeps their number for
 * others to know: version 3 at the process, version 4 at the global object.
 */
function countSignalExits(): number {
  const emitters = [
    Reflect.get(process, "__signal_exit_emitter__"),
    Reflect.get(globalThis, Symbol.for("signal-exit emitter")),
  ] as ({ count?: number } | undefined)[];
  return emitters.reduce((sum, emitter) => sum + (emitter?.count ?? 0), 0);
}
