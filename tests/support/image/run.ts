import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Image } from "./build";

type Child = ChildProcessByStdio<null, Readable, Readable>;

type Ended = { code: number | NodeJS.Signals | null; output: string };

export type InImage = { child: Child; output: () => string; ended: Promise<Ended> };

/** Makes the image's files read-only for its user, as its root file system is to be, with a /tmp of its own. */
export function seal(image: Image): void {
  const tmp = join(image.root, "tmp");
  mkdirSync(tmp, { recursive: true });
  execFileSync("chmod", ["-R", "a-w", image.workdir]);
  chmodSync(tmp, 0o777);
}

/** Makes it removable again. */
export function unseal(image: Image): void {
  execFileSync("chmod", ["-R", "u+w", image.root]);
}

/** Starts a command in the image, with its variables and these, and nothing else of this process's. */
export function spawnInImage(
  image: Image,
  [file = "", ...args]: string[],
  variables: Record<string, string> = {},
): InImage {
  const tmp = join(image.root, "tmp");
  const env: Record<string, string | undefined> = {
    PATH: process.env.PATH,
    HOME: tmp,
    TMPDIR: tmp,
    ...image.variables,
    ...variables,
  };
  const child: Child = spawn(file, args, {
    cwd: image.workdir,
    env: env as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
    ...(userInfo().uid === 0 && image.user),
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code: code ?? signal, output }));
  });
  return { child, output: () => output, ended };
}
