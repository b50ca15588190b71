/** What a command's exit code says. Scripts rely on it: docs/command-line.md lists them. */
export const exitCodes = {
  done: 0,
  /** The work failed, or what was looked at is not as it should be. */
  failed: 1,
  /** The arguments or the settings are wrong, or the app refused the input: nothing was written. */
  usage: 2,
  /** Some shops failed, or something is left: the rest is done. */
  partial: 3,
  /** Nobody answered, or whoever did let this caller not in. */
  unreachable: 4,
  /** Ctrl-C, or SIGTERM. */
  stopped: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
