import { type Day, type DayRange, toWindow } from "../day";
import type { Engine } from "../engine.server";
import { listSilentFailures } from "../health/failing-shop-list.server";
import { allDays, markDrift } from "../verify/compare.server";
import { drainMarks } from "./drain.server";
import { isolateShops } from "./isolate.server";
import type { NewRun, RunOutcome, RunTrigger } from "./ledger.server";
import { dropOldRuns } from "./ledger-write.server";
import { openPlaces } from "./place.server";
import { recordRun } from "./record-run.server";
import { startDueSeal } from "./seal.server";
import type { Tally } from "./tally.server";
import { drainWindow } from "./window.server";

const defaultLookbackDays = 1;

export type RollupResult = RunOutcome & { runId: string; window: DayRange; durationMs: number };

export type RollupOptions = {
  trigger: RunTrigger;
  today: Day;
  /** Whole days before today that the window reaches back. */
  lookbackDays?: number | undefined;
  budgetMs?: number;
  slot?: string | undefined;
};

/**
 * Makes the daily rows right: finds the days of the window whose rows differ from the source tables, for whatever
 * reason, and recounts every marked day of every installed shop. Stops at the budget and says what remains. Twice is
 * as good as once, and two concurrent runs share the work.
 *
 * @returns null when another process runs the same slot of the schedule.
 * @throws when the run can't be opened in the ledger, that is, when the database is away or can't be written.
 */
export async function runRollup(engine: Engine, options: RollupOptions): Promise<RollupResult | null> {
  const window = toWindow(options.today, options.lookbackDays ?? defaultLookbackDays);
  const deadline = performance.now() + (options.budgetMs ?? engine.settings.budgetMs);
  const run: NewRun = { kind: "rollup", trigger: options.trigger, range: window, slot: options.slot };
  const ended = await recordRun(engine, run, async (runId, tally) => {
    const [places] = await Promise.all([openPlaces(engine, runId), dropOldRuns(engine)]);
    const seenXid = places.seenXid ?? (await drainWindow(engine, window, { deadline, tally, place: places.window }));
    await retrySilentFailures(engine, tally);
    await drainMarks(engine, deadline, tally, places.marks);
    return { cursor: places.marks.cursor, healCursor: places.window.cursor, seenXid };
  });
  if (ended === null) return null;
  if (ended.status !== "failed") await startDueSeal(engine, options);
  return { ...ended, window };
}

/**
 * Compares all days of shops that are failing although nothing of them is marked, or whose days could not be compared:
 * no recount would ever tell that they are right again.
 */
async function retrySilentFailures(engine: Engine, tally: Tally): Promise<void> {
  const shopIds = await listSilentFailures(engine, engine.settings.batchShops);
  if (shopIds.length === 0) return;
  const isolation = { tally, step: "comparison" } as const;
  await isolateShops(engine, shopIds, isolation, (isolated) => markDrift(engine, isolated, allDays));
  for (const shopId of shopIds) tally.comparedShopIds.add(shopId);
}
