import { expect } from "vitest";
import { rollup } from "~/rollup.server";
import { type Day, toRange } from "~/services/rollup/day";
import { settleSweeps } from "~/services/rollup/jobs/sweep-worker.server";
import { isLucky, pick, pickNumber } from "./chance";
import { repeat, times, type Worker } from "./hammer";
import { daysAgo, type World } from "./world";

const today = daysAgo(0) as Day;

/** All that the app does to the daily rows, at once: four runs, a rebuild and two verifications, again and again. */
export function makeAppWorkers(world: World): Worker[] {
  return [
    ...times(4, () => repeat("runs", run)),
    repeat("rebuilds", () => rebuild(world)),
    ...times(2, () => repeat("verifications", verify)),
  ];
}

/** Runs with and without time, with a short window and a long one. */
async function run(): Promise<void> {
  const options = { lookbackDays: pickNumber(0, 9), budgetMs: isLucky(0.2) ? 1 : undefined };
  const result = await rollup.run({ trigger: "cron", today, ...options });
  expect(result).toMatchObject({ status: "ok", failedShops: [], error: null });
}

async function rebuild(world: World): Promise<void> {
  const range = toRange(pick(world.days) as Day, today);
  const runId = await rollup.startRebuild({
    range,
    shopId: isLucky(0.5) ? pick(world.shopIds) : undefined,
    dryRun: isLucky(0.2),
  });
  if (typeof runId !== "string") throw new Error(`The rebuild was refused: ${JSON.stringify(runId)}`);
  await settleSweeps(rollup.engine);
  expect(await rollup.getRebuild(runId)).toMatchObject({ status: "ok", failedShops: [], error: null });
}

/** Nothing goes round the triggers here, so that any drift is a false one. */
async function verify(): Promise<void> {
  const result = await rollup.verify({ trigger: "cron", today, sample: isLucky(0.3) ? 5 : undefined });
  expect(result).toMatchObject({ status: "ok", drifted: 0, driftedAfter: 0, before: [], alert: false });
}
