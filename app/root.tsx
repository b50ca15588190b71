import { isRouteErrorResponse, Links, Meta, Outlet, Scripts, ScrollRestoration, useRouteError } from "@remix-run/react";
import type { ReactNode } from "react";
import { useFrameLocale } from "./components/use-locale";
import { useNonce } from "./components/use-nonce";
import type { Texts } from "./texts/texts";
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
  const { error: texts } = useFrameLocale().texts;
  return (
    <Document>
      <main>
        <h1>{isRouteErrorResponse(error) ? `${error.status} ${error.statusText}`.trim() : texts.title}</h1>
        <p>{toSentence(texts, error)}</p>
      </main>
    </Document>
  );
}

function Document({ children }: { children: ReactNode }) {
  const { tag, dir } = useFrameLocale();
  const nonce = useNonce();
  return (
    <html lang={tag} dir={dir}>
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
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

// Other answers' data may be a page of markup, which is not for reading.
function toSentence(texts: Texts["error"], error: unknown): string {
  if (!isRouteErrorResponse(error)) return texts.ours;
  if (error.status === 404) return texts.noSuchPage;
  return error.status === 503 && typeof error.data === "string" ? error.data : texts.retrySoon;
}
