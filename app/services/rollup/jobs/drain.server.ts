import { setImmediate as yieldToEventLoop } from "node:timers/promises";
import type { Engine } from "../engine.server";
import { forgetGoneShops } from "../health/failing-shop-record.server";
import { dropMarksOfGoneShops, listMarkedShops, type MarkedShop } from "../marks/marked-shops.server";
import { recountMarkedDays } from "../recount/recount.server";
import { isolateShops } from "./isolate.server";
import { makePlace, type Place, spread } from "./place.server";
import { listedShops, listPages, type Part, toBatches, toTurn } from "./shops.server";
import { isStopRequested } from "./stop.server";
import { addRecount, makeTally, type Tally } from "./tally.server";

/** A deadline on the monotonic clock (milliseconds of performance.now), which no change of the system's time moves. */
export type Deadline = number;

/** True when the time is up, or the process is about to end. */
export function isPast(engine: Engine, deadline: Deadline): boolean {
  return isStopRequested(engine) || performance.now() >= deadline;
}

// yieldToEventLoop: the embedded database answers without leaving the event loop's turn, so that a long drain would keep
// timers, signals and other requests waiting to its end.

/**
 * Recounts what is marked, of installed shops, until nothing marked before the call is left or the deadline has
 * passed, and adds it to the tally. It begins after `place`. Shops that another run holds are left to it. A shop whose
 * recount fails keeps its marks, is reported, and stops no other shop.
 *
 * @throws when the database itself is gone; what was committed stays, the rest stays marked.
 */
export async function drainMarks(
  engine: Engine,
  deadline: Deadline,
  tally: Tally = makeTally(),
  place: Place = makePlace({ cursor: null, isShared: true }),
): Promise<Tally> {
  const batches = listMarkedBatches(engine, deadline, place);
  await workConcurrently(engine, async () => {
    for await (const shopIds of batches) {
      await drainShops(engine, shopIds, deadline, tally);
      await yieldToEventLoop();
    }
  });
  return tally;
}

/**
 * Runs `work` as often concurrently as there may be batches. Where one of them fails, the others come to the end of their
 * step before this does: a run that is told as ended has nothing at work any more.
 */
export async function workConcurrently({ settings }: Engine, work: () => Promise<void>): Promise<void> {
  const ends = await Promise.allSettled(Array.from({ length: settings.concurrency }, work));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
}

/** Recounts what is marked of these shops, in the same way. */
export async function drainShops(engine: Engine, shopIds: string[], deadline: Deadline, tally: Tally): Promise<void> {
  await isolateShops(engine, shopIds, { tally, step: "recount" }, async (isolated) => {
    while (true) {
      const recount = await recountMarkedDays(engine, isolated, engine.settings.batchDays);
      addRecount(tally, recount);
      if (recount.isComplete || isPast(engine, deadline)) return;
      await yieldToEventLoop();
    }
  });
}

/**
 * Batches of installed shops with marks, one at least however near the deadline is: runs with a short budget come to an
 * end too. Marks of shops that are gone are dropped on the way.
 */
async function* listMarkedBatches(engine: Engine, deadline: Deadline, place: Place): AsyncGenerator<string[]> {
  const { batchShops } = engine.settings;
  for await (const page of listMarkedPages(engine, place)) {
    const gone = page.filter((shop) => shop.isGone).map((shop) => shop.shopId);
    for (const shopIds of toBatches(gone, batchShops)) {
      await dropMarksOfGoneShops(engine, shopIds);
      await forgetGoneShops(engine, shopIds);
    }
    const installed = page.filter((shop) => shop.isInstalled).map((shop) => shop.shopId);
    for (const shopIds of toBatches(installed, batchShops)) {
      await place.moveTo(shopIds.at(-1) ?? null);
      yield shopIds;
      if (isPast(engine, deadline)) return;
    }
    if (isPast(engine, deadline)) return;
  }
}

/** All marked shops, once round from the place where the last run ended. */
async function* listMarkedPages(engine: Engine, place: Place): AsyncGenerator<MarkedShop[]> {
  const list = (part: Part) => listMarkedShops(engine, part);
  const toShopId = (shop: MarkedShop) => shop.shopId;
  const start = await spread(place, async (part) => (await list(part)).map(toShopId));
  yield* listPages(toTurn(start), Math.max(engine.settings.batchShops, listedShops), list, toShopId);
}
