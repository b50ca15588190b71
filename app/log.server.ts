import { pino } from "pino";
import { env } from "~/env.server";

/** Structured log, one JSON line an entry. Never pass it a request, a URL with a query, a header or a token. */
export const log = pino(
  {
    level: env.LOG_LEVEL,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  },
  pino.destination(env.LOG_TO === "stderr" ? 2 : 1),
);
