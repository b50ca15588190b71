import { createHmac } from "node:crypto";

/** The signature of a webhook's body, as Shopify makes it. */
export function sign(body: string, secret = process.env.SHOPIFY_API_SECRET ?? ""): string {
  return createHmac("sha256", secret).update(body, "utf8").digest("base64");
}
