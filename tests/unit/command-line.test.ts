import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { addRuns, hasMoreToDo, type RunAnswer, toRunCode } from "../../cli/commands/run";
import { toVerifyCode, type VerifyAnswer } from "../../cli/commands/verify";
import { toAppOrigin } from "../../cli/connection/app-url";
import { toDatabaseName } from "../../cli/connection/local-app";
import { toGivenDay } from "../../cli/days";
import { checkNode, checkShopify } from "../../cli/doctor/process-checks";
import { formatDuration, toTable } from "../../cli/formats";
import { toStepText } from "../../cli/progress";
import type { SweepAnswer } from "../../cli/sweep/follow";
import { toSweepCode } from "../../cli/sweep/sweep-command";
import { command } from "../support/program";

const today = "2026-03-01" as never;

afterEach(() => vi.unstubAllEnvs());

/** Another program than the app, or one in front of it. */
async function serve(status: number, headers: Record<string, string>, body: string): Promise<void> {
  const server = createServer((_, response) => void response.writeHead(status, headers).end(body));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  vi.stubEnv("APP_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("ADMIN_TOKEN", "hush-hush-hush-hush");
}

test("wrong arguments end with 2 and a sentence that names the option, its value and what is allowed", async () => {
  const refused: [string[], RegExp][] = [
    [["run", "--window", "32"], /^--window is "32"; it must be a whole number from 1 to 31\.$/],
    [["verify", "--sample", "0"], /^--sample is "0"; it must be a whole number from 1 to 10000\.$/],
    [["runs", "--kind", "all"], /^--kind is "all"; it must be one of rollup, verify, rebuild, seal\.$/],
    [["rebuild", "--to", "today"], /^--from is missing; it must be a day as YYYY-MM-DD/],
    [["rebuild", "--from", "2026-02-30", "--to", "today"], /^--from is "2026-02-30"; it must be a day/],
    [["rebuild", "--resume", "a", "--from", "today"], /leave out --shop, --from, --to, --dry-run and --unseal\.$/],
    [["rebuild", "--resume", "a", "--cancel", "b"], /^--cancel and --resume don't go together\.$/],
    [["rebuild", "--from", "-7d", "--to", "today", "--no-wait"], /^--no-wait is for an app/],
    [["seal"], /^--before is missing; it must be a day/],
    [["purge"], /^--before is missing; it must be a day as YYYY-MM-DD/],
    [["purge", "--before", "2026-02-30"], /^--before is "2026-02-30"; it must be a day/],
    [["purge", "--before", "today", "--rate", "0"], /^--rate is "0"; it must be a whole number from 1 to 1000000\.$/],
    [["install", "--lock-timeout", "9"], /^--lock-timeout is "9"; it must be a whole number from 10 to 60000\.$/],
    [["frobnicate"], /^Unknown command 'frobnicate'\. npm run rollup -- --help says what there is\.$/],
    [
      ["status", "--frobnicate"],
      /^Unknown option '--frobnicate'\. npm run rollup -- status --help says what there is\.$/,
    ],
    [["migration", "Not A Name"], /^The name of the migration is "Not A Name"; it must be one word/],
  ];
  for (const [args, sentence] of refused) {
    const { code, stdout, stderr } = await command(...args);
    expect({ args, code, stdout, stderr: stderr?.trim() }).toEqual({
      args,
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(sentence),
    });
  }
  expect(await command("runs", "--limit", "x", "--json")).toMatchObject({
    code: 2,
    stderr: "",
    body: { error: { code: "usage", issues: [{ field: "--limit", value: "x" }] } },
  });
});

test("each command has help with an example", async () => {
  const { code, stdout = "" } = await command("--help");
  const names = [...stdout.matchAll(/^ {2}([a-z]+) .*\[options\]/gm)].map(([, name]) => name ?? "");
  expect([code, names.length]).toEqual([0, 11]);
  for (const name of names) {
    const help = await command(name, "--help");
    expect([help.code, help.stdout]).toEqual([
      0,
      expect.stringMatching(new RegExp(`^  npm run rollup -- ${name}`, "m")),
    ]);
  }
});

test("what is not the app is told apart, and ends with 4", async () => {
  vi.stubEnv("APP_URL", "http://127.0.0.1:3999");
  vi.stubEnv("ADMIN_TOKEN", "");
  expect(await command("status")).toMatchObject({ code: 4, stderr: expect.stringContaining("ADMIN_TOKEN is not set") });
  vi.stubEnv("ADMIN_TOKEN", "hush-hush-hush-hush");
  const refused = { code: 4, stderr: expect.stringContaining("Nothing listens there (ECONNREFUSED)") };
  expect(await command("status")).toMatchObject(refused);
  await serve(502, { "Content-Type": "text/html" }, "<html>");
  expect(await command("status")).toMatchObject({
    code: 4,
    stderr: expect.stringContaining("answered with 502 and text/html"),
  });
  await serve(302, { Location: "https://login.example.com/in?token=hush" }, "");
  const led = await command("status", "--json");
  expect(led).toMatchObject({ code: 4, body: { error: { code: "not_the_app" } } });
  expect(led.stdout).toContain("a redirect to https://login.example.com (302)");
  expect(led.stdout).not.toContain("hush");
  await serve(
    401,
    { "Content-Type": "application/json" },
    '{"error":{"code":"unauthorized","message":"","issues":[]}}',
  );
  expect(await command("status")).toMatchObject({
    code: 4,
    stderr: expect.stringContaining("does not take this ADMIN_TOKEN"),
  });
});

test("secrets go over https alone, but for this machine", () => {
  expect(toAppOrigin("https://app.example.com/", { isHttpAllowed: false })).toBe("https://app.example.com");
  for (const url of ["http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000"]) {
    expect(toAppOrigin(url, { isHttpAllowed: false })).toBe(url);
  }
  expect(toAppOrigin("http://app.internal", { isHttpAllowed: true })).toBe("http://app.internal");
  expect(() => toAppOrigin("http://app.internal", { isHttpAllowed: false })).toThrow(/must be an https:\/\/ address/);
  expect(() => toAppOrigin("https://me:hush@app.example.com", { isHttpAllowed: false })).toThrow(/^APP_URL is "…";/);
  expect(() => toAppOrigin("https://app.example.com/app?x=1", { isHttpAllowed: false })).toThrow(
    /^APP_URL is "https:\/\/app\.example\.com\/app…"; it must be no more than a scheme/,
  );
});

test("a database is named without user, password or parameters", () => {
  const name = toDatabaseName({ DATABASE_URL: "postgresql://me:hu%23sh@db.example.com:6432/daily?sslmode=require" });
  expect(name).toBe("the database daily at db.example.com:6432");
});

test("days may be given as today, yesterday and days ago", () => {
  expect(["today", "yesterday", "-7d", "2026-01-31"].map((day) => toGivenDay("--from", day, today))).toEqual([
    "2026-03-01",
    "2026-02-28",
    "2026-02-22",
    "2026-01-31",
  ]);
});

const run: RunAnswer = {
  ...{ runId: "a", status: "ok", window: { from: "2026-03-01", to: "2026-03-01" }, shops: 3, days: 10 },
  ...{ rowsWritten: 5, rowsDeleted: 1, droppedDays: 0, failedShops: [], remaining: 4, durationMs: 100 },
};

test("runs are called until nothing is left that a run can do", () => {
  const failed = [{ shopId: "shop-1", error: "broken" }];
  const partial = { ...run, status: "partial", failedShops: failed } as const;
  expect(hasMoreToDo(run, undefined)).toBe(true);
  expect(hasMoreToDo({ ...run, remaining: 0 }, undefined)).toBe(false);
  expect(hasMoreToDo({ ...run, days: 0 }, run)).toBe(false);
  expect(hasMoreToDo({ ...run, status: "failed" }, undefined)).toBe(false);
  // The marks of a shop that fails stay, while those of others come.
  expect(hasMoreToDo(partial, partial)).toBe(false);
  expect(hasMoreToDo({ ...partial, remaining: 3 }, partial)).toBe(true);
  // It is counted to ten thousand.
  expect(hasMoreToDo({ ...partial, remaining: 10_000 }, { ...partial, remaining: 10_000 })).toBe(true);
  expect(addRuns([partial, { ...run, runId: "b", remaining: 0 }])).toMatchObject({
    ...{
      runIds: ["a", "b"],
      status: "partial",
      days: 20,
      rowsWritten: 10,
      rowsDeleted: 2,
      durationMs: 200,
      remaining: 0,
    },
    failedShops: failed,
  });
});

test("exit codes tell how it went", () => {
  const total = { ...run, runIds: ["a"] };
  expect(toRunCode({ ...total, remaining: 0 }, {})).toBe(0);
  expect([toRunCode(total, {}), toRunCode(total, { once: true })]).toEqual([3, 0]);
  expect([toRunCode({ ...total, status: "partial" }, {}), toRunCode({ ...total, status: "failed" }, {})]).toEqual([
    3, 1,
  ]);
  const verified = { status: "ok", alert: false, drifted: 3, driftedAfter: 0 } as VerifyAnswer;
  expect(toVerifyCode(verified)).toBe(0);
  expect(toVerifyCode({ ...verified, alert: true })).toBe(1);
  expect(toVerifyCode({ ...verified, driftedAfter: 1 })).toBe(1);
  expect(toVerifyCode({ ...verified, status: "partial" })).toBe(3);
  const at = (isStopped: boolean) => ({
    stop: { signal: isStopped ? AbortSignal.abort() : new AbortController().signal, forget: () => undefined },
  });
  const sweep: SweepAnswer = {
    runId: "a",
    status: "cancelled",
    shopId: null,
    dryRun: false,
    done: 1,
    total: 2,
    etaMs: null,
    days: 1,
    failedShops: [],
    durationMs: 1,
  };
  expect(toSweepCode(sweep, {}, at(true))).toBe(130);
  // By somebody else.
  expect(toSweepCode(sweep, {}, at(false))).toBe(1);
  expect(toSweepCode(sweep, { cancel: "a" }, at(false))).toBe(0);
  expect(toSweepCode({ ...sweep, status: "ok" }, { cancel: "a" }, at(false))).toBe(1);
  expect(toSweepCode({ ...sweep, status: "running" }, { wait: false }, at(false))).toBe(0);
});

test("texts are of a length that a person reads", () => {
  expect([120, 4_210, 59_400, 185_000, 7_800_000, 90_000_000].map(formatDuration)).toEqual([
    ...["120 ms", "4.2 s", "59 s", "3 min 5 s", "2 h 10 min", "1 d 1 h"],
  ]);
  expect(toStepText({ done: 1_200, total: 34_000, unit: "shops", etaMs: 185_000 }, 42.123)).toBe(
    "1,200 of 34,000 shops, 42 a second, about 3 min 5 s left",
  );
  expect(toStepText({ done: 0, total: 3, unit: "shops", etaMs: null }, 0)).toBe("0 of 3 shops");
  expect(
    toTable(
      ["shop", "days"],
      [
        ["shop-1", 7],
        ["s", 1_000],
      ],
    ),
  ).toEqual(["shop    days", "shop-1     7", "s       1000"]);
});

test("the doctor knows an old Node, and an address that Shopify is told otherwise", () => {
  expect(checkNode("v20.18.1", ">=20.19")).toMatchObject({ level: "problem" });
  expect(checkNode("v22.0.0", ">=20.19")).toMatchObject({ level: "ok" });
  const toml = 'application_url = "https://example.com"\n';
  expect(checkShopify({ SHOPIFY_APP_URL: "https://app.example.com" }, toml)).toMatchObject([
    { level: "ok" },
    { level: "warning" },
  ]);
  expect(checkShopify({ SHOPIFY_APP_URL: "https://example.com/" }, toml)).toHaveLength(1);
});
