import type { Prisma } from "@prisma/client";
import { toErrorMessage } from "./error.server";
import { alertFailing, alertMended, takeChanges } from "./failing-shop-alert.server";
import {
  type FailingShop,
  type FailingShops,
  listFailingIds,
  readRecordedFailures,
  recordFailures,
  recordMended,
} from "./failing-shop-record.server";
import { log } from "./host.server";
import { addFallback, type Failure, type Tally } from "./tally.server";

// A shop is failing from its first recount or comparison that failed until one has succeeded, whichever processes and
// runs those were, and however many runs pass it by. Its row in rollup_shops says so, and whether an alert has said it:
// a change that is not announced yet is announced by whoever comes by first.

/** Shops whose failure could not be recorded, for the database can't be written: this process knows of its own. */
const unrecorded = new Map<string, FailingShop>();

/**
 * Records which shops a run has found to fail, and which to be right again, and announces both, in one alert each.
 * `runId` is the run's: what began to fail during it, in another run, has not been mended by it. Never rejects: a
 * failure that can't be recorded is announced all the same.
 */
export async function settleFailingShops(runId: string, tally: Tally): Promise<void> {
  try {
    const announced = new Set(unrecorded.keys());
    await recordFailures(new Map([...toFailures(unrecorded), ...tally.failures]));
    unrecorded.clear();
    await recordMended(runId, tally);
    const { begun, mended } = await takeChanges();
    await alertFailing(begun.filter(({ shopId }) => !announced.has(shopId)));
    await alertMended(mended);
  } catch (cause) {
    addFallback(tally, "record of failing shops", cause);
    const known = new Set([...unrecorded.keys(), ...(await listFailingIds().catch(() => []))]);
    const begun = [...tally.failures].filter(([shopId]) => !known.has(shopId));
    for (const [shopId, { error }] of begun) unrecorded.set(shopId, { shopId, since: new Date(), reason: error });
    await alertFailing(begun.map(([shopId, { error }]) => ({ shopId, reason: error })));
  }
}

function toFailures(shops: Map<string, FailingShop>): [string, Failure][] {
  return [...shops].map(([shopId, { reason }]) => [shopId, { error: reason, step: "recount" }]);
}

/** Records a shop that a rebuild passes by. The rebuild's end announces it with the others. */
export async function recordFailingShop(shopId: string, error: string): Promise<void> {
  try {
    await recordFailures(new Map([[shopId, { error, step: "comparison" }]]));
  } catch (cause) {
    log.error({ shopId, error: toErrorMessage(cause) }, "a failing shop could not be recorded");
  }
}

/** Announces what has been recorded and not told yet. */
export async function announceFailingShops(): Promise<void> {
  try {
    const { begun, mended } = await takeChanges();
    await alertFailing(begun);
    await alertMended(mended);
  } catch (cause) {
    log.error({ error: toErrorMessage(cause) }, "failing shops could not be announced");
  }
}

/** How many installed shops are failing, since when the first of them, and `limit` of them by name. */
export async function readFailingShops(client: Prisma.TransactionClient, limit: number): Promise<FailingShops> {
  const recorded = await readRecordedFailures(client, limit);
  const named = new Set(recorded.shops.map(({ shopId }) => shopId));
  const others = [...unrecorded.values()].filter(({ shopId }) => !named.has(shopId));
  const instants = [recorded.since, ...others.map(({ since }) => since)].filter((since) => since !== null);
  return {
    count: recorded.count + others.length,
    since: instants.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null,
    shops: [...others, ...recorded.shops].slice(0, limit),
  };
}
