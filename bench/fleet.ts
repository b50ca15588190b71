import { cpus } from "node:os";
import type pg from "pg";
import { below, fasterBy } from "./aim";
import { makeEnvironment } from "./app";
import { type Bench, isWanted, type Theme } from "./bench";
import { loadData } from "./data";
import { markWrongDays } from "./marks";
import { interleave, median } from "./measure";
import { heapLimit, type ServerProcess, startServer } from "./processes";
import { makeDatabase } from "./server";

export const fleet: Theme = { rows: ["11", "12"], needsData: false, measure };

const processes = 4;
const maxMb = 200;

type RunAnswer = { days: number; rowsWritten: number; remaining: number };
/** What one process did, and the most memory it took for it. */
type FleetRun = { ms: number; peakMb: number };

async function measure(bench: Bench): Promise<void> {
  const { fleetShops, fleetMarks } = bench.sizes;
  const shopCounts = isWanted(bench, "11") ? [Math.ceil(fleetShops / 4), fleetShops] : [fleetShops];
  const runs: FleetRun[] = [];
  for (const shops of shopCounts) {
    const database = await makeDatabase(bench.server, "rollup_bench_fleet");
    await loadData(database.sql, {
      shops,
      requests: 5 * fleetShops,
      submissions: 2 * fleetShops,
      events: Math.ceil(fleetShops / 2),
    });
    if (isWanted(bench, "11")) runs.push(await measureHour(bench, database));
    if (isWanted(bench, "12") && shops === fleetShops) await measureProcesses(bench, database);
    await database.drop();
  }
  const [few, all] = runs;
  if (!few || !all) return;
  bench.report({
    row: "11",
    work: `an hour of ${fleetShops.toLocaleString("en-US")} shops: peak memory of the process in one run`,
    against: `the same with ${shopCounts[0]?.toLocaleString("en-US")} shops`,
    ours: all.peakMb,
    alternative: few.peakMb,
    unit: "MB",
    aim: below(maxMb, "MB"),
    rows: fleetMarks,
    isWrong: all.peakMb > 1.15 * few.peakMb,
    note: `flat means at most 1.15 × of the smaller fleet's; with ${heapLimit.NODE_OPTIONS}`,
  });
  bench.report({
    row: "11",
    work: `an hour of ${fleetShops.toLocaleString("en-US")} shops: one run`,
    against: `the same with ${shopCounts[0]?.toLocaleString("en-US")} shops`,
    ours: all.ms / 1_000,
    alternative: few.ms / 1_000,
    unit: "s",
    aim: below(60, "s"),
    rows: fleetMarks,
  });
}

type Fleet = { url: string; sql: pg.Client };

async function measureHour({ sizes, options }: Bench, { url, sql }: Fleet): Promise<FleetRun> {
  const environment = makeEnvironment(url);
  const server = await startServer({ ...environment, ...heapLimit });
  try {
    const { run } = await interleave(options.longRounds, {
      run: {
        prepare: (round) => markWrongDays(sql, sizes.fleetMarks, round),
        async work() {
          requireDays(sizes.fleetMarks, [await postRollup(server, environment)]);
        },
      },
    });
    return { ms: median(run), peakMb: server.readPeakMb() ?? Number.NaN };
  } finally {
    await server.stop();
  }
}

async function measureProcesses(bench: Bench, { url, sql }: Fleet): Promise<void> {
  const { sizes, options } = bench;
  const environment = makeEnvironment(url);
  const servers = await Promise.all(Array.from({ length: processes }, () => startServer(environment)));
  const runOn = (some: ServerProcess[]) => async () => {
    const answers = await Promise.all(some.map((server) => postRollup(server, environment)));
    requireDays(sizes.fleetMarks, answers);
  };
  try {
    const { four, one } = await interleave(2 * options.longRounds, {
      four: { prepare: (round) => markWrongDays(sql, sizes.fleetMarks, round), work: runOn(servers) },
      one: { prepare: (round) => markWrongDays(sql, sizes.fleetMarks, round + 50), work: runOn(servers.slice(0, 1)) },
    });
    bench.report({
      row: "12",
      work: `four runs in ${processes} processes at once`,
      against: "one run",
      ours: median(four),
      alternative: median(one),
      aim: fasterBy(1),
      rows: sizes.fleetMarks,
      note: `the days of all runs add up to ${sizes.fleetMarks}, so none was counted twice; one run works on two connections already, and there are ${cpus().length} cores for all processes and the server`,
    });
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function postRollup(server: ServerProcess, environment: Record<string, string>): Promise<RunAnswer> {
  const response = await fetch(`${server.origin}/jobs/rollup`, {
    method: "POST",
    headers: { Authorization: `Bearer ${environment.CRON_SECRET}` },
    // A run of a large fleet takes longer than fetch waits by itself, and is slower still on a busy machine.
    signal: AbortSignal.timeout(1_800_000),
  });
  if (response.status !== 200) throw new Error(`A run answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as RunAnswer;
}

/** Each marked day must have been recounted once, by whichever run. */
function requireDays(marks: number, answers: RunAnswer[]): void {
  const days = answers.reduce((sum, answer) => sum + answer.days, 0);
  const written = answers.reduce((sum, answer) => sum + answer.rowsWritten, 0);
  if (days !== marks || written !== marks) {
    throw new Error(`${marks} days were marked, ${days} recounted and ${written} rows written.`);
  }
}
