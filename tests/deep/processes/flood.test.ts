import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { testEnv } from "../../setup/settings";
import { cron, operator } from "../../support/call";
import { type Answer, ask, getRangeSum, postRebuild } from "../../support/http";
import { listDifferences, seededRange, seededTotals, seedShops } from "../../support/plain-sql";
import { makeServerDatabase } from "../../support/process-databases";
import { type ServerProcess, startServer } from "../../support/server-process";
import { browser, signSessionToken, storeOfflineSession } from "../../support/session-token";
import { sign } from "../../support/signature";
import { waitFor } from "../../support/wait";

// Many callers at once, and callers that take their time: the server stays up, its memory is bounded, and a merchant's
// read is answered meanwhile.

const domain = "shop-1.myshopify.com";
const callers = 200;
const longestReadMs = 10_000;
const maxMemoryMiB = 900;

type Call = { name: string; make: (server: ServerProcess, index: number) => Promise<Answer>; statuses: number[] };

const merchant = () => ({ Authorization: `Bearer ${signSessionToken(domain)}`, "User-Agent": browser });

function openPage(server: ServerProcess, path: string): Promise<Answer> {
  const host = Buffer.from("admin.shopify.com/store/shop-1").toString("base64url");
  const query = new URLSearchParams({ shop: domain, host, embedded: "1", id_token: signSessionToken(domain) });
  return ask(`${server.url}${path}?${query}`, { headers: { "User-Agent": browser } });
}

function deliver(server: ServerProcess, topic: string, payload: object): Promise<Answer> {
  const body = JSON.stringify(payload);
  const headers = {
    "X-Shopify-Topic": topic,
    "X-Shopify-Shop-Domain": "shop-9.myshopify.com",
    "X-Shopify-Hmac-Sha256": sign(body, testEnv.SHOPIFY_API_SECRET),
    "X-Shopify-API-Version": "2026-10",
    "X-Shopify-Webhook-Id": randomUUID(),
  };
  return ask(`${server.url}/webhooks/${topic}`, { method: "POST", headers, body });
}

const range = `from=${seededRange.from}&to=${seededRange.to}`;
const calls: Call[] = [
  { name: "/healthz", make: (server) => ask(`${server.url}/healthz`), statuses: [200, 503] },
  {
    name: "/jobs/rollup",
    make: (server) => ask(`${server.url}/jobs/rollup?window=31`, { method: "POST", headers: cron }),
    statuses: [200],
  },
  {
    name: "/jobs/verify",
    make: (server) => ask(`${server.url}/jobs/verify`, { method: "POST", headers: cron }),
    statuses: [200],
  },
  {
    name: "/jobs/rebuild",
    make: (server) => postRebuild(server, { fromDate: seededRange.from, toDate: seededRange.to }),
    statuses: [202, 409],
  },
  {
    name: "/jobs/rebuild, dry",
    make: (server) => postRebuild(server, { fromDate: seededRange.from, toDate: seededRange.to, dryRun: true }),
    statuses: [202],
  },
  {
    name: "/jobs/rebuild/:runId",
    make: (server) => ask(`${server.url}/jobs/rebuild/none`, { headers: operator }),
    statuses: [404],
  },
  {
    name: "/app/range-sum",
    make: (server) => ask(`${server.url}/app/range-sum?${range}&series=1`, { headers: merchant() }),
    statuses: [200],
  },
  { name: "/app", make: (server) => openPage(server, "/app"), statuses: [200] },
  {
    name: "/app/testimonials/analytics",
    make: (server) => openPage(server, "/app/testimonials/analytics"),
    statuses: [200],
  },
  {
    name: "/webhooks/customers/redact",
    make: (server, index) =>
      deliver(server, "customers/redact", { customer: { email: `nobody-${index}@example.com` } }),
    statuses: [200],
  },
  { name: "/webhooks/app/uninstalled", make: (server) => deliver(server, "app/uninstalled", {}), statuses: [200] },
  { name: "/auth/login", make: (server) => ask(`${server.url}/auth/login`), statuses: [200] },
  { name: "/no/such/page", make: (server) => ask(`${server.url}/no/such/page`), statuses: [404] },
];

function readMemoryMiB({ pid }: ServerProcess): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

