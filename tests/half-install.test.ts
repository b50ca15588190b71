import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { loader as openDashboard } from "~/routes/app._index";
import { loader as sumRange } from "~/routes/app.range-sum";
import { loader as openTestimonials } from "~/routes/app.testimonials._index";
import { loader as openAnalytics } from "~/routes/app.testimonials.analytics";
import type { Day } from "~/services/rollup/day";
import { call } from "./support/call";
import { signClaims } from "./support/forged-tokens";
import { browser, signSessionToken } from "./support/session-token";
import { addSession, makeDomain, shopifyNetwork } from "./support/shopify";
import { addRequest, at, makeShop, readStoredRows } from "./support/shops";

// A shop whose session token is right has the app installed, whatever its row says, or that there is none.

const routes = {
  "/app": openDashboard,
  "/app/testimonials": openTestimonials,
  "/app/testimonials/analytics": openAnalytics,
  "/app/range-sum?from=2026-05-01&to=2026-05-02": sumRange,
};
const paths = Object.keys(routes) as (keyof typeof routes)[];
const hourMs = 3_600_000;

function open(path: keyof typeof routes, domain: string, issuedAt = new Date()): Promise<Response> {
  return openWith(path, signSessionToken(domain, { issuedAt }));
}

function openWith(path: keyof typeof routes, token: string): Promise<Response> {
  const route = { loader: routes[path] as typeof sumRange, action: routes[path] as typeof sumRange };
  return call(route, path, { headers: { "User-Agent": browser, Authorization: `Bearer ${token}` } });
}

function readShop(domain: string) {
  return db.shop.findUnique({ where: { domain }, select: { id: true, installedAt: true, uninstalledAt: true } });
}

describe.for(paths)("%s", (path) => {
  test("writes the row of a shop that has a session and none", async () => {
    const domain = makeDomain();
    await addSession(domain);
    const issuedAt = new Date(Math.floor(Date.now() / 1_000) * 1_000 - 20_000);
    expect((await open(path, domain, issuedAt)).status).toBe(200);
    expect(await readShop(domain)).toEqual({ id: expect.any(String), installedAt: issuedAt, uninstalledAt: null });
  });

  test("takes back an uninstall from before Shopify signed the token", async () => {
    const shop = await makeShop();
    await addSession(shop.domain);
    await db.shop.update({ where: { id: shop.id }, data: { uninstalledAt: new Date(Date.now() - hourMs) } });
    expect((await open(path, shop.domain)).status).toBe(200);
    expect(await readShop(shop.domain)).toMatchObject({ uninstalledAt: null });
  });

  test("believes no token from before the uninstall, though it is good for a minute", async () => {
    const shop = await makeShop();
    await addSession(shop.domain);
    const uninstalledAt = new Date(Date.now() - 5_000);
    const installedAt = new Date(Date.now() - 24 * hourMs);
    await db.shop.update({ where: { id: shop.id }, data: { installedAt, uninstalledAt } });
    expect((await open(path, shop.domain, new Date(Date.now() - 30_000))).status).toBe(200);
    expect(await readShop(shop.domain)).toEqual({ id: shop.id, installedAt, uninstalledAt });
  });
});

test("two first requests of a shop, side by side, make one row and both get numbers", async () => {
  const domain = makeDomain();
  await addSession(domain);
  const responses = await Promise.all(paths.map((path) => open(path, domain)));
  expect(responses.map(({ status }) => status)).toEqual(paths.map(() => 200));
  expect(await db.shop.count({ where: { domain } })).toBe(1);
});

test("a token that writes the shop in another case is of the same shop", async () => {
  const { id, domain } = await makeShop();
  await addSession(domain);
  const token = signClaims(domain, { dest: `https://${domain.toUpperCase()}` });
  const response = await openWith("/app/range-sum?from=2026-05-01&to=2026-05-02", token);
  expect(await response.json()).toMatchObject({ shopId: id });
  expect(await db.shop.count({ where: { domain: { equals: domain, mode: "insensitive" } } })).toBe(1);
});

test("a shop that a request has mended has its days recounted again", async () => {
  const shop = await makeShop();
  await addSession(shop.domain);
  await db.shop.update({ where: { id: shop.id }, data: { uninstalledAt: at("2026-05-01") } });
  await addRequest(shop, { sentAt: at("2026-05-02") });
  await open("/app", shop.domain);
  await rollup.run({ trigger: "operator", today: "2026-05-02" as Day });
  expect([...(await readStoredRows(shop)).keys()]).toEqual(["2026-05-02"]);
});

describe("the last time that Shopify vouched for a shop", () => {
  async function openAfter(ageMs: number): Promise<boolean> {
    const shop = await makeShop();
    await addSession(shop.domain);
    const installedAt = new Date(Date.now() - ageMs);
    await db.shop.update({ where: { id: shop.id }, data: { installedAt } });
    await open("/app", shop.domain);
    return Number((await readShop(shop.domain))?.installedAt) > Number(installedAt);
  }

  test("follows the tokens, so that late webhooks from before it are known as old", async () => {
    expect(await openAfter(2 * hourMs)).toBe(true);
  });

  test("costs no write within the hour", async () => {
    expect(await openAfter(hourMs / 2)).toBe(false);
  });
});

test("a shop whose row can't be written is told so, and not that Shopify doubts who it is; the next request mends it", async () => {
  const domain = makeDomain();
  const grant = { access_token: "shpat_new", scope: "", expires_in: 3_600, refresh_token: "shprt_new" };
  shopifyNetwork.mockImplementationOnce(async () => Response.json(grant));
  await db.$executeRawUnsafe(`
    create function refuse_shop() returns trigger language plpgsql as $$ begin raise 'no room for shops'; end $$`);
  await db.$executeRawUnsafe("create trigger refuse_shop before insert on shops execute function refuse_shop()");

  const page = await open("/app", domain);
  expect([page.status, await page.json()]).toEqual([500, expect.objectContaining({ state: "failed" })]);
  const sum = await open("/app/range-sum?from=2026-05-01&to=2026-05-02", domain);
  expect(sum.status).toBe(500);
  expect(await sum.json()).toMatchObject({ error: { code: "internal" } });
  expect(await db.session.count({ where: { shop: domain } })).toBe(1);

  await db.$executeRawUnsafe("drop trigger refuse_shop on shops");
  const mended = await open("/app", domain);
  expect([mended.status, await mended.json()]).toEqual([200, expect.objectContaining({ state: "new" })]);
  expect(await readShop(domain)).toMatchObject({ uninstalledAt: null });
});
