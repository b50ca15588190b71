import { type Day, type DayRange, toWindow } from "./day";
import { DefinitionNotCurrent } from "./definition-state.server";
import { type Deadline, drainMarks, isolateShops, isPast } from "./drain.server";
import { allDays, markDrift } from "./drift.server";
import { listSilentFailures } from "./failing-shop-record.server";
import { pingDatabase, settings } from "./host.server";
import { dropOldRuns, type NewRun, type RunOutcome, type RunTrigger } from "./ledger.server";
import { openPlaces, type Place, spread } from "./place.server";
import { recordRun } from "./record-run.server";
import { recountWindow } from "./recount.server";
import { listInstalledBatches, listInstalledShops } from "./shop.server";
import { addFallback, addRecount, type Tally } from "./tally.server";

const defaultLookbackDays = 1;

/** Shops whose recent days are recounted in one transaction, which holds them for as long. */
const windowShops = 5_000;

export type RollupResult = RunOutcome & { runId: string; window: DayRange; durationMs: number };

type RollupOptions = {
  trigger: RunTrigger;
  today: Day;
  /** Whole days before today that the window reaches back. */
  lookbackDays?: number;
  budgetMs?: number;
  slot?: string;
};

/**
 * Makes the daily rows right: finds the days of the window whose rows differ from the source tables, for whatever
 * reason, and recounts every marked day of every installed shop. Stops at the budget and says what remains. Twice is
 * as good as once, and two concurrent runs share the work.
 *
 * @returns null when another process runs the same slot of the schedule.
 * @throws when the run can't be opened in the ledger, that is, when the database is away or can't be written.
 */
export async function runRollup(options: RollupOptions): Promise<RollupResult | null> {
  const window = toWindow(options.today, options.lookbackDays ?? defaultLookbackDays);
  const deadline = performance.now() + (options.budgetMs ?? settings.budgetMs);
  const run: NewRun = { kind: "rollup", trigger: options.trigger, range: window, slot: options.slot };
  const ended = await recordRun(run, async (runId, tally) => {
    await dropOldRuns();
    const places = await openPlaces(runId);
    await recountRecentDays(window, { deadline, tally, place: places.window });
    await retrySilentFailures(tally);
    await drainMarks(deadline, tally, places.marks);
    return { cursor: places.marks.cursor, healCursor: places.window.cursor };
  });
  return ended && { ...ended, window };
}

type WindowWork = { deadline: Deadline; tally: Tally; place: Place };

/**
 * Recounts the marked days of the window, and marks the days of it whose rows are wrong although nothing marked them:
 * writes that bypassed the triggers. Takes half of the time at most, so that a large backlog is drained all the same.
 */
async function recountRecentDays(window: DayRange, { deadline: runDeadline, tally, place }: WindowWork): Promise<void> {
  const deadline = performance.now() + (runDeadline - performance.now()) / 2;
  // One shop a statement: then they may be in several databases, which no one statement spans.
  if (settings.isSharded) return healInBatches(window, { deadline, tally, place });
  try {
    let isDone = false;
    for (let markDrift = true; !isDone; markDrift = false) {
      const { lockedShops, ...recount } = await recountWindow(window, { maxShops: windowShops, markDrift });
      addRecount(tally, recount);
      isDone = lockedShops < windowShops || isPast(deadline);
    }
  } catch (cause) {
    if (cause instanceof DefinitionNotCurrent) throw cause;
    await pingDatabase();
    addFallback(tally, "window of all shops", cause);
    await healInBatches(window, { deadline, tally, place });
  }
}

/**
 * Marks the days of the window that are wrong, batch by batch, so that a shop whose days can't be counted stops no other.
 * Goes once round from the place where the last run ended, for the time may not be enough for all.
 */
async function healInBatches(window: DayRange, { deadline, tally, place }: WindowWork): Promise<void> {
  const isolation = { tally, step: "comparison" } as const;
  for await (const shopIds of listInstalledBatches(settings.batchShops, await spread(place, listInstalledShops))) {
    await place.moveTo(shopIds.at(-1) ?? null);
    await isolateShops(shopIds, isolation, (isolated) => markDrift(isolated, window));
    if (isPast(deadline)) break;
  }
}

/**
 * Compares all days of shops that are failing although nothing of them is marked, or whose days could not be compared:
 * no recount would ever tell that they are right again.
 */
async function retrySilentFailures(tally: Tally): Promise<void> {
  const shopIds = await listSilentFailures(settings.batchShops);
  if (shopIds.length === 0) return;
  await isolateShops(shopIds, { tally, step: "comparison" }, (isolated) => markDrift(isolated, allDays));
  for (const shopId of shopIds) tally.comparedShopIds.add(shopId);
}
