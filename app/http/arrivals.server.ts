import type { Server } from "node:http";
import { setImmediate as nextRound } from "node:timers/promises";

/** However many keep coming, whoever is in gets on with it after so long. */
const maxWaitMs = 500;

let arrivals = 0;

/** Counts the connections and requests that come in, for `letCallersIn`. */
export function countArrivals(server: Server): void {
  server.on("connection", () => {
    arrivals += 1;
  });
  server.on("request", () => {
    arrivals += 1;
  });
}

/**
 * Waits until nobody stands at the door. Node takes in one connection in each round of its event loop, so while pages
 * are rendered, of which each makes a round long, a webhook that comes behind two hundred of them would wait for two
 * hundred pages.
 */
export async function letCallersIn(): Promise<void> {
  const until = performance.now() + maxWaitMs;
  let before: number;
  do {
    before = arrivals;
    await nextRound();
  } while (arrivals !== before && performance.now() < until);
}
