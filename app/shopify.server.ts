import "@shopify/shopify-app-remix/adapters/node";
import { ShopifyError } from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { ApiVersion, AppDistribution, LogSeverity, shopifyApp } from "@shopify/shopify-app-remix/server";
import { PrismaSessionStorage } from "@shopify/shopify-app-session-storage-prisma";
import { db } from "~/db.server";
import { env } from "~/env.server";
import { dropHostileParts } from "~/http/hostile-address.server";
import { log } from "~/log.server";
import { markInstalled } from "~/services/shop.server";

export const apiVersion = ApiVersion.October26;

/** True when the Shopify settings are there. Without them the jobs work and the merchant's pages answer 503. */
export const isShopifyConfigured = Boolean(env.SHOPIFY_API_KEY && env.SHOPIFY_API_SECRET && env.SHOPIFY_APP_URL);

/** Shopify answers in well under a second, or not at all; a merchant waits no longer than this to be told. */
const networkTimeoutMs = 10_000;

setAbstractFetchFunc((url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(networkTimeoutMs) }));

/** The app's public id, which App Bridge wants in each page. */
export const apiKey = env.SHOPIFY_API_KEY ?? "";

/**
 * Shopify's session storage counts its table as soon as it is made. With the database away it then refuses every
 * session for good, and rejects a promise that nobody may be waiting for, which ends the process. The start has looked
 * at the schema already, so that one question is answered here; all others go to the database.
 */
function createSessionStorage(): PrismaSessionStorage<typeof db> {
  const session = new Proxy(db.session, {
    get: (table, name) => (name === "count" ? async () => 0 : Reflect.get(table, name)),
  });
  return new PrismaSessionStorage({ session } as typeof db);
}

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
    sessionStorage: createSessionStorage(),
    distribution: AppDistribution.AppStore,
    future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
    // The library's lines go into the log like all others. Its debug lines are left out: they quote requests.
    logger: { level: LogSeverity.Info, log: logLibraryLine },
    hooks: {
      async afterAuth({ session }) {
        await markInstalled(session.shop);
      },
    },
    ...(env.SHOP_CUSTOM_DOMAIN && { domainTransformations: [toOwnEnding(env.SHOP_CUSTOM_DOMAIN)] }),
  });
}

/** Shops may have this ending, too. The library knows other endings by what they are changed into; this one stays. */
function toOwnEnding(domain: string) {
  const match = new RegExp(`^([a-zA-Z0-9][a-zA-Z0-9-_]*)\\.${domain.replaceAll(".", "\\.")}$`);
  return { match, transform: `$1.${domain}` };
}

/**
 * Shopify's library has an "info" line for each request, which here is one for debugging. What it adds behind a line is
 * left out: addresses and tokens as the caller wrote them.
 */
async function logLibraryLine(severity: LogSeverity, line: string): Promise<void> {
  const message = line.split(" | {")[0];
  if (severity === LogSeverity.Error) log.error(message);
  else if (severity === LogSeverity.Warning) log.warn(message);
  else log.debug(message);
}

let shopify: ReturnType<typeof createShopify> | undefined;

/** Made with the first request and not before: without its settings it throws. */
function requireShopify(): NonNullable<typeof shopify> {
  shopify ??= createShopify();
  return shopify;
}

/** Shopify's own checks; each loader and action of a merchant or a webhook begins with one of them. */
export const authenticate = {
  admin: authenticateMerchant,
  webhook: (request: Request) => requireShopify().authenticate.webhook(request),
};

async function authenticateMerchant(request: Request) {
  const { authenticate } = requireShopify();
  try {
    return await authenticate.admin(dropHostileParts(request));
  } catch (thrown) {
    if (thrown instanceof Response && thrown.status === 500) throw refuseUnconfirmed();
    // All that is left to throw one is an address outside of the admin that the frame was to be left for.
    if (thrown instanceof ShopifyError) throw new Response("This address can't be opened.", { status: 400 });
    throw thrown;
  }
}

/** The library's bare 500: Shopify was to give a token for the merchant's, and was away or answered nonsense. */
function refuseUnconfirmed(): Response {
  log.error("Shopify could not be asked for an access token");
  const sentence = "Shopify did not confirm who you are. Nothing is lost; please try again in a moment.";
  return new Response(sentence, { status: 503, headers: { "Retry-After": "10" } });
}

/** Shopify's login for a shop that opens the app outside the admin. */
export function login(request: Request) {
  return requireShopify().login(request);
}

/** Headers of a document response that Shopify wants: the early load of App Bridge. */
export function addDocumentResponseHeaders(request: Request, headers: Headers): void {
  if (isShopifyConfigured) requireShopify().addDocumentResponseHeaders(request, headers);
}
