import { setImmediate as letOthersIn } from "node:timers/promises";
import { DefinitionNotCurrent } from "./definition-state.server";
import { toErrorMessage } from "./error.server";
import { forgetGoneShops } from "./failing-shop-record.server";
import { log, pingDatabase, settings } from "./host.server";
import { dropMarksOfGoneShops, listMarkedShops, type MarkedShop } from "./mark.server";
import { makePlace, type Place, spread, toTurn } from "./place.server";
import { recountMarkedDays } from "./recount.server";
import { listedAtOnce, toBatches } from "./shop.server";
import { isStopRequested } from "./stop.server";
import { addFailure, addFallback, addRecount, makeTally, type ShopStep, type Tally } from "./tally.server";

/** A deadline on the monotonic clock (milliseconds of performance.now), which no change of the system's time moves. */
export type Deadline = number;

/** Marked shops listed by one statement. */
const pageShops = Math.max(settings.batchShops, listedAtOnce);

/** True when the time is up, or the process is about to end. */
export function isPast(deadline: Deadline): boolean {
  return isStopRequested() || performance.now() >= deadline;
}

// letOthersIn: the embedded database answers without leaving the event loop's turn, so that a long drain would keep
// timers, signals and other requests waiting to its end.

/**
 * Recounts what is marked, of installed shops, until nothing marked before the call is left or the deadline has
 * passed, and adds it to the tally. It begins after `place`. Shops that another run holds are left to it. A shop whose
 * recount fails keeps its marks, is reported, and stops no other shop.
 *
 * @throws when the database itself is gone; what was committed stays, the rest stays marked.
 */
export async function drainMarks(
  deadline: Deadline,
  tally: Tally = makeTally(),
  place: Place = makePlace({ cursor: null, isShared: true }),
): Promise<Tally> {
  const batches = listBatches(deadline, place);
  await workAtOnce(async () => {
    for await (const shopIds of batches) {
      await drainShops(shopIds, deadline, tally);
      await letOthersIn();
    }
  });
  return tally;
}

/**
 * Runs `work` as often at once as there may be batches. Where one of them fails, the others come to the end of their
 * step before this does: a run that is told as ended has nothing at work any more.
 */
export async function workAtOnce(work: () => Promise<void>): Promise<void> {
  const ends = await Promise.allSettled(Array.from({ length: settings.concurrency }, work));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
}

/** Recounts what is marked of these shops, in the same way. */
export async function drainShops(shopIds: string[], deadline: Deadline, tally: Tally): Promise<void> {
  await isolateShops(shopIds, { tally, step: "recount" }, async (isolated) => {
    while (true) {
      const recount = await recountMarkedDays(isolated, settings.batchDays);
      addRecount(tally, recount);
      if (recount.isComplete || isPast(deadline)) return;
      await letOthersIn();
    }
  });
}

type Isolation = { tally: Tally; step: ShopStep };

/**
 * Runs `work` on all shops at once and, where that fails, on each half apart, down to the shop that fails, so that it
 * can't fail the others. A lone shop has a second try: a connection that was cut, or a deadlock, is no fault of it.
 * Shops that fail are added to the tally. Returns what `work` returned of the others.
 */
export async function isolateShops<T>(
  shopIds: string[],
  isolation: Isolation,
  work: (shopIds: string[]) => Promise<T>,
): Promise<T[]> {
  try {
    return [await work(shopIds)];
  } catch (cause) {
    if (cause instanceof DefinitionNotCurrent) throw cause;
    await pingDatabase();
    addFallback(isolation.tally, `${isolation.step} of several shops`, cause);
  }
  const [shopId] = shopIds;
  if (shopIds.length === 1 && shopId !== undefined) return workAlone(shopId, isolation, work);
  const middle = Math.ceil(shopIds.length / 2);
  const left = await isolateShops(shopIds.slice(0, middle), isolation, work);
  const right = await isolateShops(shopIds.slice(middle), isolation, work);
  return [...left, ...right];
}

async function workAlone<T>(
  shopId: string,
  { tally, step }: Isolation,
  work: (shopIds: string[]) => Promise<T>,
): Promise<T[]> {
  try {
    return [await work([shopId])];
  } catch (cause) {
    await pingDatabase();
    const error = toErrorMessage(cause);
    log.error({ shopId, step, error }, "a shop failed");
    addFailure(tally, shopId, { error, step });
    return [];
  }
}

/**
 * Batches of installed shops with marks, one at least however near the deadline is: runs with a short budget come to an
 * end too. Marks of shops that are gone are dropped on the way.
 */
async function* listBatches(deadline: Deadline, place: Place): AsyncGenerator<string[]> {
  for await (const page of listPages(place)) {
    const gone = page.filter((shop) => shop.isGone).map((shop) => shop.shopId);
    for (const shopIds of toBatches(gone, settings.batchShops)) {
      await dropMarksOfGoneShops(shopIds);
      await forgetGoneShops(shopIds);
    }
    const installed = page.filter((shop) => shop.isInstalled).map((shop) => shop.shopId);
    for (const shopIds of toBatches(installed, settings.batchShops)) {
      await place.moveTo(shopIds.at(-1) ?? null);
      yield shopIds;
      if (isPast(deadline)) return;
    }
    if (isPast(deadline)) return;
  }
}

/** All marked shops, once round from the place where the last run ended. */
async function* listPages(place: Place): AsyncGenerator<MarkedShop[]> {
  const start = await spread(place, async (part) => {
    const shops = await listMarkedShops(part);
    return shops.map((shop) => shop.shopId);
  });
  for (const { from, until } of toTurn(start)) {
    let after: string | null | undefined = from;
    while (after !== undefined) {
      const page: MarkedShop[] = await listMarkedShops({ after, until, limit: pageShops });
      if (page.length > 0) yield page;
      after = page.at(-1)?.shopId;
    }
  }
}
