import { createReadableStreamFromReadable, type EntryContext } from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { startApp } from "~/app-lifecycle.server";
import { NonceContext } from "~/components/use-nonce";
import { createNulFilter } from "~/http/drop-nul.server";
import { setPageHeaders } from "~/http/page-headers.server";
import { log } from "~/log.server";
import { isOperatorRequest, makeNonce } from "~/operator/headers.server";
import { addDocumentResponseHeaders } from "~/shopify.server";

export { db } from "~/db.server";
export { serve } from "~/http/serve.server";

export const streamTimeout = 5_000;

// The built server starts the app itself, before it listens.
if (import.meta.env.DEV) {
  startApp().catch((error: unknown) => log.fatal(error));
}

export default async function handleRequest(
  request: Request,
  responseStatusCode: number,
  responseHeaders: Headers,
  remixContext: EntryContext,
): Promise<Response> {
  const nonce = isOperatorRequest(request) ? makeNonce() : undefined;
  if (nonce === undefined) addDocumentResponseHeaders(request, responseHeaders);
  setPageHeaders(request, responseHeaders, nonce);
  const whenReady = isbot(request.headers.get("user-agent") ?? "") ? "onAllReady" : "onShellReady";

  return new Promise((resolve, reject) => {
    let status = responseStatusCode;
    const page = (
      <NonceContext.Provider value={nonce}>
        <RemixServer context={remixContext} url={request.url} nonce={nonce} />
      </NonceContext.Provider>
    );
    const { pipe, abort } = renderToPipeableStream(page, {
      nonce,
      [whenReady]() {
        const body = createNulFilter();
        responseHeaders.set("Content-Type", "text/html");
        resolve(new Response(createReadableStreamFromReadable(body), { headers: responseHeaders, status }));
        pipe(body);
      },
      onShellError: reject,
      onError(error) {
        status = 500;
        log.error({ error: error instanceof Error ? error.message : String(error) }, "a page failed to render");
      },
    });
    // A second longer than Remix waits for deferred data, so that its rejection can still be rendered.
    setTimeout(abort, streamTimeout + 1_000).unref();
  });
}

/** What a page in the browser fetches is as much one merchant's as the page itself. */
export function handleDataRequest(response: Response, { request }: { request: Request }): Response {
  setPageHeaders(request, response.headers);
  return response;
}

export function handleError(error: unknown, { request }: { request: Request }): void {
  // An address without a route is the visitor's mistake.
  if (request.signal.aborted || isRouteErrorResponse(error)) return;
  const path = new URL(request.url).pathname;
  log.error({ path, error: error instanceof Error ? error.message : String(error) }, "a route failed");
}
