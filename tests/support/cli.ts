import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { shortLived } from "../setup/settings";

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

export type CliEnd = { code: number | null; stdout: string; stderr: string };

export type CliProcess = { kill: (signal: NodeJS.Signals) => void; end: Promise<CliEnd> };

/** What a command is started with: its whole environment, and the project's folder. */
type CliPlace = { env: Record<string, string>; cwd?: string };

/** Starts a command with this environment and none of this process's. */
export function spawnCli(args: string[], { env, cwd = process.cwd() }: CliPlace): CliProcess {
  return follow("node", [...shortLived, "--import", "tsx", "cli/main.ts", ...args], { env, cwd });
}

/** Runs a command to its end. */
export function endCli(args: string[], place: CliPlace): Promise<CliEnd> {
  return spawnCli(args, place).end;
}

/** Runs a line as one that was copied into a shell. */
export function endShell(line: string, { env, cwd = process.cwd() }: CliPlace): Promise<CliEnd> {
  return follow("sh", ["-c", line], { env, cwd }).end;
}

function follow(file: string, args: string[], { env, cwd }: Required<CliPlace>): CliProcess {
  const { PATH = "", HOME = "" } = process.env;
  const environment: NodeJS.ProcessEnv = { PATH, HOME, NODE_ENV: "production", ...env };
  const child = spawn(file, args, { cwd, env: environment, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (chunk) => {
      text[name] += chunk;
    });
  }
  const end = new Promise<CliEnd>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...text }));
  });
  return { kill: (signal) => void child.kill(signal), end };
}
