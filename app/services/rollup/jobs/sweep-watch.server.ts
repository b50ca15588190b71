import type { Engine } from "../engine.server";
import { toErrorMessage } from "../error.server";
import { hold, release } from "./held";
import { resumeSweeps } from "./sweep-worker.server";

const watchIntervalMs = 2_000;

/** Looks for sweeps to continue, now and every few seconds. Can be called again: it takes the place of the watch before. */
export function watchSweeps(engine: Engine): void {
  async function look(): Promise<void> {
    try {
      await resumeSweeps(engine);
    } catch (error) {
      engine.log.warn({ error: toErrorMessage(error) }, "could not look for sweeps to continue");
    }
  }
  const timer = setInterval(() => void look(), watchIntervalMs);
  timer.unref();
  hold(engine, "sweep watch", () => clearInterval(timer));
  void look();
}

/** Ends the watch. Sweeps at work go on; settleSweeps waits for them. */
export function unwatchSweeps(engine: Engine): void {
  release(engine, "sweep watch");
}
