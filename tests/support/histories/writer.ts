import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { IsolationLevel } from "../hammer/hammer";
import { isServer } from "../writers";
import type { App } from "./app";

/** What a write does its work with. */
export type Session = {
  execute: (sql: string) => Promise<void>;
  /** Loads lines of comma-separated values into `target`, a table with its columns. */
  copy: (target: string, lines: string[]) => Promise<void>;
};

/** Another program that writes to the database. */
export type Writer = Session & {
  /** Runs `work` in one transaction, which commits if it says so and is rolled back if not. */
  transact: (level: IsolationLevel, work: (session: Session) => Promise<{ commit: boolean }>) => Promise<void>;
  close: () => Promise<void>;
};

type RawClient = { $executeRawUnsafe: (sql: string) => Promise<unknown> };

const prismaLevels = {
  "read committed": "ReadCommitted",
  "repeatable read": "RepeatableRead",
  serializable: "Serializable",
} as const;

class RolledBack extends Error {}

/** On a server a session of its own, in the database's time zone; on the embedded database the app's one connection. */
export async function openWriter(getApp: () => App): Promise<Writer> {
  return isServer ? openConnection() : shareConnection(getApp);
}

async function openConnection(): Promise<Writer> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  const session: Session = {
    execute: async (sql) => void (await client.query(sql)),
    copy: (target, lines) =>
      pipeline(Readable.from(`${lines.join("\n")}\n`), client.query(copyFrom(`copy ${target} from stdin csv`))),
  };
  return {
    ...session,
    async transact(level, work) {
      await session.execute(`begin isolation level ${level}`);
      let commit = false;
      try {
        ({ commit } = await work(session));
      } finally {
        await session.execute(commit ? "commit" : "rollback");
      }
    },
    close: () => client.end(),
  };
}

function shareConnection(getApp: () => App): Writer {
  return {
    execute: (sql) => toSession(getApp().db).execute(sql),
    copy: (target, lines) => toSession(getApp().db).copy(target, lines),
    async transact(level, work) {
      try {
        await getApp().db.$transaction(
          async (tx) => {
            const { commit } = await work(toSession(tx));
            if (!commit) throw new RolledBack();
          },
          { timeout: 60_000, isolationLevel: prismaLevels[level] },
        );
      } catch (error) {
        if (!(error instanceof RolledBack)) throw error;
      }
    },
    close: async () => undefined,
  };
}

function toSession(client: RawClient): Session {
  const execute = async (sql: string) => void (await client.$executeRawUnsafe(sql));
  return {
    execute,
    async copy(target, lines) {
      // A file name without a folder is looked for in the data folder.
      writeFileSync(join(process.env.EMBEDDED_DATA_DIR ?? "", "history.csv"), `${lines.join("\n")}\n`);
      await execute(`copy ${target} from 'history.csv' csv`);
    },
  };
}
