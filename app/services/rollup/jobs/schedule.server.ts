import { type ScheduledTask, schedule } from "node-cron";
import { toDay } from "../day";
import { type Engine, type Log, perEngine } from "../engine.server";
import { toErrorMessage } from "../error.server";
import { runVerify } from "../verify/verify.server";
import { hold, release } from "./held";
import { runRollup } from "./run.server";

/** Shortly after midnight, when yesterday is over. */
const finalisation = "5 0 * * *";
const finalisationLookbackDays = 7;

/** Ticks at work. */
const ticks = perEngine(() => new Set<Promise<void>>());

/**
 * Turns the schedule of this process on, when `cron` is given: runs as that expression says and, once a day, the
 * finalisation (the last 7 days, then a verification). All times are UTC. Of several processes with the same schedule
 * one runs each tick. A tick that is missed is not made up for; the next run takes up what is left.
 */
export function startSchedule(engine: Engine, cron = engine.settings.cron): void {
  stopSchedule(engine);
  if (!cron) return;
  const tasks = [
    scheduleTask(engine, "rollup", cron, async (slot, now) => {
      await runRollup(engine, { trigger: "schedule", today: toDay(now), slot });
    }),
    scheduleTask(engine, "finalisation", finalisation, async (slot, now) => {
      const today = toDay(now);
      await runRollup(engine, { trigger: "schedule", today, lookbackDays: finalisationLookbackDays, slot });
      await runVerify(engine, { trigger: "schedule", today, slot: `${slot} verify` });
    }),
  ];
  hold(engine, "schedule", () => {
    for (const task of tasks) void task.destroy();
  });
  engine.log.info({ cron, finalisation }, "the schedule is on");
}

/** Turns the schedule of this process off. A run at work goes on; settleSchedule waits for it. */
export function stopSchedule(engine: Engine): void {
  release(engine, "schedule");
}

/** Resolves when no scheduled run is at work in this process. */
export async function settleSchedule(engine: Engine): Promise<void> {
  await Promise.all(ticks(engine));
}

function scheduleTask(
  engine: Engine,
  name: string,
  expression: string,
  run: (slot: string, now: Date) => Promise<void>,
): ScheduledTask {
  return schedule(
    expression,
    async ({ date }) => {
      const slot = `${name} ${date.toISOString().slice(0, 19)}Z`;
      const tick = run(slot, date).catch((error: unknown) => {
        engine.log.error({ slot, error: toErrorMessage(error) }, "a scheduled run could not start");
      });
      ticks(engine).add(tick);
      await tick;
      ticks(engine).delete(tick);
    },
    { name, timezone: "UTC", noOverlap: true, logger: toCronLogger(engine.log) },
  );
}

/** node-cron's own lines, for example of a tick that came too late, go into the log like all others. */
function toCronLogger(log: Log) {
  return {
    info: (message: string) => log.debug(message),
    warn: (message: string) => log.warn(message),
    error: (message: string | Error) => log.error(toErrorMessage(message)),
    debug: (message: string | Error) => log.trace(toErrorMessage(message)),
  };
}
