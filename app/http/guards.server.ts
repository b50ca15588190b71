import { AsyncResource } from "node:async_hooks";
import type { NextFunction, Request, Response } from "express";
import { log } from "~/log.server";
import { refuse } from "~/services/rollup/http/answer.server";
import { refuseLargeBody } from "~/services/rollup/http/body.server";
import { isTooLong } from "./body.server";
import { sendResponse } from "./remix-handler.server";
import { getRouteLimit } from "./route-limits.server";

// What stands in front of every route, files included.

export const knownMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** One line a request, with its path and never its query: Shopify's holds session tokens. */
export function logAccess(request: Request, response: Response, next: NextFunction): void {
  const startedAt = performance.now();
  const { method, path } = request;
  // The answer may end in the socket's context instead of the request's.
  const logEnd = AsyncResource.bind(() => {
    log.debug({ method, path, status: response.statusCode, ms: Math.round(performance.now() - startedAt) }, "request");
  });
  response.on("finish", () => logEnd());
  next();
}

/** On every answer, files and errors too. An address may hold a session token, so no other site gets more than its origin. */
export function setSecurityHeaders(_request: Request, response: Response, next: NextFunction): void {
  response.set({ "X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin-when-cross-origin" });
  next();
}

/** Methods that no route has: the Request that Remix is given can't even be made with some of them. */
export function refuseUnknownMethod({ method }: Request, response: Response, next: NextFunction): void {
  if (knownMethods.includes(method)) {
    next();
    return;
  }
  const headers = { Allow: knownMethods.join(", ") };
  void sendResponse(response, refuse(405, "method_not_allowed", `${method} is not allowed here.`, { headers }));
}

/** Remix reads the origin of each form that is sent, and fails where it is no address. */
export function refuseBadOrigin({ headers }: Request, response: Response, next: NextFunction): void {
  const { origin } = headers;
  if (origin === undefined || origin === "null" || URL.canParse(origin)) {
    next();
    return;
  }
  const issues = [{ field: "Origin", value: origin, message: "must be the address of a site" }];
  void sendResponse(response, refuse(400, "bad_input", "Origin must be the address of a site.", { issues }));
}

/**
 * Remix takes a form from another origin than its host's for a forgery and fails. Behind a proxy that changes Host each
 * form looks like one, so the answer says what was compared.
 */
export function refuseForeignForm(request: Request, response: Response, next: NextFunction): void {
  const { origin, host = "", "x-forwarded-host": forwarded = host } = request.headers;
  const [ownHost = ""] = String(forwarded || host).split(",");
  const { turn } = getRouteLimit(request.path, new URL(request.url, "http://localhost").searchParams);
  const isPage = turn === "page" || turn === "operator";
  const isForm = isPage && ["POST", "PUT", "PATCH", "DELETE"].includes(request.method);
  // "null" is a form of a site that does not say which it is.
  if (!isForm || origin === undefined || (origin !== "null" && new URL(origin).host === ownHost.trim())) {
    next();
    return;
  }
  const issues = [
    { field: "Origin", value: origin, message: `must be of the host that the form is sent to, ${ownHost}` },
  ];
  void sendResponse(response, refuse(400, "bad_input", "The form comes from another site.", { issues }));
}

/** A body that says how large it is need not even begin to arrive. One that does not is measured as it comes in. */
export function refuseLongBody(request: Request, response: Response, next: NextFunction): void {
  const { maxBodyBytes } = getRouteLimit(request.path);
  if (isTooLong(request, maxBodyBytes)) void sendResponse(response, refuseLargeBody(maxBodyBytes));
  else next();
}

/** The last resort, for what Remix could not even begin to handle. Express would answer with the stack. */
export function answerError(error: unknown, request: Request, response: Response, next: NextFunction): void {
  if (response.headersSent) {
    next(error);
    return;
  }
  const isBadRequest = error instanceof URIError || (error instanceof TypeError && /url/i.test(error.message));
  if (!isBadRequest) log.error({ path: request.path, error: String(error) }, "a request failed");
  const message = "The request failed.";
  void sendResponse(response, isBadRequest ? refuse(400, "bad_request", message) : refuse(500, "internal", message));
}
