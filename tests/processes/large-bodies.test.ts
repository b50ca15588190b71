import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { testEnv } from "../setup/settings";
import { cron, operator } from "../support/call";
import { type Answer, ask } from "../support/http";
import { makeServerDatabase } from "../support/process-databases";
import { type ServerProcess, startServer } from "../support/server-process";
import { sign } from "../support/signature";
import { waitFor } from "../support/wait";

// However large a body is and wherever it is sent, it costs the server a few kilobytes and nobody else anything.

const mebibyte = 1024 * 1024;
const largeBytes = 100 * mebibyte;
const chunk = Buffer.alloc(64 * 1024, "a");

const paths = [
  "/auth/login",
  "/app",
  "/app?index&_data=routes%2Fapp._index",
  "/app/range-sum",
  "/jobs/rollup",
  "/jobs/rebuild",
  "/jobs/rebuild/some-run",
  "/webhooks/app/uninstalled",
  "/webhooks/no/such",
  "/healthz",
  "/assets/none.js",
  "/no/such/page",
  "/",
];

async function startSmall(): Promise<ServerProcess> {
  const { url } = await makeServerDatabase();
  return startServer({ DATABASE_URL: url, NODE_OPTIONS: "--max-old-space-size=256" });
}

/** Goes on sending until the answer is there, as a client does that doesn't look, and returns the answer. */
async function sendLarge(server: ServerProcess, path: string, isChunked: boolean): Promise<string> {
  const socket = connect(server.port, "127.0.0.1");
  let answer = "";
  socket.on("data", (data) => {
    answer += data;
  });
  // A server that has answered may cut off what still comes.
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const length = isChunked ? "Transfer-Encoding: chunked" : `Content-Length: ${largeBytes}`;
  const type = "Content-Type: application/x-www-form-urlencoded";
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n${type}\r\n${length}\r\n\r\n`);
  if (!isChunked) socket.write("shop=");
  for (let sent = 0; sent < largeBytes && !answer && socket.writable; sent += chunk.byteLength) {
    const part = isChunked ? `${chunk.byteLength.toString(16)}\r\n${chunk}\r\n` : chunk;
    if (!socket.write(part)) await Promise.race([new Promise((resolve) => socket.once("drain", resolve)), closed]);
  }
  await waitFor("the whole answer", async () => /\r\n\r\n.*\}\}/s.test(answer) || socket.closed);
  socket.destroy();
  return answer;
}

test("bodies of 100 MB, many at the same time, are refused on every route with 256 MB of heap", async () => {
  const server = await startSmall();
  for (const isChunked of [false, true]) {
    const answers = Promise.all(paths.map((path) => sendLarge(server, path, isChunked)));
    const meanwhile = await ask(`${server.url}/healthz`);
    expect(meanwhile.status).toBe(200);
    for (const [index, first] of (await answers).entries()) {
      // On a busy machine the end of the connection can overtake the answer: then it is asked for alone.
      const answer = first || (await sendLarge(server, paths[index] as string, isChunked));
      const what = `${isChunked ? "chunked" : "announced"} to ${paths[index]}`;
      expect(answer, what).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer, what).toContain('"error":{"code":"bad_input","message":"The body is too large; at most ');
      expect(answer, what).toContain('"issues":[{"field":"body","value":null,');
      expect(answer.length, what).toBeLessThan(2_000);
    }
  }
  expect((await ask(`${server.url}/healthz`)).status).toBe(200);
  expect(server.output()).not.toMatch(/"level":"(error|fatal)"/);
  expect(await server.kill("SIGTERM")).toBe(0);
});

function deliver(server: ServerProcess, path: string, body: string): Promise<Answer> {
  const headers = {
    "X-Shopify-Topic": "app/scopes_update",
    "X-Shopify-Shop-Domain": "acme.myshopify.com",
    "X-Shopify-Hmac-Sha256": sign(body, testEnv.SHOPIFY_API_SECRET),
    "X-Shopify-API-Version": "2026-10",
    "X-Shopify-Webhook-Id": randomUUID(),
  };
  return ask(`${server.url}${path}`, { method: "POST", headers, body });
}

test("each route takes what it needs: webhooks 1 MiB, JSON 64 KiB, anything else 4 KiB", async () => {
  const server = await startSmall();
  const webhook = '{"current":[]}'.padEnd(mebibyte);
  expect((await deliver(server, "/webhooks/app/scopes_update", webhook)).status).toBe(200);
  // Remix takes upper case for lower case.
  expect((await deliver(server, "/Webhooks/App/Scopes_Update", webhook)).status).toBe(200);
  expect((await deliver(server, "/webhooks/app/scopes_update", `${webhook} `)).status).toBe(400);

  const rebuild = '{"fromDate":"2026-01-01","toDate":"2026-01-02"}'.padEnd(64 * 1024);
  const post = (path: string, body: string) =>
    ask(`${server.url}${path}`, { method: "POST", headers: path === "/jobs/rebuild" ? operator : cron, body });
  expect((await post("/jobs/rebuild", rebuild)).status).toBe(202);
  expect((await post("/jobs/rebuild", `${rebuild} `)).body.error).toMatchObject({
    message: expect.stringContaining("at most 64 KiB"),
  });

  const form = "x".repeat(4 * 1024);
  expect((await post("/no/such/page", form)).status).not.toBe(400);
  expect((await post("/no/such/page", `${form}x`)).body.error).toMatchObject({
    message: expect.stringContaining("at most 4 KiB"),
  });
});

test("the login answers no shop with an address longer than a domain", async () => {
  const server = await startSmall();
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  for (const shop of ["a".repeat(4_000), `${"a".repeat(3_000)}.myshopify.com`, `https://${"a".repeat(3_000)}`]) {
    for (const answer of [
      await ask(`${server.url}/auth/login`, { method: "POST", headers, body: `shop=${shop}` }),
      await ask(`${server.url}/auth/login?shop=${shop}`),
    ]) {
      expect(answer.status).toBeLessThan(500);
      expect(answer.headers.get("Location") ?? "").toBe("");
    }
  }
});
