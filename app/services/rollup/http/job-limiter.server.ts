import pLimit from "p-limit";
import type { Rollup } from "../index";
import { refuse } from "./answer.server";

/** Runs `work` when its turn comes, and returns what it returns. */
type Limiter = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Runs the work of a job's route one after the other: readers want connections, too. What waited until the process is
 * about to end is refused with 503 instead of begun, and left to the next process.
 */
export function makeJobLimiter(rollup: Pick<Rollup, "stopSignal">): Limiter {
  const limit = pLimit(1);
  return (work) =>
    limit(() => {
      if (rollup.stopSignal.aborted) throw refuseStopping();
      return work();
    });
}

function refuseStopping(): Response {
  return refuse(503, "stopping", "The server is stopping. Nothing was begun; call again in a moment.", {
    headers: { "Retry-After": "5" },
  });
}
