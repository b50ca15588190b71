import "@shopify/shopify-app-remix/adapters/node";
import { redirect } from "@remix-run/node";
import { ShopifyError } from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { ApiVersion, AppDistribution, LogSeverity, shopifyApp } from "@shopify/shopify-app-remix/server";
import { PrismaSessionStorage } from "@shopify/shopify-app-session-storage-prisma";
import { db } from "~/db.server";
import { env } from "~/env.server";
import { isAppPath, isFramed, toReopenAddress } from "~/http/frame.server";
import { dropHostileParts } from "~/http/hostile-address.server";
import { log } from "~/log.server";
import { toErrorMessage } from "~/services/rollup/error.server";
import { ensureShop, type Merchant } from "~/services/shop.server";

export const apiVersion = ApiVersion.October26;

/** True when the Shopify settings are there. Without them the jobs work and the merchant's pages answer 503. */
export const isShopifyConfigured = Boolean(env.SHOPIFY_API_KEY && env.SHOPIFY_API_SECRET && env.SHOPIFY_APP_URL);

/** Shopify answers in well under a second, or not at all; a merchant waits no longer than this to be told. */
const networkTimeoutMs = 10_000;

setAbstractFetchFunc((url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(networkTimeoutMs) }));

const loginPath = "/auth/login";

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

/**
 * What Shopify's library is made with.
 *
 * @throws Response 503 when a setting is missing.
 */
export function requireSettings() {
  const { SHOPIFY_API_KEY, SHOPIFY_API_SECRET, SHOPIFY_APP_URL } = env;
  if (!SHOPIFY_API_KEY || !SHOPIFY_API_SECRET || !SHOPIFY_APP_URL) {
    const names = "SHOPIFY_API_KEY, SHOPIFY_API_SECRET and SHOPIFY_APP_URL";
    throw new Response(`The app is not connected to Shopify: set ${names}.`, { status: 503 });
  }
  return {
    apiKey: SHOPIFY_API_KEY,
    apiSecretKey: SHOPIFY_API_SECRET,
    appUrl: SHOPIFY_APP_URL,
    apiVersion,
    // The library's lines go into the log like all others. Its debug lines are left out: they quote requests.
    logger: { level: LogSeverity.Info, log: logLibraryLine },
  };
}

function createShopify() {
  return shopifyApp({
    ...requireSettings(),
    scopes: env.SCOPES?.split(","),
    authPathPrefix: "/auth",
    sessionStorage: createSessionStorage(),
    distribution: AppDistribution.AppStore,
    future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
    hooks: { afterAuth: ({ session }) => recordInstall(session.shop) },
    ...(env.SHOP_CUSTOM_DOMAIN && { domainTransformations: [toOwnEnding(env.SHOP_CUSTOM_DOMAIN)] }),
  });
}

/** Shops may have this ending, too. The library knows other endings by what they are changed into; this one stays. */
function toOwnEnding(domain: string) {
  const match = new RegExp(`^([a-zA-Z0-9][a-zA-Z0-9-_]*)\\.${domain.replaceAll(".", "\\.")}$`);
  return { match, transform: `$1.${domain}` };
}

/**
 * Shopify has just exchanged a session token of the shop, so it has the app now, whenever the token was signed. The
 * library would tell a failure here as Shopify's refusal; the request itself tries again, and says what is the matter.
 */
async function recordInstall(domain: string): Promise<void> {
  try {
    await ensureShop({ domain, vouchedAt: new Date() });
  } catch (error) {
    log.error({ shop: domain, error: toErrorMessage(error) }, "the install of a shop could not be recorded yet");
  }
}

/**
 * Shopify's library has an "info" line for each request, which here is one for debugging. What it adds after a line is
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

/** Shopify's own checks; each loader and action of a merchant begins with this or with `requireMerchant`. */
export const authenticate = { admin: authenticateMerchant };

/**
 * The shop that the session token is signed for, and since when it is.
 *
 * @throws Response where Shopify's own checks want one.
 */
export async function requireMerchant(request: Request): Promise<Merchant> {
  const { session, sessionToken } = await authenticateMerchant(request);
  // Whole seconds of Shopify's clock. A clock of ours that is slow must not put the shop's install into the future.
  const issuedMs = Math.min(Number(sessionToken.iat) * 1_000, Date.now());
  return { domain: session.shop, vouchedAt: new Date(issuedMs || 0) };
}

async function authenticateMerchant(request: Request) {
  const { authenticate } = requireShopify();
  try {
    return await authenticate.admin(dropHostileParts(request));
  } catch (thrown) {
    if (thrown instanceof Response && thrown.status === 500) throw refuseUnconfirmed();
    if (thrown instanceof Response && isLostInFrame(request, thrown)) throw redirect(toReopenAddress(request));
    // All that is left to throw one is an address outside of the admin that the frame was to be left for.
    if (thrown instanceof ShopifyError) throw new Response("This address can't be opened.", { status: 400 });
    throw thrown;
  }
}

/** True when the library sends a page of the frame to the login, which can't be in one: the address has lost its shop. */
function isLostInFrame(request: Request, answer: Response): boolean {
  const isLogin = answer.status === 302 && answer.headers.get("Location") === loginPath;
  return isLogin && isFramed(request) && isAppPath(new URL(request.url).pathname);
}

/** The library's bare 500: Shopify was to give a token for the merchant's, and was away or answered nonsense. */
function refuseUnconfirmed(): Response {
  log.error("Shopify could not be asked for an access token");
  const sentence = "Shopify did not confirm who you are. Nothing is lost; please try again in a moment.";
  return new Response(sentence, { status: 503, headers: { "Retry-After": "10" } });
}

/** The Admin API of a shop, by its stored session, without a request of its merchant. */
export function openAdmin(shopDomain: string) {
  return requireShopify().unauthenticated.admin(shopDomain);
}

/**
 * Sends a shop to Shopify, which opens the app in its admin, or installs it. Without a shop it returns.
 *
 * @throws Response the redirect.
 */
export async function login(shopDomain: string | null): Promise<void> {
  const { login } = requireShopify();
  if (shopDomain) await login(new Request(`${env.SHOPIFY_APP_URL}${loginPath}?shop=${shopDomain}`));
}

/** Headers of a document response that Shopify wants: the early load of App Bridge. */
export function addDocumentResponseHeaders(request: Request, headers: Headers): void {
  if (isShopifyConfigured) requireShopify().addDocumentResponseHeaders(request, headers);
}
