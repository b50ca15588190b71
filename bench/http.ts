import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { addDays, toDay } from "~/services/rollup/day";
import { atLeastShare, atMost } from "./aim";
import { makeEnvironment } from "./app";
import { type Bench, isWanted, type Theme } from "./bench";
import { addWhale } from "./data";
import { interleave, median } from "./measure";
import { openSession, toHeaders, toPageQuery } from "./merchant";
import { type ServerProcess, startServer } from "./processes";

export const http: Theme = { rows: ["13", "14"], needsData: true, measure };

const connections = 50;
const turnMs = 2_000;
const script = "bench/serve.ts";

type Environment = Record<string, string>;
type Target = { url: string; connections: number; status?: number; token?: string };
type Load = { perSecond: number; tookMs: number[] };

async function measure(bench: Bench): Promise<void> {
  const environment = makeEnvironment(bench.main.url);
  const server = await startServer(environment, script);
  try {
    if (isWanted(bench, "13")) await measureRangeSum(bench, server, environment);
    if (isWanted(bench, "14")) await measureDashboard(bench, server, environment);
  } finally {
    await server.stop();
  }
}

async function measureRangeSum(bench: Bench, { origin }: ServerProcess, environment: Environment): Promise<void> {
  const token = await openSession(bench.sql, environment, "bench-1.myshopify.com");
  const today = toDay(new Date());
  const path = `${origin}/app/range-sum`;
  const rangeSum = { url: `${path}?from=${addDays(today, -29)}&to=${today}`, token };
  const targets: Record<string, Omit<Target, "connections">> = {
    "the same route's refusal of a bad date: same authentication, no numbers": {
      url: `${path}?from=x&to=x`,
      token,
      status: 400,
    },
    "a Remix route that refuses the method at once: no authentication by Shopify, no database": {
      url: `${origin}/jobs/rebuild`,
      status: 405,
    },
    "a constant route of Express on the same server: no Remix, no authentication": { url: `${origin}/bench/constant` },
    rangeSum,
  };
  const loads = await measureLoads(bench, targets);
  const ours = median(loads.rangeSum ?? []);
  for (const [against, perSecond] of Object.entries(loads)) {
    if (against === "rangeSum") continue;
    bench.report({
      row: "13",
      work: `/app/range-sum of 30 days, ${connections} connections`,
      against,
      ours,
      alternative: median(perSecond),
      unit: "requests/s",
      aim: atLeastShare(0.5),
      rows: connections,
    });
  }
}

/** Requests a second of each target, in turns. */
async function measureLoads(bench: Bench, targets: Record<string, Omit<Target, "connections">>) {
  const perSecond: Record<string, number[]> = {};
  const sides = Object.entries(targets).map(([name, target]) => {
    perSecond[name] = [];
    const work = async (round: number) => {
      const load = await generateLoad({ ...target, connections });
      if (round > 0) perSecond[name]?.push(load.perSecond);
    };
    return [name, { work }] as const;
  });
  await interleave(bench.options.rounds, Object.fromEntries(sides));
  return perSecond;
}

async function measureDashboard(bench: Bench, server: ServerProcess, environment: Environment): Promise<void> {
  const { main, sizes, options } = bench;
  await addWhale(main.sql, sizes.whaleRequests);
  const shop = "bench-whale.myshopify.com";
  const query = toPageQuery(shop, await openSession(main.sql, environment, shop));
  const stubbed = await startServer({ ...environment, BENCH_STUB: "1" }, script);
  const tookMs: { real: number[]; stubbed: number[] } = { real: [], stubbed: [] };
  const load = (name: keyof typeof tookMs, { origin }: ServerProcess) => ({
    async work(round: number) {
      const { tookMs: all } = await generateLoad({ url: `${origin}/app?${query}`, connections: 1 });
      if (round > 0) tookMs[name].push(median(all));
    },
  });
  try {
    await interleave(options.rounds, { real: load("real", server), stubbed: load("stubbed", stubbed) });
  } finally {
    await stubbed.stop();
  }
  bench.report({
    row: "14",
    work: "dashboard document of the largest shop, one connection",
    against: "the same page, its numbers from memory",
    ours: median(tookMs.real),
    alternative: median(tookMs.stubbed),
    aim: atMost(1.2),
    rows: sizes.whaleRequests,
  });
}

async function generateLoad({ url, connections, status = 200, token }: Target): Promise<Load> {
  const headers = Object.entries(toHeaders(token)).flat();
  const args = ["--import", "tsx", "bench/load-generator.ts", url, `${connections}`, `${turnMs}`, `${status}`];
  const options = { maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(process.execPath, [...args, ...headers], options);
  return JSON.parse(stdout) as Load;
}
