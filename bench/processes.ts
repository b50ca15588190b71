import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { findFreePort } from "../tests/setup/server";

export type ServerProcess = {
  origin: string;
  /** The most memory that the process has had resident, in MB, or null where the system does not tell. */
  readPeakMb: () => number | null;
  /** The memory that it has resident now. */
  readMb: () => number | null;
  stop: () => Promise<void>;
};

const startTimeoutMs = 30_000;

/** Starts the built server in a process of its own and waits until it serves. */
export async function startServer(environment: Record<string, string>, script = "server.js"): Promise<ServerProcess> {
  const port = await findFreePort();
  const loader = script.endsWith(".ts") ? ["--import", "tsx"] : [];
  const child = spawn(process.execPath, [...loader, script], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "production", ...environment, PORT: `${port}` },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const origin = `http://127.0.0.1:${port}`;
  try {
    await waitUntilUp(child, origin);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  return {
    origin,
    readPeakMb: () => readMb(child.pid, "VmHWM"),
    readMb: () => readMb(child.pid, "VmRSS"),
    stop: () => stop(child),
  };
}

async function waitUntilUp(child: ChildProcess, origin: string): Promise<void> {
  const deadline = performance.now() + startTimeoutMs;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode} before it was up.`);
    const isUp = await fetch(`${origin}/healthz`).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((later) => setTimeout(later, 50));
  }
  throw new Error(`The server was not up within ${startTimeoutMs} ms.`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}

function readMb(pid: number | undefined, field: "VmHWM" | "VmRSS"): number | null {
  try {
    const kilobytes = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes ? Math.round(Number(kilobytes) / 1024) : null;
  } catch {
    return null;
  }
}

/** As Node chooses by itself on a host of half a gigabyte. On a large one it puts off collecting its garbage. */
export const heapLimit = { NODE_OPTIONS: "--max-old-space-size=256" };
