import { type ChildProcess, execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { makeServerDatabase, type Query } from "../../support/process-databases";
import { waitFor } from "../../support/wait";

const run = promisify(execFile);
const args = ["node_modules/prisma/build/index.js", "migrate", "deploy"];
const migration = "20261122000000_daily_analytics";

type Outcome = { code: number; output: string };

/** What `npm run setup` does to the database, and all that it says. */
async function setUp(databaseUrl: string): Promise<Outcome> {
  try {
    const { stdout, stderr } = await run(process.execPath, args, {
      env: { ...process.env, DATABASE_URL: databaseUrl },
    });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

/** Begins a setup that a test ends, or leaves at work. */
function beginSetUp(databaseUrl: string): ChildProcess {
  const child = spawn(process.execPath, args, { env: { ...process.env, DATABASE_URL: databaseUrl }, stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

function hasExited(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once("exit", () => resolve()));
}

/** An empty database in which this project's migration fails and the host's does not, until it is mended. */
async function makeUnfitDatabase() {
  const database = await makeServerDatabase({ isEmpty: true });
  await database.query("create function rollup_follow_shops() returns trigger language plpgsql as 'begin end'");
  return { ...database, mend: () => database.query("drop function rollup_follow_shops") };
}

function listAttempts(query: Query) {
  return query<{ isDone: boolean; isRolledBack: boolean; logs: string | null }>(
    `select finished_at is not null as "isDone", rolled_back_at is not null as "isRolledBack", logs
     from _prisma_migrations where migration_name = $1 order by started_at`,
    [migration],
  );
}

test("a migration that fails says the server's words here and in the ledger, leaves nothing, and is tried again", async () => {
  const { url, query } = await makeServerDatabase();
  await query("delete from _prisma_migrations where migration_name = $1", [migration]);
  await query("drop table rollup_runs");
  const words = "There is a rollup_uuid already";
  const indexes = () => query("select indexname from pg_indexes where schemaname = 'public' order by 1");
  const before = await indexes();

  for (const attempts of [1, 2]) {
    const { code, output } = await setUp(url);
    expect(code).toBe(1);
    expect(output).toContain(`The migration ${migration} failed and left nothing: The host's schema does not fit`);
    expect(output).toContain(words);
    expect(output).toContain('Mend the cause, then run "npm run setup" again.');
    expect(output).not.toMatch(/P3009|External error id/);
    const entries = await listAttempts(query);
    expect(entries).toHaveLength(attempts);
    expect(entries.at(-1)).toEqual({ isDone: false, isRolledBack: true, logs: expect.stringContaining(words) });
    expect(await indexes()).toEqual(before);
  }
});

test("once its cause is mended the next setup applies a migration that failed", async () => {
  const { url, query, mend } = await makeUnfitDatabase();
  expect((await setUp(url)).output).toContain("There is a rollup_follow_shops already");
  await mend();
  const { code, output } = await setUp(url);
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("successfully applied") });
  expect((await listAttempts(query)).map(({ isDone }) => isDone)).toEqual([false, true]);
});

test("a migration that another setup is at work on is left to it, and one that was cut off is tried again", async () => {
  const { url, query, connect, mend } = await makeUnfitDatabase();
  await setUp(url);
  await mend();
  const blocker = await connect();
  await blocker.query("begin");
  await blocker.query("lock table testimonial_submissions in access exclusive mode");
  const cutOff = beginSetUp(url);
  const pid = await waitFor("the migration to be held", async () => {
    const waiting = await query<{ pid: number }>(
      "select pid from pg_locks where not granted and relation = 'testimonial_submissions'::regclass",
    );
    return waiting[0]?.pid;
  });

  const beside = await setUp(url);
  expect(beside.code).toBe(1);
  expect(beside.output).toContain(
    `Another setup is at work on ${migration}. Run "npm run setup" again when it is done.`,
  );

  const gone = hasExited(cutOff);
  cutOff.kill("SIGKILL");
  await gone;
  await query("select pg_terminate_backend($1)", [pid]);
  await waitFor("its session to end", async () => {
    const [session] = await query("select from pg_stat_activity where pid = $1", [pid]);
    return session === undefined;
  });
  await blocker.query("rollback");
  const { code, output } = await setUp(url);
  expect(output).toContain(`The migration ${migration} was cut off and left nothing. It is tried again.`);
  expect(code).toBe(0);
  expect((await listAttempts(query)).map(({ isDone }) => isDone)).toEqual([false, false, true]);
});

test.for(["hush#hush", "hush@hush", "hush/hush", "12?hush"])(
  "the setup prints no part of the password %s, which is not percent-encoded",
  async (password) => {
    const { code, output } = await setUp(`postgresql://user:${password}@127.0.0.1:1/app`);
    expect(code).toBe(1);
    expect(output).toContain("DATABASE_URL must have its user, password and all else percent-encoded");
    expect(output).not.toContain("hush");
  },
);

test("the setup says what a server refuses", async () => {
  const { url } = await makeServerDatabase({ isEmpty: true });
  const wrong = Object.assign(new URL(url), { password: "hush" });
  const { code, output } = await setUp(wrong.href);
  expect(code).toBe(1);
  expect(output).toContain('password authentication failed for user "postgres"');
});
