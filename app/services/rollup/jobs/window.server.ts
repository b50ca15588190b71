import type { DayRange } from "../day";
import { DefinitionNotCurrent } from "../definition/state.server";
import { type Engine, pingDatabase } from "../engine.server";
import { recountWindow } from "../recount/recount.server";
import { markDrift } from "../verify/compare.server";
import { markDriftOfFleet } from "../verify/fleet-drift.server";
import { type Deadline, isPast } from "./drain.server";
import { isolateShops } from "./isolate.server";
import { type Place, spread } from "./place.server";
import { listInstalledBatches, listInstalledShops } from "./shops.server";
import { addFallback, addRecount, type Tally } from "./tally.server";

/** Shops whose recent days are recounted in one transaction, which holds them for as long. */
const windowShops = 5_000;

type WindowWork = { deadline: Deadline; tally: Tally; place: Place };

/**
 * Recounts the marked days of the window, and marks the days of it whose rows are wrong although nothing marked them:
 * writes that bypassed the triggers. Takes half of the time at most, so that a large backlog is drained all the same.
 *
 * @returns the id of the next transaction when all of the window was looked at, or null.
 */
export async function drainWindow(
  engine: Engine,
  window: DayRange,
  { deadline: runDeadline, tally, place }: WindowWork,
): Promise<string | null> {
  const deadline = performance.now() + (runDeadline - performance.now()) / 2;
  try {
    // On shards a write is one shop's: what is marked there is the drain's.
    if (!engine.settings.isSharded) return await recountWindowOfAll(engine, window, { deadline, tally });
    await markDriftOfFleet(engine, window);
  } catch (cause) {
    if (cause instanceof DefinitionNotCurrent) throw cause;
    await pingDatabase(engine);
    addFallback(engine, tally, "window of all shops", cause);
    await markWindowDrift(engine, window, { deadline, tally, place });
  }
  return null;
}

async function recountWindowOfAll(
  engine: Engine,
  window: DayRange,
  { deadline, tally }: Omit<WindowWork, "place">,
): Promise<string | null> {
  let isDone = false;
  let seenXid: string | null = null;
  for (let withDrift = true; !isDone; withDrift = false) {
    const options = { maxShops: windowShops, markDrift: withDrift };
    const { lockedShops, nextXid, ...recount } = await recountWindow(engine, window, options);
    addRecount(tally, recount);
    if (withDrift) seenXid = nextXid;
    isDone = lockedShops < windowShops || isPast(engine, deadline);
  }
  return seenXid;
}

/**
 * Marks the days of the window that are wrong, batch by batch, so that a shop whose days can't be counted stops no other.
 * Goes once round from the place where the last run ended, for the time may not be enough for all.
 */
async function markWindowDrift(
  engine: Engine,
  window: DayRange,
  { deadline, tally, place }: WindowWork,
): Promise<void> {
  const isolation = { tally, step: "comparison" } as const;
  const start = await spread(place, (part) => listInstalledShops(engine, part));
  for await (const shopIds of listInstalledBatches(engine, engine.settings.batchShops, start)) {
    await place.moveTo(shopIds.at(-1) ?? null);
    await isolateShops(engine, shopIds, isolation, (isolated) => markDrift(engine, isolated, window));
    if (isPast(engine, deadline)) break;
  }
}
