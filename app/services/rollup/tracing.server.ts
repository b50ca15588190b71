import { type Attributes, context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { getDatabaseError } from "./error.server";
import type { NewRun, RunOutcome } from "./jobs/ledger.server";

// Spans by OpenTelemetry's API alone. Without an SDK, which is the host's to register, its calls do nothing. No span holds
// a value of a statement, nor a message of the database's, which repeats values: the log has the messages, by run id.

const tracer = trace.getTracer("rollup");

/** What a statement's span says of it: the same each time that it runs. */
export type StatementAttributes = Attributes;

export function toStatementAttributes(name: string): StatementAttributes {
  // The name that the conventions had before 1.25 as well: not every backend knows the new one.
  return { "db.system.name": "postgresql", "db.system": "postgresql", "db.query.summary": name };
}

/** Runs a statement in a span of its name. */
export function traceStatement<T>(name: string, attributes: StatementAttributes, run: () => Promise<T>): Promise<T> {
  return inSpan(name, { kind: SpanKind.CLIENT, attributes }, run);
}

type TracedRun = Pick<NewRun, "kind" | "trigger" | "dryRun"> & { rollup: string };

const toRunAttributes = ({ rollup, kind, trigger, dryRun = false }: TracedRun) => ({
  "rollup.name": rollup,
  "rollup.run.kind": kind,
  "rollup.run.trigger": trigger,
  "rollup.run.dry_run": dryRun,
});

/** Does a run in a span, a child of the caller's. */
export function traceRun<T>(run: TracedRun, work: (span: Span) => Promise<T>): Promise<T> {
  return inSpan(`run ${run.kind}`, { attributes: toRunAttributes(run) }, work);
}

/** The same of a run that outlives whoever began it: a trace of its own, linked with theirs. */
export function traceDetachedRun<T>(run: TracedRun, work: (span: Span) => Promise<T>): Promise<T> {
  const beginner = trace.getActiveSpan()?.spanContext();
  const links = beginner ? [{ context: beginner }] : [];
  return inSpan(`run ${run.kind}`, { root: true, links, attributes: toRunAttributes(run) }, work);
}

/** Says in a run's span how it ended. */
export function endRunSpan(span: Span, runId: string, outcome: RunOutcome): void {
  if (!span.isRecording()) return;
  const { status, shops, days, rowsWritten, rowsDeleted, failedShops, droppedDays, remaining } = outcome;
  span.setAttributes({
    "rollup.run.id": runId,
    "rollup.run.status": status,
    "rollup.run.shops": shops,
    "rollup.run.days": days,
    "rollup.run.rows_written": rowsWritten,
    "rollup.run.rows_deleted": rowsDeleted,
    "rollup.run.failed_shops": failedShops.length,
    "rollup.run.dropped_days": droppedDays,
    ...(remaining !== null && { "rollup.run.remaining_days": remaining }),
  });
  if (status === "failed") span.setStatus({ code: SpanStatusCode.ERROR });
}

type SpanOptions = Parameters<typeof tracer.startSpan>[1];

/** Does `work` within a span that ends with it. Of an error it keeps the kind alone. */
async function inSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const span = tracer.startSpan(name, options);
  try {
    return await context.with(trace.setSpan(context.active(), span), work, undefined, span);
  } catch (error) {
    span.setAttribute("error.type", toErrorType(error));
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/** The database's SQLSTATE, else the error's class. */
function toErrorType(error: unknown): string {
  const cause = getDatabaseError(error);
  // The embedded database's adapter has it by another name.
  const state = cause?.originalCode ?? cause?.code;
  if (typeof state === "string") return state;
  return error instanceof Error ? error.constructor.name : typeof error;
}
