import type { FailedShop, RunStatus } from "../../app/services/rollup/jobs/ledger.server";
import { type ExitCode, exitCodes } from "../exit-codes";
import { formatCount, formatDuration } from "../formats";
import type { CommonOptions } from "../options";
import { makeProgress } from "../progress";
import { type Tools, withClient } from "../with-client";
import { listFailedShops } from "./failed-shops";

export type RunOptions = CommonOptions & { window?: number; once?: true };

/** A run, as its route answers. */
export type RunAnswer = {
  runId: string;
  status: Exclude<RunStatus, "running">;
  window: { from: string; to: string };
  shops: number;
  days: number;
  rowsWritten: number;
  rowsDeleted: number;
  droppedDays: number;
  failedShops: FailedShop[];
  remaining: number | null;
  durationMs: number;
  error?: string;
};

/** All runs of one command together: counts are added, the rest is the last one's. */
export type RunsTotal = Omit<RunAnswer, "runId"> & { runIds: string[] };

/** The app counts what is left to this number: it then says that there are as many at least. */
const countedRemaining = 10_000;

/** `run`: calls one run after the other until nothing is left that a run can do. */
export function run(options: RunOptions): Promise<ExitCode> {
  return withClient(options, "Stops: a run of this process after its batch, an app's at its end.", async (tools) => {
    const { client, terminal, stop } = tools;
    // A run in this process ends after its batch; an app's is waited for.
    stop.signal.addEventListener("abort", () => client.connection.stop());
    const answers = await runUntilDone(tools, options);
    const total = addRuns(answers);
    terminal.print(total, () => toLines(total));
    if (stop.signal.aborted) {
      terminal.say("Stopped. What is left stays marked: the same command goes on.");
      return exitCodes.stopped;
    }
    return toRunCode(total, options);
  });
}

async function runUntilDone({ client, terminal, stop }: Tools, { window, once }: RunOptions): Promise<RunAnswer[]> {
  const answers: RunAnswer[] = [];
  const progress = makeProgress(terminal.say);
  try {
    do {
      const answer = await client.ask<RunAnswer>("POST", "/jobs/rollup", { query: { window } });
      const last = answers.at(-1);
      answers.push(answer);
      if (once || !hasMoreToDo(answer, last)) break;
      const done = answers.reduce((sum, { days }) => sum + days, 0);
      const left = answer.remaining ?? 0;
      progress.show({ done, total: done + left, unit: left >= countedRemaining ? "days at least" : "days" });
    } while (!stop.signal.aborted);
  } finally {
    progress.end();
  }
  return answers;
}

/**
 * Whether another run has something to do. Marks of a failing shop stay, so where shops fail what is left must have become
 * less; else a run that did something is reason enough.
 */
export function hasMoreToDo({ status, remaining, days }: RunAnswer, last: RunAnswer | undefined): boolean {
  if (status === "failed" || remaining === null || remaining === 0 || days === 0) return false;
  const isLess = last === undefined || remaining >= countedRemaining || remaining < (last.remaining ?? 0);
  return status === "ok" || isLess;
}

const severity = ["ok", "cancelled", "partial", "failed"] as const;

export function addRuns(answers: RunAnswer[]): RunsTotal {
  const last = answers.at(-1);
  if (!last) throw new Error("No run was called.");
  const { runId: _, ...rest } = last;
  const sum = (name: "days" | "rowsWritten" | "rowsDeleted" | "droppedDays" | "durationMs") =>
    answers.reduce((total, answer) => total + (answer[name] ?? 0), 0);
  const failed = new Map(answers.flatMap(({ failedShops }) => failedShops).map((shop) => [shop.shopId, shop]));
  const worst = Math.max(...answers.map(({ status }) => severity.indexOf(status)));
  return {
    runIds: answers.map(({ runId }) => runId),
    ...rest,
    status: severity[worst] ?? "failed",
    shops: Math.max(...answers.map(({ shops }) => shops)),
    ...{ days: sum("days"), rowsWritten: sum("rowsWritten"), rowsDeleted: sum("rowsDeleted") },
    ...{ droppedDays: sum("droppedDays"), durationMs: sum("durationMs") },
    failedShops: [...failed.values()],
  };
}

/** What one run of several leaves is the next one's, so only the command that calls one alone may leave something. */
export function toRunCode({ status, remaining }: RunsTotal, { once }: RunOptions): ExitCode {
  if (status === "failed") return exitCodes.failed;
  if (status === "partial") return exitCodes.partial;
  return (remaining ?? 0) > 0 && !once ? exitCodes.partial : exitCodes.done;
}

function toLines(total: RunsTotal): string[] {
  const { status, runIds, window, days, rowsWritten, rowsDeleted, droppedDays, remaining, durationMs, error } = total;
  return [
    `${formatCount(runIds.length, "run")}, ${status}, in ${formatDuration(durationMs)}: window ${window.from} to ${window.to}, ` +
      `${formatCount(days, "day")} recounted, ${formatCount(rowsWritten, "row")} written, ${rowsDeleted} deleted.`,
    ...(droppedDays > 0 ? [`${formatCount(droppedDays, "sealed day")} changed: they stay as sealed.`] : []),
    ...listFailedShops(total.failedShops),
    ...(error ? [`${error} It is in the ledger, too: npm run rollup -- runs ${runIds.at(-1)}`] : []),
    ...(remaining
      ? [`Left: ${remaining >= countedRemaining ? "at least " : ""}${formatCount(remaining, "marked day")}.`]
      : []),
    ...(remaining === 0 ? ["Nothing is left."] : []),
  ];
}
