import { expect, test } from "vitest";
import { testEnv } from "../setup/settings";
import { cron, operator } from "../support/call";
import { signClaims } from "../support/forged-tokens";
import { ask, sendRaw } from "../support/http";
import { makeServerDatabase } from "../support/process-databases";
import { startServer } from "../support/server-process";
import { browser, signSessionToken, storeOfflineSession } from "../support/session-token";
import { sign } from "../support/signature";

const shop = "acme-candles.myshopify.com";
const host = Buffer.from("admin.shopify.com/store/acme-candles").toString("base64url");

test("at the most talkative level no line of the server holds a secret or a token, wherever it was sent", async () => {
  const { url, query } = await makeServerDatabase();
  const server = await startServer({ DATABASE_URL: url, LOG_LEVEL: "trace", ALERT_WEBHOOK_URL: "" });
  await query("insert into shops (domain) values ($1)", [shop]);
  await storeOfflineSession(query, shop);
  const password = new URL(url).password;
  const body = JSON.stringify({ customer: { email: "jo-doe-private@example.com" } });
  const signature = sign(body, testEnv.SHOPIFY_API_SECRET);
  const tokens = {
    right: signSessionToken(shop),
    expired: signSessionToken(shop, { issuedAt: new Date(0) }),
    forged: signSessionToken(shop, { secret: "another-secret" }),
    shopless: signClaims(shop, { dest: "" }),
    exchanged: signSessionToken("nobody-there.myshopify.com"),
  };
  const secrets = [
    testEnv.CRON_SECRET,
    testEnv.ADMIN_TOKEN,
    testEnv.SHOPIFY_API_SECRET,
    signature,
    "jo-doe-private",
    "another-secret",
    ...Object.values(tokens).flatMap((token) => token.split(".").slice(1)),
  ];

  for (const secret of [
    ...Object.values(tokens),
    testEnv.CRON_SECRET,
    testEnv.ADMIN_TOKEN,
    testEnv.SHOPIFY_API_SECRET,
  ]) {
    const address = `shop=${shop}&host=${host}&embedded=1&id_token=${secret}&session=${secret}&hmac=${secret}`;
    const headers = { "User-Agent": browser };
    const paths = [
      "/app",
      "/app/testimonials/analytics",
      "/app/range-sum",
      "/auth/x",
      "/auth/session-token",
      "/jobs/rollup",
    ];
    for (const path of [...paths, "/healthz", "/no/such", "/auth/login"]) {
      await ask(`${server.url}${path}?${address}`, { headers });
      await ask(`${server.url}${path}?from=${secret}&to=${secret}&window=${secret}`, {
        headers: {
          ...headers,
          Authorization: `Bearer ${secret}`,
          Cookie: `session=${secret}`,
          Referer: `${url}?${secret}`,
        },
      });
      await ask(`${server.url}${path}`, { method: "POST", headers, body: `{"shopId":"${secret}"` });
    }
    const exit = encodeURIComponent(`https://evil.example.com/?id_token=${secret}`);
    await ask(`${server.url}/auth/exit-iframe?shop=${secret}&exitIframe=${exit}`, { headers });
    for (const authorized of [cron, operator]) {
      await ask(`${server.url}/jobs/rebuild?${secret}`, {
        method: "POST",
        headers: authorized,
        body: `{"shopId":"${secret}"}`,
      });
    }
    await sendRaw(server.port, `GET /%zz?${secret} HTTP/1.1\r\nHost: x\r\nX: ${secret}\r\nConnection: close\r\n\r\n`);
    await sendRaw(server.port, `BAD ${secret} ${secret}\r\n\r\n`);
  }
  for (const topic of ["customers/redact", "customers/data_request", "shop/redact"]) {
    for (const hmac of [signature, "bm90IHRoZSBzaWduYXR1cmU="]) {
      const headers = {
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": shop,
        "X-Shopify-Hmac-Sha256": hmac,
        "X-Shopify-API-Version": "2026-10",
        "X-Shopify-Webhook-Id": "1",
      };
      await ask(`${server.url}/webhooks/${topic}`, { method: "POST", headers, body });
    }
  }

  const output = server.output();
  expect(output.split("\n").length, "lines that were looked at").toBeGreaterThan(200);
  for (const secret of secrets) expect(output).not.toContain(secret);
  expect(output).not.toContain(`:${password}@`);
  expect(output).not.toContain("id_token");
});
