import { type ScheduledTask, schedule } from "node-cron";
import { toDay } from "./day";
import { toErrorMessage } from "./error.server";
import { log, settings } from "./host.server";
import { runRollup } from "./run.server";
import { runVerify } from "./verify.server";

/** Shortly after midnight, when yesterday is over. */
const finalisation = "5 0 * * *";
const finalisationLookbackDays = 7;

// Kept across hot reloads, so that a reloaded module replaces its predecessor's tasks.
const held = globalThis as typeof globalThis & { rollupTasks?: ScheduledTask[] };

/** Ticks at work. */
const ticks = new Set<Promise<void>>();

/**
 * Turns the schedule of this process on, when `cron` is given: runs as that expression says and, once a day, the
 * finalisation (the last 7 days, then a verification). All times are UTC. Of several processes with the same schedule
 * one runs each tick. A tick that is missed is not made up for; the next run takes up what is left.
 */
export function startSchedule(cron = settings.cron): void {
  stopSchedule();
  if (!cron) return;
  held.rollupTasks = [
    scheduleTask("rollup", cron, async (slot, now) => {
      await runRollup({ trigger: "schedule", today: toDay(now), slot });
    }),
    scheduleTask("finalisation", finalisation, async (slot, now) => {
      const today = toDay(now);
      await runRollup({ trigger: "schedule", today, lookbackDays: finalisationLookbackDays, slot });
      await runVerify({ trigger: "schedule", today, slot: `${slot} verify` });
    }),
  ];
  log.info({ cron, finalisation }, "the schedule is on");
}

/** Turns the schedule of this process off. A run at work goes on; settleSchedule waits for it. */
export function stopSchedule(): void {
  for (const task of held.rollupTasks ?? []) void task.destroy();
  held.rollupTasks = undefined;
}

/** Resolves when no scheduled run is at work in this process. */
export async function settleSchedule(): Promise<void> {
  await Promise.all(ticks);
}

function scheduleTask(
  name: string,
  expression: string,
  run: (slot: string, now: Date) => Promise<void>,
): ScheduledTask {
  return schedule(
    expression,
    async ({ date }) => {
      const slot = `${name} ${date.toISOString().slice(0, 19)}Z`;
      const tick = run(slot, date).catch((error: unknown) => {
        log.error({ slot, error: toErrorMessage(error) }, "a scheduled run could not start");
      });
      ticks.add(tick);
      await tick;
      ticks.delete(tick);
    },
    { name, timezone: "UTC", noOverlap: true, logger: cronLogger },
  );
}

/** node-cron's own lines, for example of a tick that came too late, go into the log like all others. */
const cronLogger = {
  info: (message: string) => log.debug(message),
  warn: (message: string) => log.warn(message),
  error: (message: string | Error) => log.error(toErrorMessage(message)),
  debug: (message: string | Error) => log.trace(toErrorMessage(message)),
};
