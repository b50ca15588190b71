import { trace } from "@opentelemetry/api";
import { type LoggerOptions, pino } from "pino";
import { env } from "~/env.server";
import { getCurrentRequest } from "~/request-context.server";
import { getRunId } from "~/services/rollup/jobs/run-context.server";

/** How each line looks: those of one request, one run and one trace say so, from whatever layer they come. */
export const logOptions: LoggerOptions = {
  level: env.LOG_LEVEL,
  base: undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  mixin: getContext,
};

/** Structured log, one JSON line an entry. Never pass it a request, a URL with a query, a header or a token. */
export const log = pino(logOptions, pino.destination(env.LOG_TO === "stderr" ? 2 : 1));

/** Fields that a line gives itself take the place of these. */
function getContext(): object {
  const runId = getRunId();
  const span = trace.getActiveSpan();
  return {
    ...getCurrentRequest(),
    ...(runId && { runId }),
    ...(span?.isRecording() && { traceId: span.spanContext().traceId }),
  };
}
