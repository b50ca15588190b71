import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { loader as openApp } from "~/routes/app";
import { loader as openDashboard } from "~/routes/app._index";
import * as rangeSumRoute from "~/routes/app.range-sum";
import { loader as openTestimonials } from "~/routes/app.testimonials._index";
import { loader as openAnalytics } from "~/routes/app.testimonials.analytics";
import { loader as openAuth } from "~/routes/auth.$";
import { call } from "./support/call";
import { forgeTokens } from "./support/forged-tokens";
import { fingerprintTables } from "./support/refusal";
import { browser, signSessionToken } from "./support/session-token";
import { addSession, shopifyNetwork, toPageUrl } from "./support/shopify";
import { addRequest, at, makeShop, type TestShop } from "./support/shops";

// What a stranger, or the merchant of another shop, can put into an address or a token opens nothing, and breaks nothing.

const routes = {
  "/app": openApp,
  "/app?index": openDashboard,
  "/app/testimonials": openTestimonials,
  "/app/testimonials/analytics": openAnalytics,
  "/app/range-sum": rangeSumRoute.loader,
  "/auth/any": openAuth,
};
const paths = Object.keys(routes) as (keyof typeof routes)[];
const range = { from: "2026-03-01", to: "2026-03-03" };

function open(path: keyof typeof routes, query: Record<string, string>, token?: string): Promise<Response> {
  const headers = { "User-Agent": browser, ...(token !== undefined && { Authorization: `Bearer ${token}` }) };
  const route = { loader: routes[path] as typeof rangeSumRoute.loader, action: rangeSumRoute.action };
  const [pathname = ""] = path.split("?");
  return call(route, `${pathname}?${new URLSearchParams({ ...query, ...(path === "/app/range-sum" && range) })}`, {
    headers,
  });
}

const isPage = (path: keyof typeof routes) => path !== "/app/range-sum";

/** How the admin opens a page, with this in place of what is right. */
function toQuery(shop: TestShop, changes: Record<string, string> = {}): Record<string, string> {
  return { ...Object.fromEntries(new URL(toPageUrl("/app", shop.domain)).searchParams), ...changes };
}

/** A shop that has the app, with so many requests as no other number here. */
async function makeMerchant(requests: number): Promise<TestShop> {
  const shop = await makeShop();
  await addSession(shop.domain);
  const sentAt = at("2026-03-02");
  await db.testimonialRequest.createMany({
    data: Array.from({ length: requests }, () => ({ shopId: shop.id, sentAt })),
  });
  return shop;
}

describe.for(paths)("%s", (path) => {
  test("opens for no forged token, in the header or in the address, and writes nothing", async () => {
    const [shop, other] = [await makeMerchant(1), await makeMerchant(2)];
    const before = await fingerprintTables();
    shopifyNetwork.mockClear();
    for (const [name, token] of Object.entries(forgeTokens(shop.domain, other.domain))) {
      const inHeader = await open(path, {}, token);
      expect({ name, status: inHeader.status }).toEqual({ name, status: 401 });
      const inAddress = await open(path, toQuery(shop, { id_token: token }));
      expect({ name, status: inAddress.status }).toEqual({ name, status: isPage(path) ? 302 : 401 });
      if (isPage(path)) expect(inAddress.headers.get("Location"), name).toMatch(/^\/auth\/session-token\?/);
      expect(inAddress.headers.get("Location") ?? "", name).not.toContain("id_token");
    }
    expect(shopifyNetwork).not.toHaveBeenCalled();
    expect(await fingerprintTables()).toEqual(before);
  });

  test.for([
    ["shop", "\u0000"],
    ["shop", "acmé.myshopify.com"],
    ["shop", "acme.myshopify.com\r\nX-Injected: 1"],
    ["shop", "evil.example.com; script-src *"],
    ["host", "////"],
    ["host", "A"],
    ["host", "=".repeat(9)],
    ["host", Buffer.from("admin.shopify.com/store/a\r\nX-Injected: 1").toString("base64")],
    ["host", Buffer.from("evil.example.com/.myshopify.com").toString("base64")],
    ["host", Buffer.from("a b.myshopify.com").toString("base64")],
    ["host", "é"],
  ])(
    "with the %s %j in the address sends to the login or for a token, or is refused as JSON",
    async ([field = "", value = ""]) => {
      const shop = await makeMerchant(1);
      const query = toQuery(shop, { [field]: value });
      for (const embedded of ["1", "0"]) {
        const response = await open(path, { ...query, embedded });
        expect(response.status).toBe(isPage(path) ? 302 : 401);
        if (isPage(path)) expect(response.headers.get("Location")).toMatch(/^\/auth\/(login|session-token)/);
        expect([...response.headers.keys()]).not.toContain("x-injected");
      }
    },
  );
});

