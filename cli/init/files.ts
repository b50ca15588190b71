import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type AppFile, engineFolder } from "./own-files";

/** Keeps what was written, so that what the app's developer has changed since is known. */
const recordPath = `${engineFolder}/.written.json`;

/** What becomes of a file: `kept` is one that differs from what was written, or that was there before. */
export type Outcome = "new" | "renewed" | "same" | "kept" | "removed";

export type Written = { path: string; outcome: Outcome }[];

type WriteOptions = { isDryRun: boolean; forced: string[] };

/**
 * Writes files into an app. One that its developer has changed, or that was there before, stays as it is unless `forced`
 * names it. Files of the engine's that are no longer part of it go, unless they were changed.
 */
export function writeFiles(folder: string, files: AppFile[], { isDryRun, forced }: WriteOptions): Written {
  const record = readRecord(folder);
  const written: Written = [];
  for (const { path, text } of files) {
    const there = readIfThere(join(folder, path));
    const isOurs = there !== null && record.get(path) === toHash(there);
    const outcome =
      there === null ? "new" : there === text ? "same" : isOurs || forced.includes(path) ? "renewed" : "kept";
    written.push({ path, outcome });
    if (outcome !== "kept") record.set(path, toHash(text));
    if (!isDryRun && (outcome === "new" || outcome === "renewed")) write(join(folder, path), text);
  }
  const gone = [...record.keys()].filter(
    (path) => path.startsWith(`${engineFolder}/`) && !files.some((file) => file.path === path),
  );
  for (const path of gone) {
    const there = readIfThere(join(folder, path));
    if (there !== null && record.get(path) !== toHash(there)) continue;
    if (there !== null) written.push({ path, outcome: "removed" });
    record.delete(path);
    if (!isDryRun) rmSync(join(folder, path), { force: true });
  }
  if (!isDryRun)
    write(join(folder, recordPath), `${JSON.stringify(Object.fromEntries([...record].sort()), null, 1)}\n`);
  return written;
}

/** Writes a file of the app's own that something was added to. */
export function writeChanged(
  folder: string,
  { path, text }: AppFile,
  { isDryRun }: Pick<WriteOptions, "isDryRun">,
): boolean {
  if (readIfThere(join(folder, path)) === text) return false;
  if (!isDryRun) write(join(folder, path), text);
  return true;
}

function readRecord(folder: string): Map<string, string> {
  const text = readIfThere(join(folder, recordPath));
  return new Map(text === null ? [] : Object.entries(JSON.parse(text) as Record<string, string>));
}

function readIfThere(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function toHash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
