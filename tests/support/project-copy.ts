import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach } from "vitest";

const run = promisify(execFile);

/** The project in a folder of its own, to be changed, generated and built there. */
export type ProjectCopy = {
  folder: string;
  read: (path: string) => string;
  write: (path: string, text: string) => void;
  /** Puts `text` after the one place where `anchor` stands. */
  addAfter: (path: string, anchor: string, text: string) => void;
  /** Runs a command in the folder, and returns what it writes. Rejects where it fails, with all of that. */
  run: (command: string, env?: Record<string, string>) => Promise<string>;
};

/** What is made from the rest, and what is no part of the project. A developer's settings are for the developer's database. */
const leftOut = [".env", "node_modules", "build", ".git", ".data", "test-results", "e2e-artifacts", "coverage"];

/** Packages that a command changes: `prisma generate` writes into them. */
const copiedPackages = [".prisma", "@prisma"];

let folders: string[] = [];

afterEach(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders = [];
});

export function copyProject(): ProjectCopy {
  const folder = mkdtempSync(join(tmpdir(), "rollup-copy-"));
  folders.push(folder);
  for (const name of readdirSync(".")) {
    if (!leftOut.includes(name)) cpSync(name, join(folder, name), { recursive: true });
  }
  mkdirSync(join(folder, "node_modules"));
  for (const name of readdirSync("node_modules")) {
    const [from, to] = [join(process.cwd(), "node_modules", name), join(folder, "node_modules", name)];
    if (copiedPackages.includes(name)) cpSync(from, to, { recursive: true });
    else symlinkSync(from, to);
  }

  const read = (path: string) => readFileSync(join(folder, path), "utf8");
  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return {
    folder,
    read,
    write,
    addAfter(path, anchor, text) {
      const parts = read(path).split(anchor);
      if (parts.length !== 2) throw new Error(`${path} has ${parts.length - 1} times ${JSON.stringify(anchor)}.`);
      write(path, parts.join(anchor + text));
    },
    async run(command, env = {}) {
      const [file = "", ...args] = command.split(" ");
      const { PATH, HOME } = process.env;
      const inherited: NodeJS.ProcessEnv = { PATH, HOME, NODE_ENV: "production" };
      try {
        const { stdout } = await run(file, args, { cwd: folder, env: { ...inherited, ...env } });
        return stdout;
      } catch (error) {
        const { stdout, stderr } = error as { stdout: string; stderr: string };
        throw new Error(`${command} failed: ${stdout}${stderr}`);
      }
    },
  };
}
