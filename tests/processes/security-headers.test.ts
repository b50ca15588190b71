import { expect, test } from "vitest";
import { ask, sendRaw } from "../support/http";
import { makeServerDatabase } from "../support/process-databases";
import { startServer } from "../support/server-process";
import { browser, signSessionToken, storeOfflineSession } from "../support/session-token";

const shop = "acme-candles.myshopify.com";
const host = Buffer.from("admin.shopify.com/store/acme-candles").toString("base64url");
const headers = { "User-Agent": browser };

const hostileShops = [
  "evil.example.com",
  "evil.example.com; script-src *",
  "acme.myshopify.com; default-src *",
  "acme.myshopify.com https://evil.example.com",
  "acme.myshopify.com\r\nX-Injected: yes",
  "acme.myshopify.com\u0000",
  "acmé.myshopify.com",
  "acme.myshopify.com.evil.example.com",
  "evil.example.com/.myshopify.com",
  "*.myshopify.com",
  "'self'",
  "",
];

test("pages can be embedded by the shop's admin and by nobody else, whatever the address says", async () => {
  const { url, query } = await makeServerDatabase();
  const server = await startServer({ DATABASE_URL: url });
  await query("insert into shops (domain) values ($1)", [shop]);
  await storeOfflineSession(query, shop);

  const opened = new URLSearchParams({ shop, host, embedded: "1", id_token: signSessionToken(shop) });
  const pages = [
    { path: "/app", query: `?${opened}`, status: 200 },
    { path: "/app/testimonials/analytics", query: `?${opened}`, status: 200 },
    { path: "/app", query: `?${opened}&_data=routes%2Fapp._index`, status: 200 },
    { path: "/auth/session-token", query: `?shop=${shop}`, status: 200 },
    { path: "/no/such/page", query: `?shop=${shop}`, status: 404 },
  ];
  for (const page of pages) {
    const answer = await ask(`${server.url}${page.path}${page.query}`, { headers });
    expect({ ...page, status: answer.status, policy: answer.headers.get("Content-Security-Policy") }).toEqual({
      ...page,
      policy: `frame-ancestors https://${shop} https://admin.shopify.com;`,
    });
    expect(answer.headers.get("Cache-Control"), page.path).toMatch(/no-store/);
  }

  for (const path of ["/auth/session-token", "/auth/exit-iframe", "/auth/login", "/no/such/page", "/app/none"]) {
    for (const given of hostileShops) {
      const answer = await ask(`${server.url}${path}?shop=${encodeURIComponent(given)}`, { headers });
      const label = `${path} for ${JSON.stringify(given)}`;
      expect(answer.status, label).toBeLessThan(500);
      expect(answer.headers.get("X-Injected"), label).toBe(null);
      if (answer.status === 302) continue;
      expect(answer.headers.get("Content-Security-Policy"), label).toBe("frame-ancestors 'none';");
    }
  }
});

test("every answer forbids guessing its type, keeps addresses to itself and doesn't name the software", async () => {
  const { url } = await makeServerDatabase();
  const server = await startServer({ DATABASE_URL: url });
  const [, asset] = /"(\/assets\/[^"]+)"/.exec((await ask(server.url, { headers })).text) ?? [];
  const paths = [
    "/",
    "/auth/login",
    "/app",
    "/healthz",
    "/jobs/rollup",
    "/app/range-sum",
    "/no/such/page",
    "/%",
    asset,
  ];
  for (const path of paths) {
    const answer = await ask(`${server.url}${path}`, { headers });
    expect(answer.headers.get("X-Content-Type-Options"), path).toBe("nosniff");
    expect(answer.headers.get("Referrer-Policy"), path).toBe("strict-origin-when-cross-origin");
    expect(answer.headers.get("X-Powered-By"), path).toBe(null);
    const isKeepable = answer.status === 302 || answer.status === 400 || path === asset;
    if (!isKeepable) expect(answer.headers.get("Cache-Control"), path).toMatch(/no-store/);
  }
  const refused = await sendRaw(server.port, "TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  expect(refused).toMatch(/X-Content-Type-Options: nosniff/i);
});
