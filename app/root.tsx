import { isRouteErrorResponse, Links, Meta, Outlet, Scripts, ScrollRestoration, useRouteError } from "@remix-run/react";
import type { ReactNode } from "react";
import "./root.css";

export default function Root() {
  return (
    <Document>
      <Outlet />
    </Document>
  );
}

/** What no page caught: an answer that is no page (503 without the Shopify settings, 404) or a failure. */
export function ErrorBoundary() {
  const error = useRouteError();
  return (
    <Document>
      <main>
        <h1>{isRouteErrorResponse(error) ? `${error.status} ${error.statusText}`.trim() : "Something went wrong"}</h1>
        <p>{toSentence(error)}</p>
      </main>
    </Document>
  );
}

function Document({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <link rel="preconnect" href="https://cdn.shopify.com/" />
        <link rel="stylesheet" href="https://cdn.shopify.com/static/fonts/inter/v4/styles.css" />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}

// Other answers' data may be a page of markup, which is not for reading.
function toSentence(error: unknown): string {
  if (!isRouteErrorResponse(error)) return "It is on our side. Please try again in a moment.";
  if (error.status === 404) return "There is no such page.";
  return error.status === 503 && typeof error.data === "string" ? error.data : "Please try again in a moment.";
}
