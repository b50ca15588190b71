import { expect, test } from "vitest";
import { db } from "~/db.server";
import * as rangeSumRoute from "~/routes/app.range-sum";
import { call } from "./support/call";
import { countsOf } from "./support/counts";
import { browser, type Execute, signSessionToken, storeOfflineSession } from "./support/session-token";
import { addRequest, at, makeShop, type TestShop } from "./support/shops";

// Whoever asks gets the numbers of the shop that the token is signed for, or none at all.

const execute: Execute = (sql, values) => db.$executeRawUnsafe(sql, ...values);
const path = "/app/range-sum?from=2026-03-01&to=2026-03-03";

async function makeInstalledShop(requests: number): Promise<TestShop> {
  const shop = await makeShop();
  await storeOfflineSession(execute, shop.domain);
  for (let index = 0; index < requests; index += 1) await addRequest(shop, { sentAt: at("2026-03-02") });
  return shop;
}

function ask(query: string, token?: string): Promise<Response> {
  const headers = { "User-Agent": browser, ...(token && { Authorization: `Bearer ${token}` }) };
  return call(rangeSumRoute, `${path}${query}`, { headers });
}

const host = Buffer.from("admin.shopify.com/store/any").toString("base64url");

/** As a caller that wants JSON is told, and App Bridge, which then asks once more with a new token. */
async function expectUnauthorized(response: Response): Promise<void> {
  expect(response.status).toBe(401);
  expect(response.headers.get("X-Shopify-Retry-Invalid-Session-Request")).toBe("1");
  expect(response.headers.has("Location")).toBe(false);
  expect(await response.json()).toEqual({
    error: { code: "unauthorized", message: expect.stringContaining("session token"), issues: [] },
  });
}

test("a request without a token is refused as JSON, and never led to a page", async () => {
  const shop = await makeInstalledShop(1);
  await expectUnauthorized(await ask(""));
  await expectUnauthorized(await ask(`&shop=${shop.domain}`));
  await expectUnauthorized(await ask(`&shop=${shop.domain}&host=${host}`));
  await expectUnauthorized(await ask(`&shop=${shop.domain}&host=${host}&embedded=1`));
  await expectUnauthorized(await ask(`&shop=${shop.domain}&host=YWRtaW4&embedded=1`));
});

test("a token that is expired, forged, for another app or unsigned shows no number", async () => {
  const { domain } = await makeInstalledShop(1);
  const hour = 3_600_000;
  const [header, , signature] = signSessionToken(domain).split(".");
  const [, claims] = signSessionToken((await makeInstalledShop(2)).domain).split(".");
  const tokens = {
    expired: signSessionToken(domain, { issuedAt: new Date(Date.now() - hour) }),
    "not valid yet": signSessionToken(domain, { issuedAt: new Date(Date.now() + hour) }),
    "of another secret": signSessionToken(domain, { secret: "another-secret" }),
    "of an empty secret": signSessionToken(domain, { secret: "" }),
    "for another app": signSessionToken(domain, { audience: "another-app" }),
    "with algorithm none": signSessionToken(domain, { algorithm: "none" }),
    "with another shop's claims": `${header}.${claims}.${signature}`,
    "no token at all": "x",
    "two dots": "..",
  };
  for (const token of Object.values(tokens)) {
    const inAddress = `&shop=${domain}&host=${host}&id_token=${encodeURIComponent(token)}`;
    for (const [query, header] of [["", token], [inAddress], [`${inAddress}&embedded=1`]] as const) {
      await expectUnauthorized(await ask(query, header));
    }
  }
});

test("a token of one shop never shows another's numbers, whatever the address says", async () => {
  const shop = await makeInstalledShop(1);
  const other = await makeInstalledShop(2);
  const token = signSessionToken(shop.domain);
  for (const query of [`&shop=${other.domain}`, `&shop=${other.domain}&session=offline_${other.domain}`]) {
    const response = await ask(query, token);
    if (response.status === 200) {
      expect(await response.json()).toMatchObject({ shopId: shop.id, totals: countsOf({ requestsSent: 1 }) });
    } else {
      await expectUnauthorized(response);
    }
  }
  expect(await (await ask("", token)).json()).toMatchObject({ shopId: shop.id, totals: countsOf({ requestsSent: 1 }) });
});

test("a token in the address opens as one in the header does", async () => {
  const shop = await makeInstalledShop(1);
  const response = await ask(`&shop=${shop.domain}&host=${host}&embedded=1&id_token=${signSessionToken(shop.domain)}`);
  expect(response.status).toBe(200);
  expect((await response.json()).totals).toEqual(countsOf({ requestsSent: 1 }));
});

test("HEAD asks for a token too", async () => {
  const response = await call(rangeSumRoute, path, { method: "HEAD", headers: { "User-Agent": browser } });
  await expectUnauthorized(response);
});
