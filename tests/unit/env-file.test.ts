import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseEnv as parseEnvFile } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { parseEnv, variableNames } from "~/env.server";

describe(".env.example", () => {
  const text = readFileSync(".env.example", "utf8");
  const active = parseEnvFile(text);
  const all = parseEnvFile(text.replaceAll(/^# (?=[A-Z_]+=)/gm, ""));

  test("names each variable of the app once, and no other", () => {
    const named = [...text.matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual([...variableNames].sort());
  });

  test("as it is, starts the app on the embedded database, with a schedule and no secret", () => {
    expect(parseEnv(active)).toEqual({ ...parseEnv({}), ROLLUP_CRON: "*/10 * * * *" });
  });

  test("shows right values, and those that are there without it", () => {
    const shopify = { SHOPIFY_API_KEY: "key", SHOPIFY_API_SECRET: "hush" };
    expect(parseEnv({ ...all, ...shopify })).toMatchObject({ ...parseEnv({}), NODE_ENV: "production" });
  });
});

describe("env-file.js", () => {
  /** What a process says that begins with env-file.js, in a project whose .env has this text. */
  function print(expression: string, envText: string | null, env: Record<string, string> = {}): string {
    const folder = mkdtempSync(join(tmpdir(), "rollup-env-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    copyFileSync("env-file.js", join(folder, "env-file.mjs"));
    if (envText !== null) writeFileSync(join(folder, ".env"), envText);
    const args = ["--import", join(folder, "env-file.mjs"), "--print", expression];
    return execFileSync(process.execPath, args, {
      cwd: resolve("/"),
      env: { NODE_ENV: "test", ...env },
      encoding: "utf8",
    }).trim();
  }

  const shown = "JSON.stringify([process.env.CRON, process.env.PORT, process.env.HOST])";

  test("reads .env beside it, wherever the process is started; what is set already stays, empty too", () => {
    const text = 'CRON="*/10 * * * *" # each ten minutes\nPORT=1\nHOST=localhost\n';
    expect(print(shown, text, { PORT: "2", HOST: "" })).toBe('["*/10 * * * *","2",""]');
  });

  test("needs no .env", () => {
    expect(print(shown, null, { PORT: "2" })).toBe('[null,"2",null]');
  });

  test("is what npm start, npm run rollup and Prisma's command line begin with", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(scripts.start).toMatch(/^node --import \.\/env-file\.js /);
    expect(scripts.rollup).toMatch(/^node --import \.\/env-file\.js /);
    expect(readFileSync("prisma.config.ts", "utf8")).toMatch(/^import "\.\/env-file\.js";/);
  });
});