test.for(["header", "address"])("a token in the header counts, whatever the other in the %s says", async (place) => {
  const [shop, other] = [await makeMerchant(1), await makeMerchant(2)];
  const [mine, theirs] = [signSessionToken(shop.domain), signSessionToken(other.domain)];
  const [inHeader, inAddress] = place === "address" ? [mine, theirs] : [theirs, mine];
  const response = await open("/app/range-sum", toQuery(shop, { id_token: inAddress }), inHeader);
  const [id, count] = place === "address" ? [shop.id, 1] : [other.id, 2];
  expect(await response.json()).toMatchObject({ shopId: id, totals: { requestsSent: count } });
});

test("a refused token is told in the one shape of an error, and App Bridge is told to fetch another", async () => {
  const response = await open("/app/range-sum", {}, "x");
  expect(await response.json()).toMatchObject({ error: { code: "unauthorized", issues: [] } });
  expect(response.headers.get("X-Shopify-Retry-Invalid-Session-Request")).toBe("1");
});

describe("an address to leave the frame for", () => {
  const leave = (exitIframe: string) =>
    call(
      { loader: openAuth, action: rangeSumRoute.action },
      `/auth/exit-iframe?${new URLSearchParams({ exitIframe, shop: "acme.myshopify.com" })}`,
      { headers: { "User-Agent": browser } },
    );

  test.for([
    "https://evil.example.com",
    "javascript:alert(1)",
    "//evil.example.com",
    "",
    "https://[",
    "data:text/html,x",
  ])("%j is refused with 400", async (destination) => {
    expect((await leave(destination)).status).toBe(400);
  });

  test("in the admin is gone to, and no markup in it is", async () => {
    const response = await leave('https://admin.shopify.com/store/a"</script><script>alert(1)</script>');
    expect([response.status, response.headers.get("Content-Security-Policy")]).toEqual([
      200,
      "frame-ancestors https://acme.myshopify.com https://admin.shopify.com;",
    ]);
    expect(await response.text()).not.toContain("<script>alert(1)");
  });
});

describe("when Shopify can't be asked for a token", () => {
  const failures = {
    "it is away": async () => Promise.reject(new TypeError("fetch failed")),
    "it answers 500": async () => Response.json({ errors: "oops" }, { status: 500 }),
    "it answers nonsense": async () => new Response("<html>", { status: 200 }),
    "it refuses the app": async () => Response.json({ error: "invalid_client" }, { status: 400 }),
  };

  test.for(Object.keys(failures) as (keyof typeof failures)[])(
    "because %s, pages and JSON answer 503",
    async (name) => {
      const shop = await makeShop();
      await addRequest(shop);
      const before = await fingerprintTables();
      for (const path of ["/app", "/app?index", "/app/range-sum"] as const) {
        shopifyNetwork.mockImplementationOnce(failures[name]);
        const response = await open(path, toQuery(shop));
        expect(response.status).toBe(503);
        expect(response.headers.get("Retry-After")).toBe("10");
        expect(await response.text()).toContain(
          "Shopify did not confirm who you are. Nothing is lost; please try again",
        );
      }
      expect(await fingerprintTables()).toEqual(before);
    },
  );
});
