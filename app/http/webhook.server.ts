import { countWebhook, type WebhookTopic } from "~/metrics.server";
import { firstDay, lastDay } from "~/services/rollup/day";
import { refuse } from "~/services/rollup/http/answer.server";
import { readBody, refuseBody } from "~/services/rollup/http/body.server";
import type { Delivery } from "~/services/webhook.server";
import { answerSafely } from "./answer.server";
import { maxWebhookBytes } from "./route-limits.server";
import { toShopDomain } from "./shop-domain.server";
import { requireSignature } from "./webhook-signature.server";

const maxIdLength = 255;

/** A webhook that Shopify has signed. */
export type Webhook = Delivery & {
  /** When what it tells of happened, by Shopify's clock, or null when it does not say, or says what can't be. */
  triggeredAt: Date | null;
  payload: unknown;
};

/** Answers a webhook with what `respond` returns or throws, and counts what became of it. Never rejects. */
export async function answerWebhook(topic: WebhookTopic, respond: () => Promise<Response>): Promise<Response> {
  const response = await answerSafely(respond);
  countWebhook(topic, response.status);
  return response;
}

/**
 * Lets a request pass that is a webhook of this topic, signed by Shopify. Asks neither the database nor Shopify: most of
 * these topics come when the shop has no session, or one whose token is dead.
 *
 * @throws Response 401 when the signature is wrong, 400 when a header is missing, the topic is another, the shop is no
 * shop's domain, or the body is not JSON or too large.
 */
export async function requireWebhook<Topic extends string>(
  request: Request,
  topic: Topic,
): Promise<Webhook & { topic: Topic }> {
  const { headers } = request;
  const body = await readBody(request, maxWebhookBytes);
  await requireSignature(request, body.toString("utf8"));
  requireTopic(headers, topic);
  return {
    topic,
    shopDomain: requireShopDomain(headers),
    webhookId: requireWebhookId(headers),
    triggeredAt: toInstant(headers.get("X-Shopify-Triggered-At")),
    payload: parseJson(body),
  };
}

/** The answer that ends Shopify's retries. */
export function acknowledge(): Response {
  return new Response(null, { status: 200 });
}

function requireTopic(headers: Headers, topic: string): void {
  const given = requireHeader(headers, "X-Shopify-Topic");
  if (given !== topic) throw refuseHeader("X-Shopify-Topic", given, `must be ${JSON.stringify(topic)} here`);
}

function requireShopDomain(headers: Headers): string {
  const given = requireHeader(headers, "X-Shopify-Shop-Domain");
  const domain = toShopDomain(given);
  if (domain) return domain;
  throw refuseHeader("X-Shopify-Shop-Domain", given, "must be a shop's myshopify.com domain");
}

function requireWebhookId(headers: Headers): string {
  const given = requireHeader(headers, "X-Shopify-Webhook-Id");
  if (given.length <= maxIdLength) return given;
  const value = `${given.slice(0, maxIdLength)}…`;
  throw refuseHeader("X-Shopify-Webhook-Id", value, `must have at most ${maxIdLength} characters`);
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

/** An instant of a webhook, or null where there is none or none that can be: the database can hold no year of six digits. */
export function toInstant(text: string | null): Date | null {
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
