import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ServerBuild } from "@remix-run/node";
import express from "express";
import { onTestFinished } from "vitest";
import { logAccess } from "~/http/guards.server";
import { observeRequests } from "~/http/observe.server";
import { createRemixHandler } from "~/http/remix-handler.server";
import { makeRouteFinder } from "~/http/route-pattern.server";

type RouteModule = NonNullable<ServerBuild["routes"][string]>["module"];

/** Serves these resource routes, by their patterns, through the app's own handlers, without a build. Returns its address. */
export async function serveRoutes(modules: Record<string, Partial<RouteModule>>): Promise<string> {
  const routes: ServerBuild["routes"] = { root: { id: "root", path: "", module: { default: () => null } } };
  for (const [path, module] of Object.entries(modules)) {
    routes[path] = { id: path, parentId: "root", path, module: module as RouteModule };
  }
  const build = {
    entry: {
      module: {
        default: (_request: Request, status: number) => new Response("a page", { status }),
        handleError: () => undefined,
      },
    },
    routes,
    assets: { entry: { imports: [], module: "" }, routes: {}, url: "", version: "" },
    assetsBuildDirectory: "",
    publicPath: "/",
    future: {},
    isSpaMode: false,
  } as unknown as ServerBuild;
  const app = express();
  app.use(observeRequests(makeRouteFinder(routes)), logAccess);
  app.all("*", createRemixHandler(build));
  const server = createServer(app);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
