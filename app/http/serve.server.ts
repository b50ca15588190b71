import { createServer, type Server } from "node:http";
import type { ServerBuild } from "@remix-run/node";
import compression from "compression";
import express, { type Express } from "express";
import { startApp, stopApp, stopWork } from "~/app-lifecycle.server";
import { env } from "~/env.server";
import { log } from "~/log.server";
import { countArrivals } from "./arrivals.server";
import { dropUnreadBody, trackConnections } from "./connections.server";
import {
  answerError,
  logAccess,
  refuseBadOrigin,
  refuseLongBody,
  refuseUnknownMethod,
  setSecurityHeaders,
} from "./guards.server";
import { createRemixHandler } from "./remix-handler.server";

/** A request whose head and body have not arrived by then is dropped. */
const requestTimeoutMs = 30_000;
/** How often connections are looked through for such requests. Node's own half minute would let them live twice as long. */
const connectionsCheckingInterval = 5_000;
const shutdownTimeoutMs = 10_000;

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
  countArrivals(server);
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
  app.use(refuseLongBody);
  app.use(compression());
  app.use("/assets", express.static("build/client/assets", { immutable: true, maxAge: "1y" }));
  app.use(express.static("build/client", { maxAge: "1h" }));
  mount?.(app);
  app.all("*", createRemixHandler(build));
  app.use(answerError);
  return app;
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
