import { describe, expect, test } from "vitest";
import { loader as openApp } from "~/routes/app";
import { loader as openDashboard } from "~/routes/app._index";
import { loader as openTestimonials } from "~/routes/app.testimonials._index";
import { loader as openAnalytics } from "~/routes/app.testimonials.analytics";
import { loader as openAuth } from "~/routes/auth.$";
import { loader as reopen } from "~/routes/auth.reopen";
import { browser } from "./support/session-token";
import { addSession, makeDomain, toPageUrl } from "./support/shopify";

// A page that the admin's frame loads at an address without its shop, as after a reload: the login can't be in a frame.

const routes = {
  "/app": openApp,
  "/app?range=7": openDashboard,
  "/app/testimonials?status=pending": openTestimonials,
  "/app/testimonials/analytics?range=custom&from=2026-05-01&to=2026-05-02": openAnalytics,
};
const paths = Object.keys(routes) as (keyof typeof routes)[];
const host = Buffer.from("admin.shopify.com/store/acme").toString("base64url");

async function load(loader: unknown, address: string, dest = "iframe"): Promise<Response> {
  const url = new URL(address, process.env.SHOPIFY_APP_URL);
  const request = new Request(url, { headers: { "User-Agent": browser, "Sec-Fetch-Dest": dest } });
  try {
    return await (loader as typeof reopen)({ request, params: {}, context: {} });
  } catch (thrown) {
    if (thrown instanceof Response) return thrown;
    throw thrown;
  }
}

function toLocation(response: Response): URL {
  expect(response.status).toBe(302);
  return new URL(response.headers.get("Location") ?? "", process.env.SHOPIFY_APP_URL);
}

describe.for(paths)("%s", (path) => {
  const separator = path.includes("?") ? "&" : "?";

  test.for(["", "shop=acme.myshopify.com", `host=${host}`, "shop=evil.example.com&embedded=1&id_token=x&hmac=x"])(
    "in the frame with %j goes on by App Bridge, and keeps its own query alone",
    async (query) => {
      const location = toLocation(await load(routes[path], query ? `${path}${separator}${query}` : path));
      expect([location.pathname, [...location.searchParams.keys()]]).toEqual(["/auth/reopen", ["path"]]);
      expect(location.searchParams.get("path")).toBe(path);
    },
  );

  test("outside of a frame goes to the page that says where the app opens", async () => {
    for (const dest of ["document", "empty", ""]) {
      expect(toLocation(await load(routes[path], path, dest)).pathname).toBe("/auth/login");
    }
  });

  test("in the frame with shop and host fetches a session token, though nothing says that it is embedded", async () => {
    const address = `${path}${separator}shop=ACME.myshopify.com&host=${host}`;
    const location = toLocation(await load(routes[path], address));
    expect(location.pathname).toBe("/auth/session-token");
    const back = new URL(location.searchParams.get("shopify-reload") ?? "");
    expect(Object.fromEntries(back.searchParams)).toEqual({
      ...Object.fromEntries(new URL(path, back).searchParams),
      shop: "acme.myshopify.com",
      host,
      embedded: "1",
    });
  });
});

test("Shopify's own addresses are no page to come back to", async () => {
  expect(toLocation(await load(openAuth, "/auth/x")).pathname).toBe("/auth/login");
});

test("an address with a shop opens in the frame as before", async () => {
  const domain = makeDomain();
  await addSession(domain);
  expect((await load(openDashboard, toPageUrl("/app", domain))).status).toBe(200);
});

describe("the page that reopens one", () => {
  test("loads App Bridge for this app, can be in any admin's frame, and is kept by no cache", async () => {
    const response = await load(reopen, `/auth/reopen?path=${encodeURIComponent("/app?range=7")}`);
    expect([response.status, response.headers.get("Cache-Control")]).toEqual([200, "no-store"]);
    expect(response.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("Content-Security-Policy")).toBe(
      "frame-ancestors https://admin.shopify.com https://*.myshopify.com https://*.myshopify.io https://*.shop.dev;",
    );
    expect(await response.text()).toContain(
      '<script data-api-key="test-api-key" src="https://cdn.shopify.com/shopifycloud/app-bridge.js">',
    );
  });

  test.for([
    "https://evil.example.com/app",
    "//evil.example.com/app",
    "/\\evil.example.com/app",
    "javascript:alert(1)",
    "/",
    "/apple",
    "/auth/login",
    "",
    "/app/../auth/login",
  ])("goes to %j for nobody", async (path) => {
    const response = await load(reopen, `/auth/reopen?path=${encodeURIComponent(path)}`);
    expect(toLocation(response).pathname).toBe("/auth/login");
  });
});
