import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { pino } from "pino";
import { afterAll, beforeEach, expect, test } from "vitest";
import { db } from "~/db.server";
import { logOptions } from "~/log.server";
import { rollup as appRollup } from "~/rollup.server";
import { createRollup } from "~/services/rollup";
import { makeHandlers } from "~/services/rollup/http/handlers.server";
import { definition } from "~/testimonial-rollup";
import { testEnv } from "./setup/settings";
import { cron, operator } from "./support/call";
import { poison } from "./support/faults";
import { addRequest, at, makeShop } from "./support/shops";
import { serveRoutes } from "./support/small-site";

// What an operator can follow one request by: its spans, and the lines of its log.

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
trace.setGlobalTracerProvider(provider);
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const callersTrace = "0af7651916cd43dd8448eb211c80319c";
const callersSpan = "b7ad6b7169203331";
propagation.setGlobalPropagator({
  inject: () => undefined,
  fields: () => ["traceparent"],
  extract(_context, carrier) {
    const { traceparent } = carrier as { traceparent?: string };
    if (traceparent !== "caller's") return ROOT_CONTEXT;
    const caller = { traceId: callersTrace, spanId: callersSpan, traceFlags: TraceFlags.SAMPLED, isRemote: true };
    return trace.setSpanContext(ROOT_CONTEXT, caller);
  },
});

type Line = Record<string, unknown>;

const lines: Line[] = [];
const log = pino({ ...logOptions, level: "debug" }, { write: (text: string) => void lines.push(JSON.parse(text)) });
const rollup = createRollup(definition, { db, log, settings: { concurrency: 1 }, name: "traced" });
const handlers = makeHandlers(rollup, { cronSecret: testEnv.CRON_SECRET, adminToken: testEnv.ADMIN_TOKEN });
const respondWith = (handle: (request: Request) => Promise<Response>) => ({
  loader: ({ request }: { request: Request }) => handle(request),
  action: ({ request }: { request: Request }) => handle(request),
});
const routes = {
  "jobs/rollup": respondWith(handlers.runRollup),
  "jobs/rebuild": respondWith(handlers.startRebuild),
};

beforeEach(async () => {
  await db.shop.deleteMany();
  lines.length = 0;
  exporter.reset();
});

afterAll(async () => {
  await provider.shutdown();
});

function find(name: string): ReadableSpan {
  return exporter.getFinishedSpans().find((span) => span.name === name) ?? expect.fail(`There is no span ${name}.`);
}

/** Its spans from the outermost to itself, by name. */
function toPath(span: ReadableSpan): string[] {
  const parent = exporter
    .getFinishedSpans()
    .find((each) => each.spanContext().spanId === span.parentSpanContext?.spanId);
  return [...(parent ? toPath(parent) : []), span.name];
}

test("a run's statements are within the run, and the run within its request, on the caller's trace", async () => {
  const shop = await makeShop();
  await addRequest(shop, { sentAt: at("2026-03-01") });
  const url = await serveRoutes(routes);
  const response = await fetch(`${url}/jobs/rollup?window=2`, {
    method: "POST",
    headers: { ...cron, traceparent: "caller's", "X-Request-Id": "cron-1" },
  });
  const { runId } = await response.json();

  const [request, run] = [find("POST /jobs/rollup"), find("run rollup")];
  expect(request.kind).toBe(SpanKind.SERVER);
  expect(request.spanContext().traceId).toBe(callersTrace);
  expect(request.parentSpanContext?.spanId).toBe(callersSpan);
  expect(request.attributes).toEqual({
    "http.request.method": "POST",
    "http.route": "/jobs/rollup",
    "http.response.status_code": 200,
    "request.id": "cron-1",
  });
  expect(toPath(run)).toEqual(["POST /jobs/rollup", "run rollup"]);
  expect(run.attributes).toMatchObject({
    "rollup.name": "traced",
    "rollup.run.id": runId,
    "rollup.run.kind": "rollup",
    "rollup.run.trigger": "cron",
    "rollup.run.status": "ok",
    "rollup.run.days": 1,
    "rollup.run.rows_written": 1,
  });
  const taking = find("delete rollup_marks");
  expect(toPath(taking)).toEqual(["POST /jobs/rollup", "run rollup", "delete rollup_marks"]);
  expect(taking.kind).toBe(SpanKind.CLIENT);
  expect(taking.attributes).toEqual({
    "db.system.name": "postgresql",
    "db.system": "postgresql",
    "db.query.summary": "delete rollup_marks",
  });
  const ended = lines.find(({ msg }) => msg === "run ended");
  expect(ended).toMatchObject({ requestId: "cron-1", runId, traceId: callersTrace });
});

test("a shop's failure is in lines of the log that name request and run, and in no span's words", async () => {
  const shop = await makeShop();
  await addRequest(shop, { sentAt: at("2026-03-01") });
  const cure = await poison(shop);
  const url = await serveRoutes(routes);
  const headers = { ...cron, "X-Request-Id": "a b" };
  const response = await fetch(`${url}/jobs/rollup`, { method: "POST", headers });
  await cure();
  const { runId } = await response.json();
  const requestId = response.headers.get("X-Request-Id");

  expect(requestId).toMatch(/^[\da-f-]{36}$/);
  const failure = lines.find(({ msg }) => msg === "a shop failed");
  expect(failure).toMatchObject({ requestId, runId, error: expect.stringContaining("poisoned on purpose") });
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(line).toMatchObject({ requestId, runId });
  const failed = exporter.getFinishedSpans().filter(({ status }) => status.code === SpanStatusCode.ERROR);
  expect(failed.map(({ attributes }) => attributes["error.type"])).toContain("P0001");
  const words = exporter
    .getFinishedSpans()
    .map(({ name, attributes, status, events }) => JSON.stringify({ name, attributes, status, events }))
    .join("\n");
  for (const word of [shop.id, "poison", "a b", testEnv.CRON_SECRET]) expect(words).not.toContain(word);
});

test("a rebuild outlives its request: it has a trace of its own, linked with the request's, whose id its lines keep", async () => {
  const shop = await makeShop();
  await addRequest(shop, { sentAt: at("2026-03-01") });
  const url = await serveRoutes(routes);
  const body = JSON.stringify({ shopId: shop.id, fromDate: "2026-03-01", toDate: "2026-03-01" });
  const response = await fetch(`${url}/jobs/rebuild`, { method: "POST", headers: operator, body });
  const { runId } = await response.json();
  await rollup.settle();

  const [request, rebuild] = [find("POST /jobs/rebuild"), find("run rebuild")];
  expect(rebuild.parentSpanContext).toBeUndefined();
  expect(rebuild.links.map(({ context: linked }) => linked.spanId)).toEqual([request.spanContext().spanId]);
  expect(rebuild.attributes).toMatchObject({ "rollup.run.id": runId, "rollup.run.status": "ok", "rollup.run.days": 1 });
  const requestId = response.headers.get("X-Request-Id");
  expect(lines.find(({ msg }) => msg === "run ended")).toMatchObject({ requestId, runId });
});

test("a page's read is a span by itself where no request is", async () => {
  const shop = await makeShop();
  await appRollup.readFirstDay(shop.id);
  expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(["select testimonial_daily_analytics"]);
});
