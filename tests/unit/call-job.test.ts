import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";

// deploy/call-job.js, as a scheduler starts it.

const secret = "cron-secret-0123456789";

let servers: Server[] = [];

afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
});

/** A server that answers each call with the next of these statuses, and the last one again. */
async function startServer(statuses: number[]) {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    const status = statuses[Math.min(calls.length, statuses.length - 1)] ?? 500;
    calls.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.writeHead(status, status === 302 ? { Location: "/elsewhere" } : {}).end(`{"status":${status}}`);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { calls, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function callJob(path: string, settings: Record<string, string>): Promise<{ code: number | null; text: string }> {
  const env: Record<string, string | undefined> = { PATH: process.env.PATH, CALL_PAUSE_SECONDS: "0", ...settings };
  const child = spawn(process.execPath, ["deploy/call-job.js", path], { env: env as NodeJS.ProcessEnv });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      text += chunk;
    });
  }
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, text })));
}

test.for([
  { statuses: [200], code: 0, calls: 1 },
  { statuses: [503, 502, 200], code: 0, calls: 3 },
  { statuses: [503], code: 1, calls: 4 },
  { statuses: [207], code: 2, calls: 1 },
  { statuses: [401], code: 1, calls: 1 },
  { statuses: [302], code: 1, calls: 1 },
])("answers of $statuses end in code $code after $calls calls, and are printed", async (expected) => {
  const { url, calls } = await startServer(expected.statuses);
  const { code, text } = await callJob("/jobs/rollup?window=7", { APP_URL: url, CRON_SECRET: secret });
  expect({ code, calls: calls.length }).toEqual({ code: expected.code, calls: expected.calls });
  expect(new Set(calls)).toEqual(new Set([`POST /jobs/rollup?window=7 Bearer ${secret}`]));
  expect(text).toContain(`{"status":${expected.statuses.at(-1)}}`);
  expect(text).not.toContain(secret);
});

test("without a server, and with a wrong setting, the end is 1 and says why", async () => {
  const away = { APP_URL: "http://127.0.0.1:9", CRON_SECRET: secret };
  const cases = [
    { path: "/jobs/verify", settings: away, text: /no answer: \S/ },
    { path: "/jobs/rebuild", settings: away, text: /"\/jobs\/rebuild" is no job/ },
    { path: "/jobs/verify", settings: { APP_URL: "x", CRON_SECRET: secret }, text: /^APP_URL must be/ },
    { path: "/jobs/verify", settings: { APP_URL: "http://127.0.0.1:9" }, text: /^CRON_SECRET must be/ },
    { path: "/jobs/verify", settings: { ...away, CALL_TRIES: "0" }, text: /^CALL_TRIES must be/ },
  ];
  for (const { path, settings, text } of cases) {
    expect(await callJob(path, settings)).toEqual({ code: 1, text: expect.stringMatching(text) });
  }
});
