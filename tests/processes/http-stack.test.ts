import { connect } from "node:net";
import { expect, test } from "vitest";
import { cron, operator } from "../support/call";
import { openSender } from "../support/hostile/send";
import { ask, postRebuild, sendRaw } from "../support/http";
import { countRows } from "../support/plain-sql";
import { makeServerDatabase } from "../support/process-databases";
import { startServer } from "../support/server-process";
import { browser } from "../support/session-token";

test("errors are JSON under the real HTTP stack, and a wrong method is told the right ones", async () => {
  const { url, query } = await makeServerDatabase();
  const server = await startServer({ DATABASE_URL: url });
  const large = new Uint8Array(1024 * 1024).fill(0x20);
  const streamed = new Blob([large]).stream();
  const badInput = [
    await postRebuild(server, { fromDate: "2026-02-30", toDate: "2026-03-01" }),
    await ask(`${server.url}/jobs/rollup?window=0`, { method: "POST", headers: cron }),
    await ask(`${server.url}/jobs/rebuild`, { method: "POST", headers: operator }),
    await ask(`${server.url}/jobs/rebuild`, { method: "POST", headers: operator, body: large }),
    await ask(`${server.url}/jobs/rebuild`, {
      method: "POST",
      headers: operator,
      body: streamed,
      duplex: "half",
    } as RequestInit),
    await ask(`${server.url}/jobs/rebuild/%00`, { headers: operator }),
  ];
  for (const { status, headers, body } of badInput) {
    expect({ status, code: (body.error as { code?: string } | undefined)?.code }).toEqual({
      status: 400,
      code: "bad_input",
    });
    expect(headers.get("Content-Type")).toMatch(/^application\/json/);
  }
  for (const path of ["/jobs/rollup", "/jobs/verify", "/healthz", "/app/range-sum"]) {
    expect((await ask(`${server.url}${path}`, { method: "POST", headers: cron, body: large })).status).toBe(400);
  }
  for (const body of [undefined, "{}"]) {
    expect((await ask(`${server.url}/jobs/rollup`, { method: "POST", body })).status).toBe(401);
    expect((await ask(`${server.url}/healthz`, { method: "POST", body })).status).toBe(405);
  }

  const allowed = {
    "/jobs/rollup": "POST, GET",
    "/jobs/verify": "POST, GET",
    "/jobs/rebuild": "POST",
    "/jobs/rebuild/x": "GET, DELETE, POST",
    "/jobs/mark": "POST",
    "/jobs/runs": "GET, HEAD",
    "/jobs/status": "GET, HEAD",
    "/app/range-sum": "GET, HEAD",
    "/healthz": "GET, HEAD",
    "/metrics": "GET, HEAD",
    "/livez": "GET, HEAD",
  };
  for (const [path, allow] of Object.entries(allowed)) {
    const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].filter(
      (method) => !allow.includes(method),
    );
    for (const method of methods) {
      const answer = await ask(`${server.url}${path}`, { method, headers: { ...cron, "User-Agent": browser } });
      expect({ path, method, status: answer.status, allow: answer.headers.get("Allow") }).toEqual({
        path,
        method,
        status: 405,
        allow,
      });
    }
  }
  expect(await countRows(query, "rollup_runs")).toBe(0);
});

