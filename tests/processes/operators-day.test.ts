import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { testEnv } from "../setup/settings";
import { type CliEnd, endCli, endShell, spawnCli } from "../support/cli";
import { listDifferences, seededRange, seedShops } from "../support/plain-sql";
import { makeServerDatabase, type Query, type ServerDatabase } from "../support/process-databases";
import { copyProject } from "../support/project-copy";
import { startServer } from "../support/server-process";
import { waitFor } from "../support/wait";

// What an operator does in a day, by the command line alone, as processes with the exit codes that scripts see.

const { CRON_SECRET, ADMIN_TOKEN } = testEnv;
/** Each has a dozen processes of its own. */
const timeout = 240_000;
const range = ["--from", seededRange.from, "--to", seededRange.to];

/** Where alerts are posted. */
async function takeAlerts(): Promise<{ url: string; texts: string[] }> {
  const texts: string[] = [];
  const webhook = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    texts.push(JSON.parse(Buffer.concat(chunks).toString()).text);
    response.end("ok");
  });
  await new Promise<void>((listening) => webhook.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void webhook.close());
  return { url: `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/`, texts };
}

async function startDay() {
  const database = await makeServerDatabase();
  await seedShops(database.query, 5);
  const alerts = await takeAlerts();
  const server = await startServer({
    DATABASE_URL: database.url,
    ALERT_WEBHOOK_URL: alerts.url,
    ROLLUP_BATCH_SHOPS: "1",
  });
  const env = { APP_URL: server.url, CRON_SECRET, ADMIN_TOKEN };
  return { ...database, alerts, server, app: { env }, command: (...args: string[]) => endCli(args, { env }) };
}

test("by the app: a shop fails, is seen and mended; a rebuild is cancelled half way and goes on", {
  timeout,
}, async () => {
  const { query, connect, alerts, app, command } = await startDay();
  expect(await command("run")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+ runs?, ok, .*\nNothing is left\.\n$/),
    stderr: `Asks the app at ${app.env.APP_URL}.\n`,
  });
  expect(await listDifferences(query)).toEqual([]);

  await query("alter table testimonial_daily_analytics add constraint broken check (shop_id <> 'shop-2') not valid");
  await query(
    "update testimonial_requests set sent_at = sent_at + interval '300 days' where id in ('shop-1-0', 'shop-2-0')",
  );
  const partial = await command("run", "--json");
  expect(partial.code).toBe(3);
  expect(JSON.parse(partial.stdout)).toMatchObject({ status: "partial", failedShops: [{ shopId: "shop-2" }] });
  await waitFor("the alert", async () => alerts.texts.some((text) => /the recount fails for shop-2 \(/.test(text)));
  const since =
    /^failing shops +1, the first since \d{4}-.*\n {2}shop-2 since \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ, .*"broken"/m;
  expect(await command("status")).toMatchObject({ code: 1, stdout: expect.stringMatching(since) });

  await query("alter table testimonial_daily_analytics drop constraint broken");
  expect(await command("run")).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing is left.") });
  expect(await command("status")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok\n/) });
  await waitFor("the alert that all is well", async () => alerts.texts.some((text) => /succeeds again/.test(text)));

  await cancelHalfWay({ query, connect }, app);
  const left = await command("rebuild", ...range, "--shop", "shop-4", "--no-wait");
  expect(left).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[\w-]{36}\n$/) });
  const followed = await command("rebuild", "--follow", left.stdout.trim());
  expect(followed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Rebuild ok .*: 1 of 1 shop,/) });
  const runs = await command("runs", "--kind", "rebuild", "--json");
  expect(JSON.parse(runs.stdout).runs).toMatchObject([
    { status: "ok", shopId: "shop-4" },
    { status: "ok", done: 5, total: 5 },
  ]);
  expect(await listDifferences(query)).toEqual([]);
});

