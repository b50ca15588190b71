import type { Engine } from "../engine.server";
import { toErrorMessage } from "../error.server";
import { hold, release } from "./held";
import { resumeRebuilds } from "./rebuild-worker.server";

const watchIntervalMs = 2_000;

/** Looks for rebuilds to continue, now and every few seconds. Can be called again: it takes the place of the watch before. */
export function watchRebuilds(engine: Engine): void {
  async function look(): Promise<void> {
    try {
      await resumeRebuilds(engine);
    } catch (error) {
      engine.log.warn({ error: toErrorMessage(error) }, "could not look for rebuilds to continue");
    }
  }
  const timer = setInterval(() => void look(), watchIntervalMs);
  timer.unref();
  hold(engine, "rebuild watch", () => clearInterval(timer));
  void look();
}

/** Ends the watch. Rebuilds at work go on; settleRebuilds waits for them. */
export function unwatchRebuilds(engine: Engine): void {
  release(engine, "rebuild watch");
}
