import { type ChildProcess, spawn } from "node:child_process";
import { afterEach, expect, test } from "vitest";
import { toInstallSql } from "~/services/rollup/definition/install-sql";
import { testEnv } from "../setup/settings";
import { listDifferences, seedShops } from "../support/plain-sql";
import { makeServerDatabase, type Query } from "../support/process-databases";
import { ownCode, type Word, weekly } from "../support/started-rollups";
import { waitFor } from "../support/wait";

// A host that calls start() and nothing else: its process ends when it is told to, with its work settled.

const signals = ["SIGTERM", "SIGINT"] as const;
const everySecond = "* * * * * *";

let children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children = [];
});

type Started = {
  kill: (signal: NodeJS.Signals) => void;
  /** Resolves when it has said this word so often. */
  until: (word: Word, times?: number) => Promise<unknown>;
  ended: Promise<number | NodeJS.Signals | null>;
};

/** Starts the two rollups in a process of their own. */
async function startRollups(url: string, ...args: string[]): Promise<Started> {
  const child = spawn(process.execPath, ["--import", "tsx", "tests/support/started-rollups.ts", ...args], {
    env: { PATH: process.env.PATH ?? "", ...testEnv, DATABASE_URL: url, ROLLUP_CRON: everySecond },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  const until = (word: Word, times = 1) => waitFor(word, async () => said.split(word).length > times);
  await until("started");
  return { kill: (signal) => child.kill(signal), until, ended };
}

/** A database with work for both rollups, on whose rows each of their runs waits until it is let go. */
async function makeBusyDatabase() {
  const { url, query, connect } = await makeServerDatabase();
  await query(toInstallSql(weekly));
  await seedShops(query, 2);
  const blocker = await connect();
  await blocker.query("begin; lock table testimonial_daily_analytics, weekly_report in share mode");
  return { url, query, letGo: () => blocker.query("commit") };
}

/** Both rollups have a scheduled run that waits for the lock. */
function untilBothWait(query: Query): Promise<unknown> {
  return waitFor("both rollups to wait", async () => {
    const [row] = await query<{ count: number }>(
      `select count(distinct l.relation)::int as count from pg_locks l
       where not l.granted and l.relation in ('testimonial_daily_analytics'::regclass, 'weekly_report'::regclass)`,
    );
    return row?.count === 2;
  });
}

/** Every run is through, and the rows that the two at work were about to write are there, and right. */
async function expectSettled(query: Query): Promise<void> {
  for (const [runs, table] of [
    ["rollup_runs", "testimonial_daily_analytics"],
    ["weekly_runs", "weekly_report"],
  ]) {
    const open = await query(`select kind, status from ${runs} where status = 'running' or finished_at is null`);
    expect(open).toEqual([]);
    expect(await query(`select from ${table}`)).not.toEqual([]);
  }
  expect(await listDifferences(query)).toEqual([]);
}

test.for(signals)("a process without a handler of its own ends by %s, and its work is settled", async (signal) => {
  const { url, query, letGo } = await makeBusyDatabase();
  const started = await startRollups(url);
  await untilBothWait(query);
  started.kill(signal);
  await started.until("stopping", 2);
  await letGo();
  expect(await started.ended).toBe(signal);
  await expectSettled(query);
});

test.for(signals)("a process with a handler of its own is not ended by %s, and its work is settled", async (signal) => {
  const { url, query, letGo } = await makeBusyDatabase();
  const started = await startRollups(url, "handler");
  await untilBothWait(query);
  started.kill(signal);
  await started.until("stopping", 2);
  await letGo();
  await started.until("settled");
  expect(await started.ended).toBe(ownCode);
  await expectSettled(query);
});
