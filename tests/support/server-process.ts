import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { afterEach } from "vitest";
import { findFreePort } from "../setup/server";
import { shortLived, testEnv } from "../setup/settings";
import { waitFor } from "./wait";

export type ServerProcess = {
  url: string;
  port: number;
  pid: number;
  /** All it has written, on both streams. */
  output: () => string;
  stderr: () => string;
  /** Its exit code, or the signal that ended it. */
  exited: Promise<number | NodeJS.Signals | null>;
  kill: (signal: NodeJS.Signals) => Promise<number | NodeJS.Signals | null>;
};

type Environment = Record<string, string>;

let running: ChildProcess[] = [];

afterEach(async () => {
  for (const child of running) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }
  running = [];
});

type Place = {
  /** The folder with server.js in it. */
  project?: string;
  /** The folder that it is started from. */
  cwd?: string;
};

/** Starts the built server with these variables and none of this process's. It need not come up. */
export async function spawnServer(
  env: Environment,
  { project = process.cwd(), cwd = project }: Place = {},
): Promise<ServerProcess> {
  const port = await findFreePort();
  const child = spawn(process.execPath, [...shortLived, join(project, "server.js")], {
    cwd,
    env: {
      PATH: process.env.PATH ?? "",
      ...testEnv,
      NODE_ENV: "production",
      LOG_LEVEL: "debug",
      PORT: `${port}`,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  const text = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    text.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    text.err += chunk;
  });
  const exited = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  if (child.pid === undefined) throw new Error("The server's process did not start.");
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid,
    output: () => text.out + text.err,
    stderr: () => text.err,
    exited,
    kill(signal) {
      child.kill(signal);
      return exited;
    },
  };
}

/** Starts the built server and waits until it serves. */
export async function startServer(env: Environment, place?: Place): Promise<ServerProcess> {
  const server = await spawnServer(env, place);
  let ended: unknown;
  void server.exited.then((code) => {
    ended = code ?? "no code";
  });
  await waitFor("the server to be up", async () => {
    if (ended !== undefined) throw new Error(`The server ended with ${ended}: ${server.output()}`);
    return server.output().includes("the server is up");
  });
  return server;
}
