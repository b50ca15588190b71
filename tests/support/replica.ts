import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { type OwnServer, startOwnServer, testFlags, toServer, withConnection } from "../setup/server";

/** A primary and a streaming replica of it, each a server of its own, with the migrated database "app" on both. */
export type ReplicatedServer = {
  primaryUrl: string;
  replicaUrl: string;
  stopReplica: () => Promise<void>;
  /** Starts it again, on the same port. */
  startReplica: () => Promise<void>;
};

const cleanups: (() => Promise<void> | void)[] = [];

afterAll(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

// Vacuum's own commits would make a replica look younger than it is. A replica asks for news every half second.
const primaryFlags = [...testFlags, "-c", "autovacuum=off", "-c", "wal_keep_size=64MB"];
const replicaFlags = [...testFlags, "-c", "wal_receiver_timeout=1s", "-c", "wal_retrieve_retry_interval=100ms"];

export async function makeReplicatedServer(): Promise<ReplicatedServer> {
  const folder = mkdtempSync(join(tmpdir(), "rollup-replica-"));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const primary = await startOwnServer(folder, { name: "primary", flags: primaryFlags });
  cleanups.push(primary.close);
  await toServer(primary.url).createDatabase("app");
  await toServer(primary.url).migrate("app");

  await copyServer(primary, join(folder, "replica"));
  const replica = await startOwnServer(folder, { name: "replica", flags: replicaFlags });
  cleanups.push(() => replica.close());
  return {
    primaryUrl: `${primary.url}/app`,
    replicaUrl: `${replica.url}/app`,
    stopReplica: () => replica.close(),
    startReplica: () => replica.start(),
  };
}

/** Makes the data folder of a replica: by pg_basebackup, where one of the server's version is there, else as it does. */
async function copyServer(primary: OwnServer, dataDir: string): Promise<void> {
  const url = `${primary.url}/postgres`;
  const version = await withConnection(url, async (client) => {
    const { rows } = await client.query<{ major: number }>(
      "select current_setting('server_version_num')::int / 10000 as major",
    );
    return rows[0]?.major;
  });
  if (findBaseBackupVersion() === version) {
    execFileSync("pg_basebackup", ["-d", url, "-D", dataDir, "-R", "-X", "stream", "-c", "fast"], { stdio: "pipe" });
  } else {
    await withConnection(url, async (client) => {
      await client.query("select pg_backup_start('replica', true)");
      execFileSync("cp", ["-a", primary.dataDir, dataDir]);
      const { rows } = await client.query<{ labelfile: string }>("select labelfile from pg_backup_stop(false)");
      for (const name of readdirSync(join(dataDir, "pg_wal")))
        rmSync(join(dataDir, "pg_wal", name), { recursive: true });
      mkdirSync(join(dataDir, "pg_wal", "archive_status"));
      rmSync(join(dataDir, "postmaster.pid"));
      writeFileSync(join(dataDir, "backup_label"), rows[0]?.labelfile ?? "");
      writeFileSync(join(dataDir, "standby.signal"), "");
      writeFileSync(join(dataDir, "postgresql.auto.conf"), `primary_conninfo = '${primary.url}'\n`);
    });
  }
  if (userInfo().uid === 0) execFileSync("chown", ["-R", "postgres:", dataDir]);
}

function findBaseBackupVersion(): number | undefined {
  try {
    const version = execFileSync("pg_basebackup", ["--version"], { encoding: "utf8", stdio: "pipe" });
    return Number(/\) (\d+)/.exec(version)?.[1]);
  } catch {
    return undefined;
  }
}
