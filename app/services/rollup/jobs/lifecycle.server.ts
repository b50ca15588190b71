import type { Engine } from "../engine.server";
import { forgetEnd, stopAtEnd } from "./process-end";
import { settleSchedule, startSchedule, stopSchedule } from "./schedule.server";
import { allowWork, requestStop } from "./stop.server";
import { unwatchSweeps, watchSweeps } from "./sweep-watch.server";
import { settleSweeps } from "./sweep-worker.server";

/**
 * Lets work begin, continues sweeps that were cut off, and turns the schedule on. Can be called again. Returns what ends it,
 * which SIGTERM and SIGINT do, too.
 */
export function start(engine: Engine): () => Promise<void> {
  const end = async () => {
    stop(engine);
    await settle(engine);
  };
  allowWork(engine);
  watchSweeps(engine);
  startSchedule(engine);
  stopAtEnd(engine.name, end);
  return end;
}

/** Begins no new work. What is at work, a run, a verification, a rebuild or a seal, stops after its step. */
export function stop(engine: Engine): void {
  requestStop(engine);
  stopSchedule(engine);
  unwatchSweeps(engine);
  forgetEnd(engine.name);
}

/** Resolves when nothing that the schedule or a sweep began is at work in this process. */
export async function settle(engine: Engine): Promise<void> {
  await Promise.all([settleSchedule(engine), settleSweeps(engine)]);
}
