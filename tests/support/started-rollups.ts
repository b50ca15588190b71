import { writeSync } from "node:fs";
import { db } from "~/db.server";
import { env } from "~/env.server";
import { log } from "~/log.server";
import { rollup } from "~/rollup.server";
import { createRollup } from "~/services/rollup";
import { definition } from "~/testimonial-rollup";

// A process that starts two rollups, and has a signal handler of its own where its argument says so.

export const weekly = { ...definition, table: "weekly_report", prefix: "weekly" };

/** The exit code of the process's own handler. */
export const ownCode = 7;

export type Word = "started" | "stopping" | "settled";

if (process.argv[1]?.endsWith("started-rollups.ts")) start(process.argv[2] === "handler");

function start(hasHandler: boolean): void {
  const say = (word: Word) => writeSync(1, `${word}\n`);
  const second = createRollup(weekly, { db, log, settings: { cron: env.ROLLUP_CRON } });
  rollup.start();
  second.start();
  for (const { stopSignal } of [rollup, second]) stopSignal.addEventListener("abort", () => say("stopping"));
  async function end(): Promise<void> {
    await Promise.all([rollup.settle(), second.settle()]);
    say("settled");
    // Whatever else the signal has begun is through by then.
    setTimeout(() => process.exit(ownCode), 500);
  }
  if (hasHandler) for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void end());
  say("started");
}
