import { createServer, type Server } from "node:http";
import { createRequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";
import compression from "compression";
import express, { type Express, type NextFunction, type Request, type Response } from "express";
import { startApp, stopApp, stopWork } from "~/app-lifecycle.server";
import { env } from "~/env.server";
import { log } from "~/log.server";
import { dropUnreadBody, trackConnections } from "./connections.server";

/** A request whose head and body have not arrived by then is dropped. */
const requestTimeoutMs = 30_000;
/** How often connections are looked through for such requests. Node's own half minute would let them live twice as long. */
const connectionsCheckingInterval = 5_000;
const shutdownTimeoutMs = 10_000;

const knownMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

export type ServeOptions = {
  port?: number;
  /** Adds routes in front of the app's. */
  mount?: (app: Express) => void;
};

/**
 * Starts the app and serves the build on PORT until SIGTERM or SIGINT, then ends in order: no new requests, the
 * schedule off, the database closed.
 *
 * @throws Error when the app can't start, or the port is taken.
 */
export async function serve(build: ServerBuild, { port = env.PORT, mount }: ServeOptions = {}): Promise<Server> {
  await startApp();
  const server = createServer(
    { requestTimeout: requestTimeoutMs, connectionsCheckingInterval },
    createExpressApp(build, mount),
  );
  const closeConnections = trackConnections(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, resolve);
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => void shutDown(server, closeConnections));
  const address = server.address();
  log.info({ port: typeof address === "object" ? address?.port : port }, "the server is up");
  return server;
}

function createExpressApp(build: ServerBuild, mount?: (app: Express) => void): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(logAccess);
  app.use(setSecurityHeaders);
  app.use(dropUnreadBody);
  app.use(refuseUnknownMethod);
  app.use(refuseBadOrigin);
  app.use(compression());
  app.use("/assets", express.static("build/client/assets", { immutable: true, maxAge: "1y" }));
  app.use(express.static("build/client", { maxAge: "1h" }));
  mount?.(app);
  app.all("*", createRequestHandler({ build, mode: env.NODE_ENV }));
  app.use(answerError);
  return app;
}

/** One line a request, with its path and never its query: Shopify's holds session tokens. */
function logAccess(request: Request, response: Response, next: NextFunction): void {
  const startedAt = performance.now();
  const { method, path } = request;
  response.on("finish", () => {
    log.debug({ method, path, status: response.statusCode, ms: Math.round(performance.now() - startedAt) }, "request");
  });
  next();
}

/** On every answer, files and errors too. An address may hold a session token, so no other site gets more than its origin. */
function setSecurityHeaders(_request: Request, response: Response, next: NextFunction): void {
  response.set({ "X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin-when-cross-origin" });
  next();
}

/** Methods that no route has: the Request that Remix is given can't even be made with some of them. */
function refuseUnknownMethod(request: Request, response: Response, next: NextFunction): void {
  if (knownMethods.includes(request.method)) {
    next();
    return;
  }
  const message = `${request.method} is not allowed here.`;
  response
    .status(405)
    .set("Allow", knownMethods.join(", "))
    .json({ error: { code: "method_not_allowed", message, issues: [] } });
}

/** Remix reads the origin of each form that is sent, and fails where it is no address. */
function refuseBadOrigin({ headers }: Request, response: Response, next: NextFunction): void {
  const { origin } = headers;
  if (origin === undefined || origin === "null" || URL.canParse(origin)) {
    next();
    return;
  }
  const issues = [{ field: "Origin", value: origin, message: "must be the address of a site" }];
  response.status(400).json({ error: { code: "bad_input", message: "Origin must be the address of a site.", issues } });
}

/** The last resort, for what Remix could not even begin to handle. Express would answer with the stack. */
function answerError(error: unknown, request: Request, response: Response, next: NextFunction): void {
  if (response.headersSent) {
    next(error);
    return;
  }
  const isBadRequest = error instanceof URIError || (error instanceof TypeError && /url/i.test(error.message));
  if (!isBadRequest) log.error({ path: request.path, error: String(error) }, "a request failed");
  response
    .status(isBadRequest ? 400 : 500)
    .json({ error: { code: isBadRequest ? "bad_request" : "internal", message: "The request failed.", issues: [] } });
}

async function shutDown(server: Server, closeConnections: () => void): Promise<void> {
  log.info("the server stops");
  setTimeout(() => process.exit(1), shutdownTimeoutMs).unref();
  stopWork();
  const closed = new Promise((resolve) => server.close(resolve));
  closeConnections();
  await closed;
  await stopApp();
  process.exit(0);
}
