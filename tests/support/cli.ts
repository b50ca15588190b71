import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Starts a command of the command line as an operator does. */
export function startCli(url: string, ...args: string[]) {
  return run("node", ["--import", "tsx", "cli/main.ts", ...args], { env: { ...process.env, DATABASE_URL: url } });
}

/** The exit code of a command, and all that it has printed. */
export function toEnd(command: ReturnType<typeof startCli>): Promise<{ code: number; text: string }> {
  return command.then(
    ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
    (error) => ({ code: error.code, text: error.stdout + error.stderr }),
  );
}
