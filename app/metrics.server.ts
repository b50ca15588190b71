import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { readPools } from "~/database/pools.server";
import { makeRollupMetrics } from "~/services/rollup/metrics/rollup-metrics.server";
import { version } from "../package.json";

// What /metrics gives. No label holds a shop, an id or anything else that a caller can make up, so that the number of
// series is that of the code's own names.

export const register = new Registry();
const registers = [register];

const prefix = "testimonial_";

collectDefaultMetrics({ register });
// Gauges with a counter's name. The numbers by type, without "_total", say the same.
for (const name of ["handles", "requests", "resources"]) register.removeSingleMetric(`nodejs_active_${name}_total`);

/** The rollup's part of the metrics. */
export const rollupMetrics = makeRollupMetrics({ register, prefix: `${prefix}rollup_` });

new Gauge({
  name: `${prefix}build_info`,
  help: "The version of the app that runs, and of Node.",
  labelNames: ["version", "node"],
  registers,
}).set({ version, node: process.version }, 1);

const requests = new Counter({
  name: `${prefix}http_requests_total`,
  help: "Requests that were answered, by route, method and class of status; aborted: the caller hung up before.",
  labelNames: ["route", "method", "status"],
  registers,
});

const requestDurations = new Histogram({
  name: `${prefix}http_request_duration_seconds`,
  help: "From a request's arrival until its answer was out.",
  labelNames: ["route"],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  registers,
});

/** A request that has come to its end. `route` is the pattern of the route. */
export type EndedRequest = { route: string; method: string; status: number | null; durationMs: number };

/** Counts a request. One without a status had no answer, since its caller hung up. */
export function countRequest({ route, method, status, durationMs }: EndedRequest): void {
  requests.inc({ route, method, status: status === null ? "aborted" : `${Math.floor(status / 100)}xx` });
  requestDurations.observe({ route }, durationMs / 1000);
}

const webhookTopics = [
  "app/scopes_update",
  "app/uninstalled",
  "customers/data_request",
  "customers/redact",
  "products/delete",
  "products/update",
  "shop/redact",
] as const;

export type WebhookTopic = (typeof webhookTopics)[number];

const webhooks = new Counter({
  name: `${prefix}webhooks_total`,
  help: "Webhooks of Shopify: handled; refused, with 4xx; failed, with 5xx, so that Shopify repeats them.",
  labelNames: ["topic", "outcome"],
  registers,
});

const webhookDuplicates = new Counter({
  name: `${prefix}webhook_duplicates_total`,
  help: "Webhooks among those handled that had been handled before.",
  labelNames: ["topic"],
  registers,
});

// A counter that is born with its first event hides that event from rates.
for (const topic of webhookTopics) {
  for (const outcome of ["handled", "refused", "failed"]) webhooks.inc({ topic, outcome }, 0);
}

/** Counts what became of a webhook, by the status that it was answered with. */
export function countWebhook(topic: WebhookTopic, status: number): void {
  const outcome = status >= 500 ? "failed" : "refused";
  webhooks.inc({ topic, outcome: status < 400 ? "handled" : outcome });
}

/** Counts a webhook that had been handled before. */
export function countWebhookDuplicate(topic: string): void {
  webhookDuplicates.inc({ topic });
}

const poolGauges = {
  max: "Connections that the pool may have.",
  active: "Connections that are at work.",
  idle: "Connections that are open and have nothing to do.",
  waiting: "Statements and transactions that wait for a connection.",
};

for (const [state, help] of Object.entries(poolGauges) as [keyof typeof poolGauges, string][]) {
  new Gauge({
    name: `${prefix}database_pool_${state}`,
    help: `${help} No sample on the embedded database.`,
    labelNames: ["pool"],
    registers,
    collect() {
      for (const pool of readPools()) this.set({ pool: pool.pool }, pool[state]);
    },
  });
}