test("malformed requests never answer 500, and never show the inside", async () => {
  const { url } = await makeServerDatabase();
  const server = await startServer({ DATABASE_URL: url });
  const targets = [
    "//",
    "///etc",
    "/%E0%A4%A",
    "/..%2f",
    "/..%2f..%2fserver.js",
    "/%00",
    "/jobs/rebuild/%E0%A4%A",
    "/?%E0%A4%A",
    "*",
    "/jobs/rollup?_data=x",
    "/jobs/rollup?_data=routes%2Fjobs.rollup",
    "/app/range-sum?_data=root",
    "/assets/..%2f..%2f..%2f..%2fetc/passwd",
    "http://[/",
    `/${"a".repeat(8_000)}`,
  ];
  for (const target of targets) {
    for (const method of ["GET", "POST", "DELETE"]) {
      const request = `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
      const answer = await sendRaw(server.port, request);
      expect(answer, `${method} ${target}`).toMatch(/^HTTP\/1\.1 [2-4]\d\d /);
      expect(answer, `${method} ${target}`).not.toMatch(/\n\s+at |node_modules|root:/);
    }
  }
  for (const line of ["TRACE /jobs/rollup", "PROPFIND /jobs/rollup", "SEARCH /healthz"]) {
    const answer = await sendRaw(server.port, `${line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(answer, line).toMatch(/^HTTP\/1\.1 (405|501) /);
    expect(answer, line).toMatch(/\r\n\r\n.*"error"/s);
  }
  for (const host of ["a b", "[", "", "localhost:port", "\u00ff"]) {
    const answer = await sendRaw(server.port, `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(answer, `the host "${host}"`).toMatch(/^HTTP\/1\.1 [24]\d\d /);
  }
});

test("an origin that can't be read is refused with 400 where a page or a form is posted to", async () => {
  const { url } = await makeServerDatabase();
  const server = await startServer({ DATABASE_URL: url });
  for (const path of ["/app", "/app/testimonials/analytics", "/auth/login", "/jobs/rollup"]) {
    for (const origin of ["x", "http://", "https://[", "null, null"]) {
      const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nOrigin: ${origin}\r\nContent-Length: 0`;
      const answer = await sendRaw(server.port, `${head}\r\nConnection: close\r\n\r\n`);
      expect(answer, `${path} from ${origin}`).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain('"code":"bad_input"');
      expect(answer).toContain(JSON.stringify({ field: "Origin", value: origin }).slice(1, -1));
    }
  }
  for (const origin of ["https://evil.example.com", "null"]) {
    for (const path of ["/app", "/auth/login", "/?index", "/operator/rebuild", "/operator/login"]) {
      const { status, body } = await ask(`${server.url}${path}`, { method: "POST", headers: { Origin: origin } });
      const error = { issues: [{ field: "Origin", value: origin }] };
      expect({ path, status, error: body.error }).toMatchObject({ path, status: 400, error });
    }
  }
  const own = { method: "POST", headers: { Origin: server.url, "User-Agent": browser } };
  expect((await ask(`${server.url}/auth/login`, own)).status).toBe(405);
  expect(server.output()).not.toContain("a route failed");
});

test("a caller who hangs up in the middle of a body leaves no error in the log", async () => {
  const { url } = await makeServerDatabase();
  const server = await startServer({ DATABASE_URL: url });
  const lengths = ["Content-Length: 900\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"];
  for (const path of ["/jobs/rebuild", "/webhooks/shop/redact", "/auth/login"]) {
    for (const length of lengths) {
      const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${operator.Authorization}`;
      await hangUp(server.port, `${head}\r\nContent-Type: application/x-www-form-urlencoded\r\n${length}`);
    }
  }
  expect((await ask(`${server.url}/healthz`)).status).toBe(200);
  // By its end the server has heard of everyone who has hung up.
  expect(await server.kill("SIGTERM")).toBe(0);
  expect(server.output()).toContain("the server stops");
  expect(server.output()).not.toMatch(/"level":"(warn|error|fatal)"/);
});

/** Sends the beginning of a request and is gone. */
function hangUp(port: number, bytes: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes, () => socket.destroy()));
    socket.on("error", reject);
    socket.on("close", () => resolve());
  });
}

test("a caller whose address is too long is told so, however much is still to come of the body", async () => {
  const { url } = await makeServerDatabase();
  const server = await startServer({ DATABASE_URL: url });
  const sender = openSender(server.port);
  const query: [string, string][] = [["from", "x".repeat(20_000)]];
  const request = { method: "POST", path: "/app/range-sum", query, headers: [], body: " ".repeat(70_000) };
  for (let round = 0; round < 50; round += 1) expect((await sender.send(request)).status).toBe(431);
  sender.close();
  expect((await ask(`${server.url}/healthz`)).status).toBe(200);
});
