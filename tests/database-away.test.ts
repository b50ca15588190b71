import { expect, test } from "vitest";
import { sign } from "./support/signature";

// Nothing listens there.
process.env.DATABASE_URL = "postgresql://nobody:nothing@127.0.0.1:1/nowhere";

function deliver(signature: string) {
  const headers = {
    "X-Shopify-Topic": "shop/redact",
    "X-Shopify-Shop-Domain": "acme.myshopify.com",
    "X-Shopify-Hmac-Sha256": signature,
    "X-Shopify-API-Version": "2026-10",
    "X-Shopify-Webhook-Id": "1",
  };
  return new Request("https://app.example.com/webhooks/shop/redact", { method: "POST", headers, body: "{}" });
}

test("with the database away a webhook is refused or put off at once, and the process lives on", async () => {
  const { action } = await import("~/routes/webhooks.shop.redact");
  const { db } = await import("~/db.server");
  const send = async (signature: string) =>
    (await action({ request: deliver(signature), params: {}, context: {} })).status;

  expect(await send(sign("{}", "another-secret"))).toBe(401);
  // By then the session storage has looked for its table as well. A rejection that nobody waits for ends a process, and
  // fails this run.
  await expect(db.session.count()).rejects.toThrow("Can't reach database server");
  expect(await send(sign("{}"))).toBe(503);
  expect(await send(sign("{}"))).toBe(503);
}, 5_000);
