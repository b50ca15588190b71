import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { addDays, type Day, toDay } from "~/services/rollup/day";
import { makeEnvironment } from "./app";
import { type DataSize, historyDays, loadData } from "./data";
import { quantile } from "./measure";
import { openSession, toHeaders, toPageQuery } from "./merchant";
import { heapLimit, type ServerProcess, startServer } from "./processes";
import { type BenchDatabase, makeDatabase, openBenchServer } from "./server";

// The memory of the built server over a long run: merchants read, rows come, change and go, runs follow each other, and
// now and then there is a verification and a rebuild. In the end all daily rows must be right.
//
//   npm run soak -- --minutes 60

const size: DataSize = { shops: 500, requests: 400_000, submissions: 150_000, events: 50_000 };
const readers = 4;
const sampleMs = 2_000;
const runEveryMs = 2_000;
const verifyEveryMs = 30_000;
const rebuildEveryMs = 60_000;
const parts = 10;
/** What the second half may take more than the first. */
const mostGrowth = 1.1;

type Soak = {
  server: ServerProcess;
  sql: BenchDatabase["sql"];
  environment: Record<string, string>;
  shops: { id: string; domain: string; token: string }[];
  endsAt: number;
  counts: Record<"reads" | "writes" | "runs" | "verifications" | "rebuilds", number>;
};

const { values: given } = parseArgs({ options: { minutes: { type: "string", default: "30" } } });
const minutes = Number(given.minutes);
if (!(minutes > 0)) throw new Error("--minutes must be a number above 0.");
const write = (line: string) => process.stdout.write(`${line}\n`);

const databaseServer = await openBenchServer();
try {
  const database = await makeDatabase(databaseServer, "rollup_bench_soak");
  write(`makes ${size.shops} shops with ${size.requests.toLocaleString("en-US")} requests`);
  await loadData(database.sql, size);
  const environment = makeEnvironment(database.url);
  const server = await startServer({ ...environment, ...heapLimit });
  try {
    await measure(database, environment, server);
  } finally {
    await server.stop();
    await database.drop();
  }
} finally {
  await databaseServer.close();
}

async function measure({ sql }: BenchDatabase, environment: Soak["environment"], server: ServerProcess): Promise<void> {
  const { rows } = await sql.query<{ id: string; domain: string }>("select id, domain from shops order by md5(id)");
  const shops: Soak["shops"] = [];
  for (const shop of rows) shops.push({ ...shop, token: await openSession(sql, environment, shop.domain) });
  const counts = { reads: 0, writes: 0, runs: 0, verifications: 0, rebuilds: 0 };
  const soak: Soak = { server, sql, environment, shops, counts, endsAt: performance.now() + minutes * 60_000 };

  write(`goes on for ${minutes} minutes, with ${heapLimit.NODE_OPTIONS}`);
  const samples: number[] = [];
  const watch = async () => {
    while (performance.now() < soak.endsAt) {
      samples.push(server.readMb() ?? Number.NaN);
      await pause(sampleMs);
    }
  };
  await Promise.all([
    watch(),
    ...Array.from({ length: readers }, () => keepReading(soak)),
    keepWriting(soak),
    keepAtIt(soak, runEveryMs, () => run(soak)),
    keepAtIt(soak, verifyEveryMs, () => verify(soak, "?sample=50")),
    keepAtIt(soak, rebuildEveryMs, () => rebuild(soak)),
  ]);
  await run(soak);
  const { drifted } = await verify(soak, "");
  report(soak, samples, drifted);
}

function report({ counts, server }: Soak, samples: number[], drifted: number): void {
  write(
    Object.entries(counts).reduce((line, [what, count]) => `${line}${count.toLocaleString("en-US")} ${what}  `, ""),
  );
  write("part  least MB  median MB  most MB");
  const length = Math.ceil(samples.length / parts);
  for (let part = 0; part < parts; part += 1) {
    const own = samples.slice(part * length, (part + 1) * length);
    const numbers = [quantile(own, 0), quantile(own, 0.5), quantile(own, 1)].map((mb) => `${mb}`.padStart(9));
    write(`${`${part + 1}`.padStart(4)} ${numbers.join("  ")}`);
  }
  // The first tenth is the way up to where it stays.
  const middle = Math.ceil((samples.length * (1 + 1 / parts)) / 2);
  const first = quantile(samples.slice(length, middle), 1);
  const second = quantile(samples.slice(middle), 1);
  const isFlat = second <= mostGrowth * first;
  write(`peak ${server.readPeakMb()} MB; most of the first half ${first} MB, of the second ${second} MB`);
  write(`${isFlat ? "flat" : "GROWS"}; ${drifted} daily rows were wrong at the end`);
  if (!isFlat || drifted > 0) process.exitCode = 1;
}

