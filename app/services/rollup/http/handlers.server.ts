import type { Rollup } from "../index";
import type { RunTrigger } from "../jobs/ledger.server";
import { type AnswerSafely, makeAnswerSafely } from "./answer-safely.server";
import type { Secret } from "./bearer.server";
import { makeMetricsHandlers, type ScrapedMetrics } from "./metrics-handlers.server";
import { makeOperatorHandlers } from "./operator-handlers.server";
import { makeReadHandlers } from "./read-handlers.server";
import { makeRebuildHandlers } from "./rebuild-handlers.server";
import { makeRunHandlers } from "./run-handlers.server";
import { makeSealHandlers } from "./seal-handlers.server";

const defaultReadLimitMs = 30_000;

export type HandlerOptions = {
  /** What runs and verifications are called with, as `Authorization: Bearer`. Without it they answer 503. */
  cronSecret: Secret;
  /** The same of all that an operator calls. */
  adminToken: Secret;
  /** Who calls runs and verifications, as the ledger tells it. */
  trigger?: RunTrigger;
  /** How long a caller waits for a range sum. */
  readLimitMs?: number;
  /** Parameters that the host adds to addresses, which are no fields of a range sum. */
  ignoredFields?: readonly string[];
  /** What `makeAnswerSafely` has made for the host, whose own errors it knows. */
  answerSafely?: AnswerSafely;
  /** What `/metrics` answers with; without it there is no such route. */
  metrics?: ScrapedMetrics | null;
};

/** A rollup and its options, as each handler is made from. */
export type HandlerContext<
  MetricName extends string = string,
  CohortName extends string = string,
> = Required<HandlerOptions> & { rollup: Rollup<MetricName, CohortName> };

/**
 * The HTTP side of a rollup: from a Request to the Response, for the routes of any framework that has these. Each handler
 * checks method, secret and input itself, in this order, and never rejects.
 */
export function makeHandlers<MetricName extends string, CohortName extends string>(
  rollup: Rollup<MetricName, CohortName>,
  {
    cronSecret,
    adminToken,
    trigger = "cron",
    readLimitMs = defaultReadLimitMs,
    ignoredFields = [],
    answerSafely = makeAnswerSafely(rollup),
    metrics = null,
  }: HandlerOptions,
) {
  const context = { rollup, cronSecret, adminToken, trigger, readLimitMs, ignoredFields, answerSafely, metrics };
  return {
    ...makeRunHandlers(context),
    ...makeRebuildHandlers(context),
    ...makeSealHandlers(context),
    ...makeOperatorHandlers(context),
    ...makeReadHandlers(context),
    ...makeMetricsHandlers(context),
  };
}
