import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cron, operator } from "../../support/call";
import { fingerprintStatement } from "../../support/fingerprint";
import { isRefused, listFaults } from "../../support/hostile/judge";
import { listHostileRoutes } from "../../support/hostile/routes";
import { openSender, sendBytes } from "../../support/hostile/send";
import { texts } from "../../support/hostile/values";
import { seedShops } from "../../support/plain-sql";
import { makeServerDatabase, type Query } from "../../support/process-databases";
import { type ServerProcess, startServer } from "../../support/server-process";
import { storeOfflineSession } from "../../support/session-token";
import { waitFor } from "../../support/wait";

// Anything that anyone may send, to the built server over the network.

const domain = "shop-1.myshopify.com";
const requestsEach = 300;
const longestAnswerMs = 10_000;

async function startSeeded(): Promise<{ server: ServerProcess; query: Query }> {
  const { url, query } = await makeServerDatabase();
  await seedShops(query, 2);
  await storeOfflineSession(query, domain);
  return { query, server: await startServer({ DATABASE_URL: url, LOG_LEVEL: "info" }) };
}

/** The content of every table, once no accepted rebuild is at work any more. */
async function readTables(query: Query): Promise<unknown> {
  await waitFor("rebuilds to end", async () => {
    const running = await query("select id from rollup_runs where status = 'running'");
    return running.length === 0;
  });
  return query(fingerprintStatement);
}

test("no request is answered with 5xx or shows the inside, and none that is refused writes", async () => {
  const { server, query } = await startSeeded();
  const sender = openSender(server.port);
  const figures = { requests: 0, refused: 0, longestMs: 0 };
  let tables = await readTables(query);

  for (const route of listHostileRoutes(domain)) {
    const property = fc.asyncProperty(route.requests, async (request) => {
      const startedAt = performance.now();
      const seen = await sender.send(request);
      const tookMs = performance.now() - startedAt;
      figures.requests += 1;
      figures.longestMs = Math.max(figures.longestMs, tookMs);
      expect(listFaults(seen, request, route), seen.text.slice(0, 500)).toEqual([]);
      expect(tookMs, "the time to the answer").toBeLessThan(longestAnswerMs);
      const after = await readTables(query);
      if (isRefused(seen)) {
        figures.refused += 1;
        expect(after, `the tables after ${seen.status}`).toEqual(tables);
      }
      tables = after;
    });
    await fc.assert(property, { numRuns: requestsEach, includeErrorInReport: true }).catch((error: Error) => {
      throw new Error(`${route.name}: ${error.message}`, { cause: error.cause });
    });
  }
  sender.close();
  expect(server.output()).not.toMatch(/"level":"(error|fatal)"/);
  process.stdout.write(
    `Fuzzed: ${figures.requests} requests, ${figures.refused} refused, 5xx 0, writes from refused calls 0, ` +
      `longest answer ${Math.round(figures.longestMs)} ms\n`,
  );
});

const crlf = "\r\n";
const rollup = `Authorization: ${cron.Authorization}`;
const rebuild = JSON.stringify({ fromDate: "2025-01-01", toDate: "2025-01-02" });
const zipped = gzipSync(rebuild);
const smuggled = `POST /jobs/rollup HTTP/1.1${crlf}Host: x${crlf}Content-Length: 0${crlf}${crlf}`;

