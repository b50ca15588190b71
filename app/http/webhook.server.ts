import { HttpResponseError, InvalidJwtError, InvalidShopError } from "@shopify/shopify-api";
import { log } from "~/log.server";
import { firstDay, lastDay } from "~/services/rollup/day";
import { authenticate } from "~/shopify.server";
import { refuse } from "./answer.server";
import { readBody, refuseBody } from "./input.server";
import { maxWebhookBytes } from "./route-limits.server";
import { isShopDomain } from "./shop-domain.server";

/** A webhook that Shopify has signed. */
export type Webhook = {
  shopDomain: string;
  /** The same for every retry of one delivery. */
  webhookId: string | null;
  /** When what it tells of happened, by Shopify's clock, or null when it does not say, or says what can't be. */
  triggeredAt: Date | null;
  payload: unknown;
};

/**
 * Lets a request pass that is a webhook of this topic, signed by Shopify. Needs no stored session: most of these
 * topics come when there is none any more.
 *
 * @throws Response 401 when the signature is wrong, 400 when it is missing, the topic is another, the shop is no shop's
 * domain, or the body is not JSON or too large.
 */
export async function requireWebhook(request: Request, topic: string): Promise<Webhook> {
  const { url, headers } = request;
  const body = await readBody(request, maxWebhookBytes);
  try {
    await authenticate.webhook(new Request(url, { method: "POST", headers, body }));
  } catch (thrown) {
    if (!isPastSignature(thrown)) throw thrown;
    log.info({ topic, shopDomain: headers.get("X-Shopify-Shop-Domain") }, "a webhook of a shop without a live token");
  }
  requireTopic(headers, topic);
  return {
    shopDomain: requireShopDomain(headers),
    webhookId: headers.get("X-Shopify-Webhook-Id"),
    triggeredAt: toInstant(headers.get("X-Shopify-Triggered-At")),
    payload: parseJson(body),
  };
}

const pastSignature = [HttpResponseError, InvalidJwtError, InvalidShopError, SyntaxError];

/** The answer that ends Shopify's retries. */
export function acknowledge(): Response {
  return new Response(null, { status: 200 });
}

/**
 * True for what `authenticate.webhook` throws only once the signature has proved right. It then refreshes the shop's
 * expired token, which Shopify refuses when the shop has removed the app, and throws a bare 500 or the refusal itself:
 * https://github.com/Shopify/shopify-app-js/issues/3360. Before that it looks at the shop's domain, and after it parses
 * the body.
 */
function isPastSignature(thrown: unknown): boolean {
  if (thrown instanceof Response) return thrown.status === 500;
  return pastSignature.some((kind) => thrown instanceof kind);
}

function requireTopic(headers: Headers, topic: string): void {
  const given = requireHeader(headers, "X-Shopify-Topic");
  if (given !== topic) throw refuseHeader("X-Shopify-Topic", given, `must be ${JSON.stringify(topic)} here`);
}

function requireShopDomain(headers: Headers): string {
  const given = requireHeader(headers, "X-Shopify-Shop-Domain");
  if (isShopDomain(given)) return given;
  throw refuseHeader("X-Shopify-Shop-Domain", given, "must be a shop's myshopify.com domain");
}

function requireHeader(headers: Headers, field: string): string {
  const value = headers.get(field);
  if (value) return value;
  throw refuseHeader(field, null, "must be set");
}

function refuseHeader(field: string, value: string | null, message: string): Response {
  const sentence = `${field} ${message} (it was ${JSON.stringify(value)}).`;
  return refuse(400, "bad_input", sentence, { issues: [{ field, value, message }] });
}

/** The database can hold no year of six digits. */
function toInstant(text: string | null): Date | null {
  const instant = new Date(text ?? "");
  const isCredible = instant >= new Date(firstDay) && instant < new Date(lastDay);
  return isCredible ? instant : null;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw refuseBody("The body is not JSON.");
  }
}
