import type { Engine } from "../engine.server";
import type { RunKind } from "./ledger.server";

// SQL text alone: scalar subselects about the last run of a kind.

const clock = "timezone('utc', now())";

/** What is asked of the last run: one column of it, and what it must fulfil, as a condition on `r`. */
type Question = { column: string; where: string; now?: string | undefined };

/**
 * A column of the last run of a kind that fulfils the condition. A run of the future is none: it would hide every run
 * since.
 */
export function lastRun({ names }: Engine, kind: RunKind, { column, where, now = clock }: Question): string {
  return `(
    select r.${column}
    from ${names.runs} r
    where r.kind = '${kind}'
      and ${where}
      and r.started_at <= ${now}
    order by r.started_at desc
    limit 1
  )`;
}

/** The id of the last run of a kind that did its work, a failing shop aside. `now` is the instant that it is asked of. */
export function lastDoneRun(engine: Engine, kind: RunKind, now?: string): string {
  return lastRun(engine, kind, { column: "id", where: isDone, now });
}

/** When that run ended: an instant in UTC without a zone, or null before the first. */
export function lastEnd(engine: Engine, kind: RunKind, now?: string): string {
  return lastRun(engine, kind, { column: "finished_at", where: isDone, now });
}

const isDone = "r.status in ('ok', 'partial')";
