/** The exit code of a process that Ctrl-C has stopped. */
export const stoppedCode = 130;

/** The first Ctrl-C lets the statement at work end; a second one ends the process, and the server that statement. */
export function stopOnSignals(write: (line: string) => void): { signal: AbortSignal; forget: () => void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(stoppedCode);
    write("Stops after the statement at work.");
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