/** Requests that no client library would write. None has the right to anything, or is whole. */
const wireTricks: Record<string, string | Buffer> = {
  "HTTP/1.0 without a host": `GET /healthz HTTP/1.0${crlf}${crlf}`,
  "HTTP/1.1 without a host": `GET /healthz HTTP/1.1${crlf}${crlf}`,
  "HTTP/0.9": `GET /healthz${crlf}`,
  "HTTP/2.0 in words": `GET /healthz HTTP/2.0${crlf}Host: x${crlf}${crlf}`,
  "an HTTP/2 preface": `PRI * HTTP/2.0${crlf}${crlf}SM${crlf}${crlf}`,
  "two hosts": `GET /healthz HTTP/1.1${crlf}Host: x${crlf}Host: y${crlf}Connection: close${crlf}${crlf}`,
  "an absolute target": `GET http://evil.example.com/app HTTP/1.1${crlf}Host: x${crlf}Connection: close${crlf}${crlf}`,
  "an authority target": `CONNECT x:443 HTTP/1.1${crlf}Host: x${crlf}${crlf}`,
  "a length and chunks": `POST /jobs/rebuild HTTP/1.1${crlf}Host: x${crlf}Content-Length: 4${crlf}Transfer-Encoding: chunked${crlf}${crlf}0${crlf}${crlf}${smuggled}`,
  "chunks in disguise": `POST /jobs/rebuild HTTP/1.1${crlf}Host: x${crlf}Transfer-Encoding: xchunked${crlf}${crlf}0${crlf}${crlf}${smuggled}`,
  "chunks twice": `POST /jobs/rebuild HTTP/1.1${crlf}Host: x${crlf}Transfer-Encoding: chunked, identity${crlf}${crlf}0${crlf}${crlf}`,
  "two lengths": `POST /jobs/rebuild HTTP/1.1${crlf}Host: x${crlf}Content-Length: 0${crlf}Content-Length: 5${crlf}${crlf}hello`,
  "a negative length": `POST /jobs/rebuild HTTP/1.1${crlf}Host: x${crlf}Content-Length: -1${crlf}${crlf}`,
  "a huge length": `POST /jobs/rebuild HTTP/1.1${crlf}Host: x${crlf}Content-Length: 99999999999999999999${crlf}${crlf}`,
  "a length that is too long": `POST /jobs/rebuild HTTP/1.1${crlf}Host: x${crlf}Authorization: ${operator.Authorization}${crlf}Content-Length: 900${crlf}${crlf}${rebuild}`,
  "a length that is too short": `POST /jobs/rebuild HTTP/1.1${crlf}Host: x${crlf}Authorization: ${operator.Authorization}${crlf}Content-Length: 9${crlf}${crlf}${rebuild}`,
  "a broken chunk": `POST /jobs/rebuild HTTP/1.1${crlf}Host: x${crlf}Authorization: ${operator.Authorization}${crlf}Transfer-Encoding: chunked${crlf}${crlf}zz${crlf}`,
  "no last chunk": `POST /jobs/rebuild HTTP/1.1${crlf}Host: x${crlf}Authorization: ${operator.Authorization}${crlf}Transfer-Encoding: chunked${crlf}${crlf}5${crlf}hello${crlf}`,
  "a gzip body": Buffer.concat([
    Buffer.from(
      `POST /jobs/rebuild HTTP/1.1${crlf}Host: x${crlf}Authorization: ${operator.Authorization}${crlf}Content-Encoding: gzip${crlf}Content-Length: ${zipped.length}${crlf}Connection: close${crlf}${crlf}`,
    ),
    zipped,
  ]),
  "a header of 20 KB": `GET /healthz HTTP/1.1${crlf}Host: x${crlf}X: ${"x".repeat(20_000)}${crlf}${crlf}`,
  "3,000 headers": `GET /healthz HTTP/1.1${crlf}Host: x${crlf}${`a: b${crlf}`.repeat(3_000)}${crlf}`,
  "a folded header": `POST /jobs/rollup HTTP/1.1${crlf}Host: x${crlf}Authorization: Bearer${crlf} x${crlf}${crlf}`,
  "a header with a space before its colon": `POST /jobs/rollup HTTP/1.1${crlf}Host: x${crlf}Authorization : ${cron.Authorization}${crlf}${crlf}`,
  "bare line feeds": `POST /jobs/rollup HTTP/1.1\nHost: x\nX: y\n\n`,
  "NUL in a header": `POST /jobs/rollup HTTP/1.1${crlf}Host: x${crlf}${rollup}\u0000${crlf}${crlf}`,
  "the secret in a cookie": `POST /jobs/rollup HTTP/1.1${crlf}Host: x${crlf}Cookie: ${rollup}${crlf}Content-Length: 0${crlf}Connection: close${crlf}${crlf}`,
  "two secrets": `POST /jobs/rollup HTTP/1.1${crlf}Host: x${crlf}Authorization: Bearer x${crlf}${rollup}${crlf}Content-Length: 0${crlf}Connection: close${crlf}${crlf}`,
  "an expectation": `POST /jobs/rebuild HTTP/1.1${crlf}Host: x${crlf}Expect: 100-continue${crlf}Content-Length: 2${crlf}Connection: close${crlf}${crlf}{}`,
  "an expectation of something else": `POST /jobs/rebuild HTTP/1.1${crlf}Host: x${crlf}Expect: tea${crlf}Content-Length: 0${crlf}Connection: close${crlf}${crlf}`,
  "an upgrade": `GET /healthz HTTP/1.1${crlf}Host: x${crlf}Connection: Upgrade${crlf}Upgrade: websocket${crlf}${crlf}`,
  "a space in the target": `GET /health z HTTP/1.1${crlf}Host: x${crlf}${crlf}`,
  TLS: Buffer.from("16030100a5010000a10303", "hex"),
  nothing: "",
};

test("no trick on the wire is answered with 5xx, brings another request in, or writes", async () => {
  const { server, query } = await startSeeded();
  const tables = await readTables(query);
  const send = async (name: string, bytes: string | Buffer) => {
    const answer = await sendBytes(server.port, bytes);
    const label = `${name}: ${answer.slice(0, 300)}`;
    expect(answer, label).not.toMatch(/HTTP\/1\.1 5\d\d /);
    expect(answer, label).not.toMatch(/\n\s+at |node_modules|"runId"/);
    expect(answer === "" || answer.startsWith("HTTP/1.1 "), label).toBe(true);
  };
  for (const [name, bytes] of Object.entries(wireTricks)) await send(name, bytes);

  let requests = Object.keys(wireTricks).length;
  const parts = fc.record({
    method: fc.oneof(fc.constantFrom("GET", "POST", "DELETE", "PROPFIND", "get", "M-SEARCH", "QUERY", "LOCK"), texts),
    target: fc.oneof(
      fc.webPath({ size: "small" }),
      texts.map((text) => `/${text}`),
      fc.constantFrom("//", "/..//", "/./jobs/rollup", "/jobs//rollup", "*", "?", "#", "/%", "/%zz", "/%c0%ae%c0%ae/"),
    ),
    version: fc.constantFrom("HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/1.9", "HTTP/x"),
    host: fc.oneof(fc.constantFrom("x", "x:99999", "[::1]:80", "a@b", ""), texts),
    header: fc.tuple(texts, texts),
    body: texts,
  });
  const property = fc.asyncProperty(parts, async ({ method, target, version, host, header, body }) => {
    const head = `${method} ${target} ${version}${crlf}Host: ${host}${crlf}${header[0]}: ${header[1]}${crlf}`;
    requests += 1;
    await send(
      "a made-up request",
      Buffer.from(`${head}Content-Length: ${Buffer.byteLength(body)}${crlf}Connection: close${crlf}${crlf}${body}`),
    );
  });
  await fc.assert(property, { numRuns: 500 });
  expect(await readTables(query)).toEqual(tables);
  expect(server.output()).not.toMatch(/"level":"(error|fatal)"/);
  process.stdout.write(`Tricks on the wire: ${requests} requests, 5xx 0, writes 0\n`);
});
