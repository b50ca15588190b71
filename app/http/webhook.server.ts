import { HttpResponseError, InvalidJwtError } from "@shopify/shopify-api";
import { log } from "~/log.server";
import { authenticate } from "~/shopify.server";
import { refuse } from "./answer.server";
import { readBody, refuseBody } from "./input.server";

const maxBodyBytes = 1024 * 1024;

/** A webhook that Shopify has signed. */
export type Webhook = {
  shopDomain: string;
  /** The same for every retry of one delivery. */
  webhookId: string | null;
  /** When what it tells of happened, by Shopify's clock, or null when it does not say. */
  triggeredAt: Date | null;
  payload: unknown;
};

/**
 * Lets a request pass that is a webhook of this topic, signed by Shopify. Needs no stored session: most of these
 * topics come when there is none any more.
 *
 * @throws Response 401 when the signature is wrong, 400 when it is missing, the topic is another, or the body is not
 * JSON or too large.
 */
export async function requireWebhook(request: Request, topic: string): Promise<Webhook> {
  const { url, headers } = request;
  const body = await readBody(request, maxBodyBytes);
  try {
    await authenticate.webhook(new Request(url, { method: "POST", headers, body }));
  } catch (thrown) {
    if (!isPastSignature(thrown)) throw thrown;
    log.info({ topic, shopDomain: headers.get("X-Shopify-Shop-Domain") }, "a webhook of a shop without a live token");
  }
  requireTopic(headers, topic);
  return {
    shopDomain: requireHeader(headers, "X-Shopify-Shop-Domain"),
    webhookId: headers.get("X-Shopify-Webhook-Id"),
    triggeredAt: toInstant(headers.get("X-Shopify-Triggered-At")),
    payload: parseJson(body),
  };
}

/** The answer that ends Shopify's retries. */
export function acknowledge(): Response {
  return new Response(null, { status: 200 });
}

/**
 * True for what `authenticate.webhook` throws only once the signature has proved right. It then refreshes the shop's
 * expired token, which Shopify refuses when the shop has removed the app, and throws a bare 500 or the refusal itself:
 * https://github.com/Shopify/shopify-app-js/issues/3360. After that it parses the body.
 */
function isPastSignature(thrown: unknown): boolean {
  if (thrown instanceof Response) return thrown.status === 500;
  return thrown instanceof HttpResponseError || thrown instanceof InvalidJwtError || thrown instanceof SyntaxError;
}

function requireTopic(headers: Headers, topic: string): void {
  const given = requireHeader(headers, "X-Shopify-Topic");
  if (given === topic) return;
  const message = `must be ${JSON.stringify(topic)} here`;
  throw refuse(400, "bad_input", `X-Shopify-Topic ${message} (it was ${JSON.stringify(given)}).`, {
    issues: [{ field: "X-Shopify-Topic", value: given, message }],
  });
}

function requireHeader(headers: Headers, field: string): string {
  const value = headers.get(field);
  if (value) return value;
  const message = "must be set";
  throw refuse(400, "bad_input", `${field} ${message}.`, { issues: [{ field, value: null, message }] });
}

function toInstant(text: string | null): Date | null {
  const instant = new Date(text ?? "");
  return Number.isNaN(instant.getTime()) ? null : instant;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw refuseBody("The body is not JSON.");
  }
}