/** Reads as a merchant, again and again, while `work` goes on. Every answer must be right. */
async function readMeanwhile(server: ServerProcess, work: Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let isOver = false;
  const ended = work.finally(() => {
    isOver = true;
  });
  do {
    const startedAt = performance.now();
    const { status, body } = await getRangeSum(server, domain, range);
    times.push(performance.now() - startedAt);
    expect({ status, totals: body.totals }).toEqual({ status: 200, totals: seededTotals });
  } while (!isOver);
  await ended;
  return times.sort((a, b) => a - b);
}

function report(name: string, times: number[], memory: number): void {
  const at = (share: number) => Math.round(times[Math.ceil(times.length * share) - 1] ?? 0);
  const figures = `reads ${times.length}, median ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms`;
  process.stdout.write(`${callers} callers of ${name}: ${figures}; memory ${Math.round(memory)} MiB\n`);
}

async function startSeeded() {
  const { url, query } = await makeServerDatabase();
  await seedShops(query, 9);
  await storeOfflineSession(query, domain);
  return { server: await startServer({ DATABASE_URL: url, LOG_LEVEL: "info" }), query };
}

test("200 callers at once of any route leave merchants their reads, and the server up", async () => {
  const { server, query } = await startSeeded();
  for (const { name, make, statuses } of calls) {
    const flood = Promise.all(Array.from({ length: callers }, (_, index) => make(server, index)));
    const times = await readMeanwhile(server, flood);
    const unexpected = (await flood).filter(({ status }) => !statuses.includes(status));
    expect(
      unexpected.map(({ status, text }) => ({ status, text: text.slice(0, 300) })),
      name,
    ).toEqual([]);
    const memory = readMemoryMiB(server);
    report(name, times, memory);
    expect(times.at(-1), name).toBeLessThan(longestReadMs);
    expect(memory, name).toBeLessThan(maxMemoryMiB);
  }
  const [{ running } = { running: -1 }] = await waitFor(
    "the rebuilds to end",
    async () => {
      const rows = await query<{ running: number }>(
        "select count(*)::int as running from rollup_runs where status = 'running'",
      );
      return rows[0]?.running === 0 && rows;
    },
    120_000,
  );
  expect(running).toBe(0);
  expect(await listDifferences(query)).toEqual([]);
});

test("a flood of runs, verifications and dry rebuilds together leaves merchants their reads", async () => {
  const { server, query } = await startSeeded();
  const mixed = calls.filter(({ name }) => name.startsWith("/jobs/r") || name === "/jobs/verify");
  const flood = Promise.all(
    Array.from({ length: callers }, (_, index) => mixed[index % mixed.length]?.make(server, index)),
  );
  const times = await readMeanwhile(server, flood);
  expect((await flood).filter((answer) => (answer?.status ?? 500) >= 500)).toEqual([]);
  report("all jobs", times, readMemoryMiB(server));
  expect(times.at(-1)).toBeLessThan(longestReadMs);
  expect(await listDifferences(query)).toEqual([]);
});

test("400 callers that never end their heads or bodies are cut off, and nobody else waits for them", async () => {
  const { server } = await startSeeded();
  const beginnings = [
    "POST /jobs/rebuild HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    `POST /jobs/rebuild HTTP/1.1\r\nHost: x\r\nAuthorization: ${operator.Authorization}\r\nContent-Length: 60000\r\n\r\n{`,
    "POST /webhooks/shop/redact HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    "GET /healthz HTTP/1.1\r\n",
  ];
  const sockets: Socket[] = [];
  let open = 0;
  for (let index = 0; index < 400; index += 1) {
    const socket = connect(server.port, "127.0.0.1", () => socket.write(beginnings[index % beginnings.length] ?? ""));
    socket
      .on("error", () => undefined)
      .on("close", () => {
        open -= 1;
      });
    socket.resume();
    open += 1;
    sockets.push(socket);
  }
  const dripping = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write("a");
  }, 1_000);
  try {
    const startedAt = performance.now();
    const cut = waitFor("all of them to be cut off", async () => open === 0, 180_000);
    const times = await readMeanwhile(server, cut);
    process.stdout.write(
      `400 slow callers: all cut off after ${Math.round((performance.now() - startedAt) / 1000)} s\n`,
    );
    report("none", times, readMemoryMiB(server));
    expect(times.at(-1)).toBeLessThan(longestReadMs);
  } finally {
    clearInterval(dripping);
    for (const socket of sockets) socket.destroy();
  }
});