/** Two of five shops are done when Ctrl-C comes. The command that is printed then does the others. */
async function cancelHalfWay(
  { query, connect }: Pick<ServerDatabase, "query" | "connect">,
  app: { env: Record<string, string> },
) {
  const holder = await connect();
  await holder.query("begin");
  await holder.query("select from rollup_shops where shop_id = 'shop-3' for update");
  const rebuild = spawnCli(["rebuild", ...range], app);
  await waitFor(
    "the first two shops",
    async () => (await query("select from rollup_runs where kind = 'rebuild' and done = 2")).length > 0,
  );
  rebuild.kill("SIGINT");
  const { code, stdout, stderr } = await rebuild.end;
  expect({ code, stdout }).toEqual({ code: 130, stdout: expect.stringMatching(/^Rebuild cancelled.*: 2 of 5 shops/) });
  expect(stderr).toMatch(/^Rebuild \S+ of all 5 shops, 2025-01-01 to 2025-12-31\.$/m);
  expect(stderr).toMatch(/^Cancels the rebuild\.$/m);
  const [, next = ""] = /Go on: (npm run rollup -- rebuild --resume \S+)$/m.exec(stderr) ?? [];
  await holder.query("rollback");
  expect(await endShell(next, app)).toMatchObject({ code: 0, stdout: expect.stringContaining("5 of 5 shops") });
}

test("by itself: what the doctor prints mends a trigger and a stopped cron; a metric's meaning changes", {
  timeout,
}, async () => {
  const { url, query } = await makeServerDatabase();
  await seedShops(query, 2);
  const env = { DATABASE_URL: url };
  expect(await endCli(["run"], { env })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("Nothing is left."),
  });

  await query("alter table testimonial_requests disable trigger rollup_mark_on_insert");
  await query("insert into testimonial_requests (id, shop_id, sent_at) values ('unseen', 'shop-1', '2025-02-01')");
  await query(
    "update rollup_runs set started_at = started_at - interval '4 days', finished_at = finished_at - interval '4 days'",
  );
  const found = await endCli(["doctor", "--json"], { env });
  const problems = listProblems(found);
  expect({ code: found.code, checks: problems.map(({ check }) => check) }).toEqual({
    code: 1,
    checks: ["triggers of testimonial_requests", "last run", "last verification"],
  });
  expect(await listDifferences(query)).toHaveLength(2);
  await mend(problems, query, env);
  expect(await listDifferences(query)).toEqual([]);
  const well = await endCli(["doctor", "--json"], { env });
  expect({ code: well.code, problems: listProblems(well) }).toEqual({ code: 0, problems: [] });

  const copy = copyProject();
  const path = "app/testimonial-rollup.ts";
  copy.write(
    path,
    copy
      .read(path)
      .replace('submitted: count({ media_type: "video" })', 'submitted: count({ media_type: ["video", "text"] })'),
  );
  const there = { env, cwd: copy.folder };
  expect(await endCli(["migration", "texts_are_videos"], there)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Written: /),
  });
  expect(await endShell("npm run --silent setup", there)).toMatchObject({ code: 0 });
  const dry = await endCli(["rebuild", ...range, "--dry-run"], there);
  expect(dry).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Dry run ok .* 40 days would change\.\n/) });
  expect(dry.stdout).toMatch(/^shop-1 +2025-03-\d\d +videoSubmissionsCount +0 → 1$/m);
  expect(await endCli(["rebuild", ...range], there)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("40 rows written"),
  });
  const verified = await endCli(["verify", "--json"], there);
  expect({ code: verified.code, body: JSON.parse(verified.stdout) }).toMatchObject({
    code: 0,
    body: { status: "ok", drifted: 0 },
  });
  expect(await query("select sum(video_submissions_count)::int as videos from testimonial_daily_analytics")).toEqual([
    { videos: 80 },
  ]);
  expect(await query("select from rollup_runs where status = 'running' or lease_until is not null")).toEqual([]);
});

type Problem = { check: string; level: string; mend: { sql?: string; command?: string }[] };

function listProblems({ stdout }: CliEnd): Problem[] {
  return JSON.parse(stdout).findings.filter(({ level }: Problem) => level === "problem");
}

/** Does each step once, as it is printed. */
async function mend(problems: Problem[], query: Query, env: Record<string, string>): Promise<void> {
  const steps = problems.flatMap((problem) => problem.mend);
  for (const { sql } of steps) if (sql) await query(sql);
  const commands = new Set(steps.flatMap(({ command }) => (command ? [command] : [])));
  for (const command of commands) expect(await endShell(command, { env })).toMatchObject({ code: 0 });
}
