// The end of the process: a signal stops every rollup that was started here, and each comes to the end of its step.

type Stop = () => Promise<void>;

const signals = ["SIGTERM", "SIGINT"] as const;

// Kept across hot reloads, by the rollup's name, so that a reloaded module takes the place of the one before.
const held = globalThis as typeof globalThis & { rollupStops?: Map<string, Stop>; rollupSignals?: boolean };

/** Stops a rollup when a signal asks the process to end. Without a handler of the host's own the process then ends. */
export function stopAtEnd(name: string, stop: Stop): void {
  held.rollupStops ??= new Map();
  held.rollupStops.set(name, stop);
  if (held.rollupSignals) return;
  held.rollupSignals = true;
  // Before the host's own, which may be gone once it was called.
  for (const signal of signals) process.prependListener(signal, endWith);
}

/** The same rollup is stopped already. */
export function forgetEnd(name: string): void {
  held.rollupStops?.delete(name);
  if (held.rollupStops?.size !== 0 || !held.rollupSignals) return;
  held.rollupSignals = false;
  for (const signal of signals) process.removeListener(signal, endWith);
}

/** A listener takes the signal's own effect away, so where there is no other one it is sent again when all is settled. */
function endWith(signal: NodeJS.Signals): void {
  const isAlone = process.listenerCount(signal) === 1;
  const stops = [...(held.rollupStops?.values() ?? [])].map((stop) => stop());
  void Promise.allSettled(stops).then(() => {
    if (isAlone) process.kill(process.pid, signal);
  });
}
