import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import type { ServerBuild } from "@remix-run/node";
import compression from "compression";
import express, { type Express } from "express";
import { startApp, stopApp, stopWork } from "~/app-lifecycle.server";
import { env } from "~/env.server";
import { log } from "~/log.server";
import { toProjectPath } from "~/project.server";
import { countArrivals } from "./arrivals.server";
import { dropUnreadBody, trackConnections } from "./connections.server";
import {
  answerError,
  logAccess,
  refuseBadOrigin,
  refuseForeignForm,
  refuseLongBody,
  refuseUnknownMethod,
  setSecurityHeaders,
} from "./guards.server";
import { observeRequests } from "./observe.server";
import { createRemixHandler } from "./remix-handler.server";
import { makeRouteFinder } from "./route-pattern.server";

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
 * @throws Error when a part of the build is missing, the app can't start, or the address to listen on can't be had.
 */
export async function serve(build: ServerBuild, { port = env.PORT, mount }: ServeOptions = {}): Promise<Server> {
  const clientDir = requireClient(build);
  await startApp();
  const server = createServer(
    { requestTimeout: requestTimeoutMs, connectionsCheckingInterval, keepAliveTimeout: env.KEEP_ALIVE_TIMEOUT_MS },
    createExpressApp(build, clientDir, mount),
  );
  const closeConnections = trackConnections(server);
  countArrivals(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    // Without an address, on all of them.
    server.listen({ port, host: env.HOST }, resolve);
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => void shutDown(server, closeConnections));
  const address = server.address();
  log.info(
    typeof address === "object" ? { host: address?.address, port: address?.port } : { port },
    "the server is up",
  );
  return server;
}

/**
 * The folder of the files that the build's pages load.
 *
 * @throws Error that names it, when they are not there or are another build's.
 */
function requireClient({ assets, assetsBuildDirectory, publicPath }: ServerBuild): string {
  const clientDir = toProjectPath(assetsBuildDirectory);
  const entry = join(clientDir, assets.entry.module.slice(publicPath.length));
  if (existsSync(entry)) return clientDir;
  throw new Error(
    `The pages load ${entry}, which is not there. Run: npm run build, and copy all of build to where it runs.`,
  );
}

function createExpressApp(build: ServerBuild, clientDir: string, mount?: (app: Express) => void): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(observeRequests(makeRouteFinder(build.routes)));
  app.use(logAccess);
  app.use(setSecurityHeaders);
  app.use(dropUnreadBody);
  app.use(refuseUnknownMethod);
  app.use(refuseBadOrigin);
  app.use(refuseForeignForm);
  app.use(refuseLongBody);
  app.use(compression());
  app.use("/assets", express.static(join(clientDir, "assets"), { immutable: true, maxAge: "1y" }));
  app.use(express.static(clientDir, { maxAge: "1h" }));
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
