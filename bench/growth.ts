import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { atMost } from "./aim";
import { makeEnvironment } from "./app";
import type { Bench, Theme } from "./bench";
import { loadData } from "./data";
import { markWrongDays } from "./marks";
import { interleave, median } from "./measure";
import { type BenchDatabase, makeDatabase } from "./server";

export const growth: Theme = { rows: ["5"], needsData: false, measure };

/** The app in a process of its own, since each process is on one database. */
type Grown = { rows: number; database: BenchDatabase; process: ChildProcess };

async function measure(bench: Bench): Promise<void> {
  const { sizes, options } = bench;
  const grown: Grown[] = [];
  for (const rows of sizes.growthRows) grown.push(await grow(bench, rows));
  try {
    const sides = grown.map((size) => [
      `${size.rows}`,
      {
        prepare: (round: number) => markWrongDays(size.database.sql, sizes.markedDays, round),
        work: () => drain(size, sizes.markedDays),
      },
    ]);
    const samples = await interleave(options.rounds, Object.fromEntries(sides));
    const smallest = grown[0];
    if (!smallest) return;
    for (const { rows } of grown.slice(1)) {
      bench.report({
        row: "5",
        work: `recount ${sizes.markedDays.toLocaleString("en-US")} marked days with ${toMillions(rows)} source rows`,
        against: `the same with ${toMillions(smallest.rows)}`,
        ours: median(samples[`${rows}`] ?? []),
        alternative: median(samples[`${smallest.rows}`] ?? []),
        aim: atMost(1.3),
        rows,
        note: "more rows are more shops, each as large as before; the marked days are as many, and of all shops",
      });
    }
  } finally {
    for (const { process, database } of grown) {
      const ended = once(process, "exit");
      process.disconnect();
      await ended;
      await database.drop();
    }
  }
}

/** Two thirds requests, a quarter submissions, the rest events, as in the large set; 3,000 rows a shop. */
async function grow({ server }: Bench, rows: number): Promise<Grown> {
  const database = await makeDatabase(server, `rollup_bench_${rows}`);
  const share = (part: number) => Math.round((rows * part) / 12);
  await loadData(database.sql, {
    shops: Math.max(10, Math.round(rows / 3_000)),
    requests: share(8),
    submissions: share(3),
    events: share(1),
  });
  const child = fork("bench/drain-process.ts", { env: { ...process.env, ...makeEnvironment(database.url) } });
  await once(child, "message");
  return { rows, database, process: child };
}

async function drain({ process }: Grown, days: number): Promise<void> {
  process.send("drain");
  const [rowsWritten] = await once(process, "message");
  if (rowsWritten !== days) throw new Error(`Of ${days} marked days ${rowsWritten} rows were written.`);
}

function toMillions(rows: number): string {
  return `${(rows / 1_000_000).toLocaleString("en-US", { maximumFractionDigits: 2 })} M`;
}
