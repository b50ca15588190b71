import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { loader as land } from "~/routes/_index";
import { loader as openApp } from "~/routes/app";
import { loader as openDashboard } from "~/routes/app._index";
import { action as logIn, loader as openLogin } from "~/routes/auth.login";
import { toDay } from "~/services/rollup/day";
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

  test("asks anyone else for their shop", async () => {
    expect(await (await answer(() => land(args(`${base}/`)))).json()).toEqual({ canLogIn: true });
  });
});

describe("the login page", () => {
  test("opens without an error", async () => {
    expect(await (await answer(() => openLogin(args(`${base}/auth/login`)))).json()).toEqual({});
  });

  test("answers HEAD as it answers GET", async () => {
    const response = await answer(() => openLogin(args(`${base}/auth/login?shop=`, { method: "HEAD" })));
    expect(response.status).toBe(200);
  });

  test.each([
    ["", "Enter your shop's domain."],
    ["acme.example.com", "This is no shop's domain. It ends with .myshopify.com."],
  ])("says what is wrong with %j", async (shop, error) => {
    const init = { method: "POST", body: new URLSearchParams({ shop }) };
    expect(await (await answer(() => logIn(args(`${base}/auth/login`, init)))).json()).toEqual({ error });
  });

  test.each([
    ["text/plain", "shop=acme"],
    ["multipart/form-data; boundary=x", "no form"],
  ])("asks for the shop where a body of the type %s holds no form", async (type, body) => {
    const init = { method: "POST", headers: { "Content-Type": type }, body };
    const response = await answer(() => logIn(args(`${base}/auth/login`, init)));
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: "Enter your shop's domain." });
  });

  test("sends a shop to Shopify, which installs or opens the app", async () => {
    const init = { method: "POST", body: new URLSearchParams({ shop: "acme" }) };
    const response = await answer(() => logIn(args(`${base}/auth/login`, init)));
    expect(response.headers.get("Location")).toBe(
      `https://admin.shopify.com/store/acme/oauth/install?client_id=${process.env.SHOPIFY_API_KEY}`,
    );
  });
});

describe("the merchant's pages", () => {
  test("show the shop of the session token, and nothing of another", async () => {
    const [domain, other] = [makeDomain(), makeDomain()];
    await addSession(domain);
    const shop = await db.shop.create({ data: { domain } });
    const otherShop = await db.shop.create({ data: { domain: other } });
    await db.testimonialRequest.create({ data: { shopId: shop.id, sentAt: new Date() } });
    await db.testimonialRequest.createMany({
      data: [1, 2, 3].map(() => ({ shopId: otherShop.id, sentAt: new Date() })),
    });
    const { numbers } = await (await openDashboard(args(toPageUrl("/app", domain)))).json();
    expect(numbers).toMatchObject({ totals: { requestsSent: 1, submissionsCount: 0 } });
    expect(numbers?.series).toHaveLength(30);
    expect(numbers?.series.at(-1)).toMatchObject({ date: toDay(new Date()), requestsSent: 1 });
  });

  test("open for a shop that the database does not know yet", async () => {
    const domain = makeDomain();
    await addSession(domain);
    expect(await (await openDashboard(args(toPageUrl("/app", domain)))).json()).toMatchObject({ state: "new" });
    expect(await (await openApp(args(toPageUrl("/app", domain)))).json()).toEqual({ apiKey: "test-api-key" });
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
    const token = { access_token: "shpat_new", scope: "read_products", expires_in: 3600 };
    const grant = { ...token, refresh_token: "shprt_new", refresh_token_expires_in: 7_776_000 };
    shopifyNetwork.mockImplementationOnce(async () => Response.json(grant));
  }

  test("exchanges the session token and installs the shop", async () => {
    const domain = makeDomain();
    grantTokens();
    expect((await openApp(args(toPageUrl("/app", domain)))).status).toBe(200);
    expect(await countSessions(domain)).toBe(1);
    expect(await db.shop.findUnique({ where: { domain } })).toMatchObject({ uninstalledAt: null });
  });

  test("after an uninstall installs the shop again, with its history", async () => {
    const domain = makeDomain();
    const left = new Date("2026-03-01T00:00:00Z");
    const { id } = await db.shop.create({ data: { domain, installedAt: left, uninstalledAt: left } });
    grantTokens();
    await openApp(args(toPageUrl("/app", domain)));
    const shop = await db.shop.findUniqueOrThrow({ where: { domain } });
    expect(shop).toMatchObject({ id, uninstalledAt: null });
    expect(Number(shop.installedAt)).toBeGreaterThan(Number(left));
  });
});
