import { createRequestHandler, type ServerBuild, writeReadableStreamToWritable } from "@remix-run/node";
import type { Request as ExpressRequest, Response as ExpressResponse, RequestHandler } from "express";
import pLimit from "p-limit";
import { env } from "~/env.server";
import { refuseBusy } from "~/services/rollup/http/answer.server";
import { letCallersIn } from "./arrivals.server";
import { takeBody } from "./body.server";
import { refuseBusyPage } from "./page-headers.server";
import { getRouteLimit } from "./route-limits.server";
import { takeTurn } from "./turn.server";

/**
 * Hands requests to the build. Remix's own adapter would hand it a body of any size as it comes in; here the body has
 * arrived, within the limit of its route, and the request has waited for its turn, before the build sees anything.
 */
export function createRemixHandler(build: ServerBuild): RequestHandler {
  const handle = createRequestHandler(renderInTurn(build), env.NODE_ENV);

  async function respond(incoming: ExpressRequest, outgoing: ExpressResponse): Promise<void> {
    const url = toUrl(incoming);
    const { maxBodyBytes, turn } = getRouteLimit(url.pathname, url.searchParams);
    const body = await takeBody(incoming, maxBodyBytes);
    if (body === null) return;
    const request = toRequest(incoming, url, { body, signal: toSignal(outgoing) });
    const isDone = await takeTurn(turn, request.signal, async () => {
      await sendResponse(outgoing, await handle(request));
      return true;
    });
    if (isDone || request.signal.aborted) return;
    await sendResponse(outgoing, turn === "data" ? refuseBusy() : refuseBusyPage(request));
  }

  return (incoming, outgoing, next) => {
    respond(incoming, outgoing).catch((thrown: unknown) =>
      thrown instanceof Response ? sendResponse(outgoing, thrown) : next(thrown),
    );
  };
}

/** The build with its pages rendered one after the other, and whoever has come meanwhile let in between two of them. */
function renderInTurn(build: ServerBuild): ServerBuild {
  const { module } = build.entry;
  const render = module.default;
  const renderNext = pLimit(1);
  const renderPage: typeof render = (...page) =>
    renderNext(async () => {
      await letCallersIn();
      return render(...page);
    });
  return { ...build, entry: { ...build.entry, module: { ...module, default: renderPage } } };
}

/** @throws TypeError when the address, or the host that it is of, is none. */
function toUrl({ protocol, headers, originalUrl }: ExpressRequest): URL {
  return new URL(`${protocol}://${headers.host || "localhost"}${originalUrl}`);
}

type Arrived = { body: Buffer<ArrayBuffer>; signal: AbortSignal };

function toRequest({ method, headers }: ExpressRequest, url: URL, { body, signal }: Arrived): Request {
  const pairs = Object.entries(headers).flatMap(([name, value = []]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  const hasBody = method !== "GET" && method !== "HEAD" && body.byteLength > 0;
  return new Request(url, { method, headers: pairs, signal, ...(hasBody && { body }) });
}

/** Aborts when the caller hangs up before the answer is out. */
function toSignal(outgoing: ExpressResponse): AbortSignal {
  const controller = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** Sends an answer as Remix's routes and Shopify's library make it. */
export async function sendResponse(outgoing: ExpressResponse, response: Response): Promise<void> {
  outgoing.statusMessage = response.statusText;
  outgoing.status(response.status);
  for (const [name, value] of response.headers) outgoing.append(name, value);
  if (response.body) await writeReadableStreamToWritable(response.body, outgoing);
  else outgoing.end();
}
