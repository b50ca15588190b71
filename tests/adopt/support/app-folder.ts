import { execFile, execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll } from "vitest";
import { findFreePort } from "../../setup/server";
import { shortLived, testEnv } from "../../setup/settings";
import { waitFor } from "../../support/wait";

const run = promisify(execFile);

export type AppKind = "remix" | "react-router";

/** An app in a folder of its own, with the packages that its package.json names and no others. */
export type AppUnderTest = {
  folder: string;
  env: Record<string, string>;
  read: (path: string) => string;
  write: (path: string, text: string) => void;
  link: () => void;
  /** Runs a shell command there or in another folder, and returns what it writes. Rejects where it fails, with all of that. */
  sh: (command: string, cwd?: string) => Promise<string>;
  /** Runs `npm start` until it answers. */
  start: () => Promise<{ url: string; output: () => string; stop: () => Promise<number | NodeJS.Signals | null> }>;
};

const reactRouterPackages = "tests/adopt/react-router-packages";
/** Prisma's generator writes into them. */
const copied = ["@prisma/client"];

const cleanups: (() => void)[] = [];
afterAll(() => {
  for (const clean of cleanups.splice(0)) clean();
});

/** The packages of React Router, which this project itself does not have. */
export function installReactRouter(): void {
  if (existsSync(join(reactRouterPackages, "node_modules/.package-lock.json"))) return;
  execFileSync("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"], {
    cwd: reactRouterPackages,
    stdio: "pipe",
  });
}

export function makeAppFolder(kind: AppKind, databaseUrl: string): AppUnderTest {
  const folder = mkdtempSync(join(tmpdir(), `adopt-${kind}-`));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ["both", kind]) cpSync(join("tests/adopt/hosts", name), folder, { recursive: true });
  const { PATH = "", HOME = "" } = process.env;
  const env = {
    ...{ PATH, HOME, NODE_ENV: "production", DATABASE_URL: databaseUrl },
    ...testEnv,
    ENGINE_ADAPTER: join(process.cwd(), "prisma/schema-engine-adapter.ts"),
  };
  const app: AppUnderTest = {
    folder,
    env,
    read: (path) => readFileSync(join(folder, path), "utf8"),
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    link: () => linkPackages(folder, kind === "react-router" ? [reactRouterPackages, "."] : ["."]),
    async sh(command, cwd = folder) {
      try {
        // As npx does, without its own start, nor the compiling that a short process has no use for.
        const quick = command.replace(
          /^npx prisma /,
          `node ${shortLived.join(" ")} ${folder}/node_modules/.bin/prisma `,
        );
        const { stdout, stderr } = await run("bash", ["-c", quick], { cwd, env, maxBuffer: 1e8 });
        return stdout + stderr;
      } catch (error) {
        const { stdout, stderr } = error as { stdout: string; stderr: string };
        throw new Error(`${command} failed: ${stdout}${stderr}`);
      }
    },
    start: () => startApp(app),
  };
  app.link();
  return app;
}

/** As pnpm lays packages out: those of package.json are there, and what these need beside themselves. */
function linkPackages(folder: string, from: string[]): void {
  const json = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  for (const name of Object.keys({ ...json.dependencies, ...json.devDependencies })) {
    const target = join(modules, name);
    if (existsSync(target)) continue;
    const own = from.map((place) => join(place, "node_modules", name)).find(existsSync);
    if (!own) throw new Error(`The app names ${name}, which is not installed here.`);
    mkdirSync(dirname(target), { recursive: true });
    if (copied.includes(name)) cpSync(own, target, { recursive: true });
    else symlinkSync(join(process.cwd(), own), target);
    const { bin = {} } = JSON.parse(readFileSync(join(own, "package.json"), "utf8"));
    const commands = typeof bin === "string" ? { [name.split("/").at(-1) ?? name]: bin } : bin;
    for (const [command, path] of Object.entries<string>(commands)) {
      symlinkSync(join(target, path), join(modules, ".bin", command));
    }
  }
}

async function startApp({ folder, env }: AppUnderTest) {
  const port = await findFreePort();
  const { start = "" } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).scripts;
  const [command, ...args] = String(start).split(" ");
  const child = spawn(process.execPath, [...shortLived, join(folder, "node_modules/.bin", command ?? ""), ...args], {
    cwd: folder,
    env: { ...env, NODE_ENV: "production", PORT: `${port}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
  const exited = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once("close", (code, signal) => resolve(code ?? signal)),
  );
  cleanups.push(() => child.kill("SIGKILL"));
  const url = `http://localhost:${port}`;
  await waitFor("the app to answer", async () => {
    if (child.exitCode !== null) throw new Error(`The app ended with ${child.exitCode}: ${text}`);
    return fetch(url).then(
      () => true,
      () => false,
    );
  });
  return {
    url,
    output: () => text,
    stop() {
      child.kill("SIGTERM");
      return exited;
    },
  };
}
