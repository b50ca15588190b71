import { type Day, type DayRange, lastDayOf } from "../day";
import type { RunOutcome, RunStatus } from "../jobs/ledger.server";

/** A range with both ends inclusive. */
export type RangeAnswer = { from: Day; to: Day };

/** A run as every job's answer tells it. What failed and was done another way is told by its steps; the log has
 * the reasons. `dropped`: sealed days whose source rows have changed since, which a seal keeps from counting. */
export function toRunAnswer<Run extends RunOutcome & { runId: string; durationMs: number }>(run: Run) {
  const { error, fallbacks, dropped, ...rest } = run;
  return {
    ...rest,
    ...(dropped.length > 0 && { dropped }),
    ...(fallbacks.length > 0 && { fallbacks: fallbacks.map(({ step, count }) => ({ step, count })) }),
    ...(error !== null && { error: "The run failed; the log has the reason. Its marks wait for the next." }),
  };
}

/** 207 for a run in which some shops failed: a scheduler must not give up on the others. */
export function toRunStatusCode(status: RunStatus): number {
  if (status === "failed") return 500;
  return status === "partial" ? 207 : 200;
}

export function toRangeAnswer(range: DayRange): RangeAnswer {
  return { from: range.from, to: lastDayOf(range) };
}
