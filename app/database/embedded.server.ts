import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { type LockOptions, lockSync } from "proper-lockfile";
import { toProjectPath } from "../project.server";

export const defaultEmbeddedDir = ".data/pglite";

/** An embedded database, open and locked against every other process. */
export type EmbeddedDatabase = {
  pglite: PGlite;
  /** Closes the database and lets the folder go. */
  close: () => Promise<void>;
};

type Holder = { pid: number; identity: string | null; host: string; since: string; command: string };

/**
 * Opens the PGlite database in `dir`, which is made when missing; a relative path counts from the project's folder, so
 * that the app and the Prisma CLI open the same one wherever they are started. PGlite has no lock of its own and two processes on
 * one folder corrupt it, so the folder is locked first.
 *
 * @throws Error that says which process holds the folder, when another one does.
 */
export async function openEmbeddedDatabase(dir: string): Promise<EmbeddedDatabase> {
  const path = toProjectPath(dir);
  const unlock = lockFolder(path);
  try {
    // Where there is a server nobody needs its 9 MB.
    const { PGlite } = await import("@electric-sql/pglite");
    const pglite = await PGlite.create(path);
    await pglite.exec("set time zone 'UTC'");
    return {
      pglite,
      async close() {
        await pglite.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/**
 * Locks the database folder `dir`, an absolute path, against every other process. The lock lies beside the folder, which
 * need not exist. Returns the function that lets it go.
 *
 * @throws Error that says which process holds the folder, when another one does.
 */
export function lockFolder(dir: string): () => void {
  mkdirSync(dirname(dir), { recursive: true });
  const lockPath = `${dir}.lock`;
  const holderPath = `${dir}.holder.json`;
  const refuse = () => describeHolder(dir, lockPath, readHolder(holderPath));

  // To look at a dead holder and to remove its lock are two steps. Without this second lock, held for no longer than
  // both take, a process could remove the lock that another has just put in the dead one's place.
  const leave = takeLock(`${dir}.opening`, {}, () => describeHolder(dir, lockPath, null));
  try {
    if (!isHolderAlive(readHolder(holderPath))) rmSync(lockPath, { recursive: true, force: true });
    // Staleness is decided by the holder's process, not by age: a laptop may sleep longer than any limit.
    const release = takeLock(dir, { lockfilePath: lockPath, stale: 1_000_000_000, update: 3_600_000 }, refuse);
    const holder: Holder = {
      pid: process.pid,
      identity: identifyProcess(process.pid),
      host: hostname(),
      since: new Date().toISOString(),
      command: process.argv.slice(1, 3).join(" "),
    };
    writeFileSync(holderPath, JSON.stringify(holder));
    return () => {
      rmSync(holderPath, { force: true });
      release();
    };
  } finally {
    leave();
  }
}

function takeLock(path: string, options: LockOptions, refuse: () => Error): () => void {
  try {
    return lockSync(path, { ...options, realpath: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    throw refuse();
  }
}

function describeHolder(dir: string, lockPath: string, holder: Holder | null): Error {
  const who = holder
    ? `process ${holder.pid} on ${holder.host} (${holder.command}), since ${holder.since}`
    : "another process";
  return new Error(
    `The embedded database in ${dir} is in use by ${who}. Only one process can have it open: stop that one, ` +
      `or set DATABASE_URL to a PostgreSQL server. If no such process exists, remove ${lockPath}.`,
  );
}

function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Holder;
  } catch {
    return null;
  }
}

/** A holder on another host can't be asked, so it counts as alive; a lock with no holder file is being taken now. */
function isHolderAlive(holder: Holder | null): boolean {
  return !holder || holder.host !== hostname() || identifyProcess(holder.pid) === holder.identity;
}

/**
 * Tells one life of a process id from the next (a restarted container gives out the same ids), or null for a process
 * that is dead. Linux: its start time. Elsewhere any living process with the id counts as the same.
 */
function identifyProcess(pid: number): string | null {
  if (process.platform === "linux") {
    try {
      // The second field is the command in parentheses, which can hold spaces; the state and the start time follow.
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
      const isZombie = fields[0] === "Z";
      return isZombie ? null : `started ${fields[19]}`;
    } catch {
      return null;
    }
  }
  try {
    process.kill(pid, 0);
    return "alive";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" ? "alive" : null;
  }
}
