import "@shopify/shopify-app-remix/adapters/node";
import { ApiVersion, AppDistribution, LogSeverity, shopifyApp } from "@shopify/shopify-app-remix/server";
import { PrismaSessionStorage } from "@shopify/shopify-app-session-storage-prisma";
import { db } from "~/db.server";
import { env } from "~/env.server";
import { log } from "~/log.server";
import { markInstalled } from "~/services/shop.server";

export const apiVersion = ApiVersion.October26;

/** True when the Shopify settings are there. Without them the jobs work and the merchant's pages answer 503. */
export const isShopifyConfigured = Boolean(env.SHOPIFY_API_KEY && env.SHOPIFY_API_SECRET && env.SHOPIFY_APP_URL);

/** The app's public id, which App Bridge wants in each page. */
export const apiKey = env.SHOPIFY_API_KEY ?? "";

function createShopify() {
  const { SHOPIFY_API_KEY, SHOPIFY_API_SECRET, SHOPIFY_APP_URL } = env;
  if (!SHOPIFY_API_KEY || !SHOPIFY_API_SECRET || !SHOPIFY_APP_URL) {
    const names = "SHOPIFY_API_KEY, SHOPIFY_API_SECRET and SHOPIFY_APP_URL";
    throw new Response(`The app is not connected to Shopify: set ${names}.`, { status: 503 });
  }
  return shopifyApp({
    apiKey: SHOPIFY_API_KEY,
    apiSecretKey: SHOPIFY_API_SECRET,
    appUrl: SHOPIFY_APP_URL,
    apiVersion,
    scopes: env.SCOPES?.split(","),
    authPathPrefix: "/auth",
    logger: { log: logShopify },
    sessionStorage: createSessionStorage(),
    distribution: AppDistribution.AppStore,
    future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
    hooks: {
      async afterAuth({ session }) {
        await markInstalled(session.shop);
      },
    },
    ...(env.SHOP_CUSTOM_DOMAIN && { customShopDomains: [env.SHOP_CUSTOM_DOMAIN] }),
  });
}

/** Its info is a line a request, so it goes where our own access log goes. Its debug, never on, holds URLs and tokens. */
function logShopify(severity: LogSeverity, message: string): void {
  const level = severity === LogSeverity.Error ? "error" : severity === LogSeverity.Warning ? "warn" : "debug";
  log[level]({ from: "shopify" }, message);
}

/**
 * Looks for its table as soon as it is made, and keeps the answer. When the database is away at that moment, that would
 * be a rejection nobody waits for, which ends the process, and then a failure of every request until a restart. So it
 * looks once and, when that fails, is thrown away: the next request makes another.
 */
function createSessionStorage() {
  const storage = new PrismaSessionStorage(db, { connectionRetries: 1, connectionRetryIntervalMs: 0 });
  const ready: Promise<boolean> = Reflect.get(storage, "ready");
  ready.catch(() => {
    shopify = undefined;
  });
  return storage;
}

let shopify: ReturnType<typeof createShopify> | undefined;

/** Made with the first request and not before: its session storage asks the database as soon as it is made. */
function requireShopify(): NonNullable<typeof shopify> {
  shopify ??= createShopify();
  return shopify;
}

/** Shopify's own checks; each loader and action of a merchant or a webhook begins with one of them. */
export const authenticate = {
  admin: (request: Request) => requireShopify().authenticate.admin(request),
  webhook: (request: Request) => requireShopify().authenticate.webhook(request),
};

/** Shopify's login for a shop that opens the app outside the admin. */
export function login(request: Request) {
  return requireShopify().login(request);
}

/** Headers of a document response: among them the frame ancestors that let the Shopify admin embed the page. */
export function addDocumentResponseHeaders(request: Request, headers: Headers): void {
  if (isShopifyConfigured) requireShopify().addDocumentResponseHeaders(request, headers);
}
