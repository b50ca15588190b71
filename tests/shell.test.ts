import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { loader as land } from "~/routes/_index";
import { loader as openApp } from "~/routes/app";
import { loader as openDashboard } from "~/routes/app._index";
import { loader as openLogin } from "~/routes/auth.login";
import { addSession, countSessions, makeDomain, shopifyNetwork, toPageUrl } from "./support/shopify";

const base = "https://app.example.com";

function args(url: string, init: RequestInit = {}) {
  const headers = { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36" };
  return { request: new Request(url, { headers, ...init }), params: {}, context: {} };
}

/** What the loader returns or throws: an answer both ways. */
async function answer(respond: () => Promise<Response> | Response): Promise<Response> {
  try {
    return await respond();
  } catch (thrown) {
    if (thrown instanceof Response) return thrown;
    throw thrown;
  }
}

describe("the landing page", () => {
  test("sends a shop to its page and keeps the query", async () => {
    const response = await answer(() => land(args(`${base}/?shop=acme.myshopify.com&host=abc&embedded=1`)));
    expect(response.status).toBe(302);
    expect(response.headers.get("Location")).toBe("/app?shop=acme.myshopify.com&host=abc&embedded=1");
  });

  test.each(["", "?shop=", "?shop=evil.example.com", "?host=abc"])("stays where %j names no shop", async (query) => {
    expect((await answer(() => land(args(`${base}/${query}`)))).status).toBe(200);
  });
});

describe("the login page", () => {
  test.each(["", "?shop=", "?shop=acme", "?shop=acme.example.com", "?shop=acme.myshopify.com.evil.com"])(
    "opens where %j names no shop",
    async (query) => {
      for (const method of ["GET", "HEAD"]) {
        const response = await answer(() => openLogin(args(`${base}/auth/login${query}`, { method })));
        expect(response.status).toBe(200);
      }
    },
  );

  test.each(["acme.myshopify.com", "ACME.MyShopify.com"])(
    "sends %s to Shopify, which installs or opens the app",
    async (shop) => {
      const response = await answer(() => openLogin(args(`${base}/auth/login?shop=${shop}`)));
      expect(response.status).toBe(302);
      expect(response.headers.get("Location")).toBe(
        `https://admin.shopify.com/store/acme/oauth/install?client_id=${process.env.SHOPIFY_API_KEY}`,
      );
    },
  );
});

describe("the merchant's pages", () => {
  test("show the shop of the session token, and nothing of another", async () => {
    const [domain, other] = [makeDomain(), makeDomain()];
    await addSession(domain);
    const shop = await db.shop.create({ data: { domain } });
    const otherShop = await db.shop.create({ data: { domain: other } });
    const yesterday = new Date(Date.now() - 86_400_000);
    for (const sentAt of [new Date(), yesterday]) {
      await db.testimonialRequest.create({ data: { shopId: shop.id, sentAt } });
      await db.testimonialRequest.createMany({ data: [1, 2, 3].map(() => ({ shopId: otherShop.id, sentAt })) });
    }
    const { numbers } = await (await openDashboard(args(toPageUrl("/app", domain)))).json();
    expect(numbers).toMatchObject({
      sums: { totals: { requestsSent: 1 } },
      today: { totals: { requestsSent: 1, submissionsCount: 0 } },
    });
    expect(numbers?.steps?.columns.requestsSent).toEqual([...Array(29).fill(0), 1]);
  });

  test("open for a shop that the database does not know yet", async () => {
    const domain = makeDomain();
    await addSession(domain);
    expect(await (await openDashboard(args(toPageUrl("/app", domain)))).json()).toMatchObject({ state: "new" });
    expect(await (await openApp(args(toPageUrl("/app", domain)))).json()).toEqual({
      apiKey: "test-api-key",
      shop: domain,
      locale: "en",
      polarisTexts: null,
    });
  });

  test.each([
    ["app", openApp],
    ["dashboard", openDashboard],
  ] as const)("send a visitor without a shop to the login (%s)", async (_, load) => {
    const response = await answer(() => load(args(`${base}/app`)));
    expect([response.status, response.headers.get("Location")]).toEqual([302, "/auth/login"]);
  });

  test("fetch a session token when there is none in the address", async () => {
    const url = new URL(toPageUrl("/app", makeDomain()));
    url.searchParams.delete("id_token");
    const response = await answer(() => openApp(args(url.href)));
    expect(response.status).toBe(302);
    expect(response.headers.get("Location")).toMatch(/^\/auth\/session-token\?/);
  });
});

describe("the first visit", () => {
  function grantTokens(): void {
    const token = { access_token: "shpat_new", scope: "", expires_in: 3600 };
    const grant = { ...token, refresh_token: "shprt_new", refresh_token_expires_in: 7_776_000 };
    shopifyNetwork.mockImplementationOnce(async () => Response.json(grant));
  }

  test("exchanges the session token and installs the shop", async () => {
    const domain = makeDomain();
    grantTokens();
    expect((await openDashboard(args(toPageUrl("/app", domain)))).status).toBe(200);
    expect(await countSessions(domain)).toBe(1);
    expect(await db.shop.findUnique({ where: { domain } })).toMatchObject({ uninstalledAt: null });
  });

  test("after an uninstall installs the shop again, with its history", async () => {
    const domain = makeDomain();
    const left = new Date("2026-03-01T00:00:00Z");
    const { id } = await db.shop.create({ data: { domain, installedAt: left, uninstalledAt: left } });
    grantTokens();
    await openDashboard(args(toPageUrl("/app", domain)));
    const shop = await db.shop.findUniqueOrThrow({ where: { domain } });
    expect(shop).toMatchObject({ id, uninstalledAt: null });
    expect(Number(shop.installedAt)).toBeGreaterThan(Number(left));
  });
});