async function keepAtIt({ endsAt }: Soak, everyMs: number, work: () => Promise<unknown>): Promise<void> {
  while (performance.now() + everyMs < endsAt) {
    await pause(everyMs);
    await work();
  }
}

/** A range sum of some length, and now and then a page. */
async function keepReading({ server, shops, endsAt, counts }: Soak): Promise<void> {
  for (let n = 0; performance.now() < endsAt; n += 1) {
    const shop = pick(shops);
    const to = toDay(new Date());
    const from = addDays(to, -pick([6, 29, 89, 364]));
    const query = toPageQuery(shop.domain, shop.token);
    const pages = [`/app?${query}`, `/app/testimonials/analytics?${query}&from=${from}&to=${to}`];
    const path = n % 10 === 0 ? pick(pages) : `/app/range-sum?from=${from}&to=${to}`;
    await ask(server, path, { headers: toHeaders(path.includes("id_token") ? undefined : shop.token) }, 200);
    counts.reads += 1;
    await pause(20);
  }
}

async function keepWriting({ sql, shops, endsAt, counts }: Soak): Promise<void> {
  const statements = [
    "insert into testimonial_requests (shop_id, status, sent_at) values ($1, 'sent', timezone('utc', now()) - random() * interval '3 days')",
    "insert into testimonial_submissions (shop_id, media_type, submitted_at) values ($1, 'photo', timezone('utc', now()) - random() * interval '2 years')",
    `update testimonial_submissions set approved_at = timezone('utc', now()), status = 'approved'
    where id = (select id from testimonial_submissions where shop_id = $1 and approved_at is null limit 1)`,
    `update testimonial_requests set clicked_at = timezone('utc', now())
    where id = (select id from testimonial_requests where shop_id = $1 and clicked_at is null limit 1)`,
    `delete from testimonial_submissions
    where id = (select id from testimonial_submissions where shop_id = $1 order by submitted_at desc limit 1)`,
  ];
  while (performance.now() < endsAt) {
    await sql.query(pick(statements), [pick(shops).id]);
    counts.writes += 1;
    await pause(10);
  }
}

async function run({ server, environment, counts }: Soak): Promise<void> {
  counts.runs += 1;
  const window = counts.runs % 10 === 0 ? "?window=7" : "";
  await ask(server, `/jobs/rollup${window}`, post(environment.CRON_SECRET), 200);
}

async function verify({ server, environment, counts }: Soak, query: string): Promise<{ drifted: number }> {
  counts.verifications += 1;
  return ask(server, `/jobs/verify${query}`, post(environment.CRON_SECRET), 200);
}

/** Of one shop and two years, or of all shops and a month. Waits for its end. */
async function rebuild({ server, environment, shops, counts }: Soak): Promise<void> {
  counts.rebuilds += 1;
  const toDate: Day = toDay(new Date());
  const isOfAll = counts.rebuilds % 2 === 0;
  const fromDate = addDays(toDate, isOfAll ? -30 : -historyDays);
  const body = JSON.stringify({ fromDate, toDate, ...(!isOfAll && { shopId: pick(shops).id }) });
  const { runId } = await ask<{ runId: string }>(server, "/jobs/rebuild", post(environment.ADMIN_TOKEN, body), 202);
  let status = "running";
  while (status === "running") {
    await pause(500);
    ({ status } = await ask<{ status: string }>(
      server,
      `/jobs/rebuild/${runId}`,
      bearer(environment.ADMIN_TOKEN),
      200,
    ));
  }
  if (status !== "ok") throw new Error(`The rebuild ${runId} ended as ${status}.`);
}

function bearer(secret = ""): RequestInit {
  return { headers: { Authorization: `Bearer ${secret}`, "Content-Type": "application/json" } };
}

function post(secret?: string, body?: string): RequestInit {
  return { method: "POST", ...bearer(secret), body };
}

async function ask<Answer>(
  { origin }: ServerProcess,
  path: string,
  init: RequestInit,
  status: number,
): Promise<Answer> {
  const response = await fetch(`${origin}${path}`, init);
  const body = await response.text();
  if (response.status !== status) throw new Error(`${path} answered ${response.status}: ${body.slice(0, 500)}`);
  return (response.headers.get("content-type")?.includes("json") ? JSON.parse(body) : undefined) as Answer;
}

function pick<Item>(items: Item[]): Item {
  return items[Math.floor(Math.random() * items.length)] as Item;
}
