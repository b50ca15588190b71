import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";
import tsconfigPaths from "vite-tsconfig-paths";

// The Shopify CLI gives the tunnel's address as HOST, which Remix's server would take for an interface to bind to.
if (process.env.HOST && (!process.env.SHOPIFY_APP_URL || process.env.SHOPIFY_APP_URL === process.env.HOST)) {
  process.env.SHOPIFY_APP_URL = process.env.HOST;
  delete process.env.HOST;
}

const appHost = new URL(process.env.SHOPIFY_APP_URL || "http://localhost").hostname;

/** Packages of hundreds of small files, with what they alone import. In the server's bundle it starts in two thirds of the time. */
const bundled = [
  /^@shopify\/(polaris|shopify-app-remix)/,
  /^@visx\//,
  /^d3-/,
  "date-fns",
  "classnames",
  "compare-versions",
  "deepmerge",
];

/**
 * What the operator's pages share, in one file: in many, each would be named in the list of all pages, which merchants load, too.
 */
function toOperatorFile(id: string): string | undefined {
  return /\/app\/(components\/)?operator\//.test(id) ? "operator-shared" : undefined;
}

export default defineConfig(({ command, isSsrBuild }) => ({
  server: {
    allowedHosts: [appHost],
    cors: { preflightContinue: true },
    port: Number(process.env.PORT || 3000),
    hmr:
      appHost === "localhost"
        ? { protocol: "ws", host: "localhost", port: 64999, clientPort: 64999 }
        : { protocol: "wss", host: appHost, port: Number(process.env.FRONTEND_PORT || 8002), clientPort: 443 },
    fs: { allow: ["app", "node_modules"] },
  },
  plugins: [
    remix({
      ignoredRouteFiles: ["**/.*"],
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        // A page that is to be discovered can't be opened while the network is away, and there are few.
        v3_lazyRouteDiscovery: false,
        v3_singleFetch: false,
        v3_routeConfig: false,
      },
    }),
    tsconfigPaths(),
  ],
  build: {
    assetsInlineLimit: 0,
    ...(!isSsrBuild && {
      rollupOptions: { output: { manualChunks: toOperatorFile, onlyExplicitManualChunks: true } },
    }),
  },
  ssr: { noExternal: command === "build" ? bundled : [] },
}));
