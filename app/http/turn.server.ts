import pLimit from "p-limit";
import { rollup } from "~/rollup.server";
import { letCallersIn } from "./arrivals.server";
import type { Turn } from "./route-limits.server";

/** Past that a merchant has left an empty page, and is better told to come back. */
const maxWaitMs = 20_000;
/** A page that takes longer waits for others, Shopify or the database, and need not keep the next from beginning. */
const maxHoldMs = 1_000;

type TakeTurn = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T | null>;

/**
 * How many requests of a kind are at work together. They share one thread with webhooks, health checks and jobs, which
 * wait for nobody and so find little before them. Data is cheap, and does not wait for pages to be rendered. Operators have
 * turns of their own: what they look for may be why merchants' pages wait. They are few, and so is their share.
 */
const takeTurns: Record<Exclude<Turn, null>, TakeTurn> = {
  page: makeTurns(4),
  data: makeTurns(4),
  operator: makeTurns(2),
};

/** Does the work when its turn comes, or gives null when that is too late or the caller has left before. */
export function takeTurn<T>(turn: Turn, signal: AbortSignal, work: () => Promise<T>): Promise<T | null> {
  return turn ? takeTurns[turn](signal, work) : work();
}

function makeTurns(width: number): TakeTurn {
  const limit = pLimit(width);
  return (signal, work) =>
    new Promise((resolve) => {
      let isTooLate = false;
      const timer = setTimeout(() => {
        isTooLate = true;
        resolve(null);
      }, maxWaitMs);
      void limit(async () => {
        clearTimeout(timer);
        if (isTooLate) return;
        await letCallersIn();
        const done = signal.aborted || rollup.stopSignal.aborted ? Promise.resolve(null) : work();
        resolve(done);
        await waitForEnd(done);
      });
    });
}

/** Never rejects: whoever wanted the work is told. */
async function waitForEnd(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const held = new Promise((resolve) => {
    timer = setTimeout(resolve, maxHoldMs);
  });
  await Promise.race([work.catch(() => undefined), held]);
  clearTimeout(timer);
}
