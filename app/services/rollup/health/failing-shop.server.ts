import { type Engine, perEngine, type Statements } from "../engine.server";
import { toErrorMessage } from "../error.server";
import { addFallback, type Failure, type Tally } from "../jobs/tally.server";
import { alertFailing, alertMended, takeChanges } from "./failing-shop-alert.server";
import { type FailingShop, type FailingShops, listFailingIds, readRecordedFailures } from "./failing-shop-list.server";
import { recordFailures, recordMended } from "./failing-shop-record.server";

// A shop is failing from its first recount or comparison that failed until one has succeeded, whichever processes and
// runs those were, and however many runs pass it by. Its row among the engine's shops says so, and whether an alert has
// said it: a change that is not announced yet is announced by whoever comes by first.

/** Shops whose failure could not be recorded, for the database can't be written: this process knows of its own. */
const unrecorded = perEngine(() => new Map<string, FailingShop>());

/**
 * Records which shops a run has found to fail, and which to be right again, and announces both, in one alert each.
 * `runId` is the run's: what began to fail during it, in another run, has not been mended by it. Never rejects: a
 * failure that can't be recorded is announced all the same.
 */
export async function settleFailingShops(engine: Engine, runId: string, tally: Tally): Promise<void> {
  const unsaved = unrecorded(engine);
  try {
    const announced = new Set(unsaved.keys());
    await recordFailures(engine, new Map([...toFailures(unsaved), ...tally.failures]));
    unsaved.clear();
    await recordMended(engine, runId, tally);
    await announceChanges(engine, announced);
  } catch (cause) {
    addFallback(engine, tally, "record of failing shops", cause);
    const known = new Set([...unsaved.keys(), ...(await listFailingIds(engine).catch(() => []))]);
    const begun = [...tally.failures].filter(([shopId]) => !known.has(shopId));
    for (const [shopId, { error }] of begun) unsaved.set(shopId, { shopId, since: new Date(), reason: error });
    await alertFailing(
      engine,
      begun.map(([shopId, { error }]) => ({ shopId, reason: error })),
    );
  }
}

function toFailures(shops: Map<string, FailingShop>): [string, Failure][] {
  return [...shops].map(([shopId, { reason }]) => [shopId, { error: reason, step: "recount" }]);
}

/** Records a shop that a rebuild passes by. The rebuild's end announces it with the others. */
export async function recordFailingShop(engine: Engine, shopId: string, error: string): Promise<void> {
  try {
    await recordFailures(engine, new Map([[shopId, { error, step: "comparison" }]]));
  } catch (cause) {
    engine.log.error({ shopId, error: toErrorMessage(cause) }, "a failing shop could not be recorded");
  }
}

/** Announces what has been recorded and not told yet. */
export async function announceFailingShops(engine: Engine): Promise<void> {
  try {
    await announceChanges(engine);
  } catch (cause) {
    engine.log.error({ error: toErrorMessage(cause) }, "failing shops could not be announced");
  }
}

/** `announced`: shops whose failure this process has told of already. */
async function announceChanges(engine: Engine, announced: ReadonlySet<string> = new Set()): Promise<void> {
  const { begun, mended } = await takeChanges(engine);
  await alertFailing(
    engine,
    begun.filter(({ shopId }) => !announced.has(shopId)),
  );
  await alertMended(engine, mended);
}

/** How many installed shops are failing, since when the first of them, and `limit` of them by name. */
export async function readFailingShops(engine: Engine, client: Statements, limit: number): Promise<FailingShops> {
  const recorded = await readRecordedFailures(engine, client, limit);
  const named = new Set(recorded.shops.map(({ shopId }) => shopId));
  const others = [...unrecorded(engine).values()].filter(({ shopId }) => !named.has(shopId));
  const instants = [recorded.since, ...others.map(({ since }) => since)].filter((since) => since !== null);
  return {
    count: recorded.count + others.length,
    since: [...instants].sort((a, b) => a.getTime() - b.getTime())[0] ?? null,
    shops: [...others, ...recorded.shops].slice(0, limit),
  };
}
