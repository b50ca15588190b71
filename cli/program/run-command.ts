import type { ExitCode } from "../exit-codes";

type Work = (...args: never[]) => Promise<ExitCode>;

/**
 * Makes a command's action of what loads its work: so that help, and one command, load none of another's modules. The
 * exit code of the work is the command's.
 */
export type Run = (load: () => Promise<Work>) => (...args: unknown[]) => Promise<void>;
