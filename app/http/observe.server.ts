import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { NextFunction, Request, RequestHandler, Response } from "express";
import { countRequest } from "~/metrics.server";
import { inRequest } from "~/request-context.server";
import { knownMethods } from "./guards.server";
import { toRequestId } from "./request-id.server";
import type { FindRoute } from "./route-pattern.server";

const tracer = trace.getTracer("testimonial-app");

/**
 * Comes before all else: gives the request an id, which its answer and each line of its log have, a span, which goes on the
 * caller's trace, and a place in the metrics.
 */
export function observeRequests(findRoute: FindRoute): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const startedAt = performance.now();
    const requestId = toRequestId(request.headers["x-request-id"]);
    const method = knownMethods.includes(request.method) ? request.method : "other";
    const route = findRoute(request.path);
    response.setHeader("X-Request-Id", requestId);
    const caller = propagation.extract(context.active(), request.headers);
    const attributes = { "http.request.method": method, "http.route": route, "request.id": requestId };
    const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, caller);
    response.once("close", () => {
      const status = response.writableFinished ? response.statusCode : null;
      endSpan(span, status);
      countRequest({ route, method, status, durationMs: performance.now() - startedAt });
    });
    context.with(trace.setSpan(caller, span), () => inRequest({ requestId, route }, next));
  };
}

function endSpan(span: Span, status: number | null): void {
  if (status !== null) span.setAttribute("http.response.status_code", status);
  if (status === null || status >= 500) {
    span.setAttribute("error.type", status === null ? "aborted" : `${status}`);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
