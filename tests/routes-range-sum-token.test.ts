import { expect, test } from "vitest";
import { db } from "~/db.server";
import * as rangeSumRoute from "~/routes/app.range-sum";
import { call } from "./support/call";
import { browser, type Execute, signSessionToken, storeOfflineSession } from "./support/session-token";
import { addRequest, at, countsOf, makeShop, type TestShop } from "./support/shops";

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

async function expectNoNumbers(response: Response, statuses: number[]): Promise<void> {
  expect(statuses).toContain(response.status);
  expect(await response.text()).not.toContain("totals");
}

test("a request without a token is sent to Shopify's login or refused", async () => {
  const shop = await makeInstalledShop(1);
  await expectNoNumbers(await ask(""), [302, 401, 410]);
  await expectNoNumbers(await ask(`&shop=${shop.domain}`), [302, 401]);
  await expectNoNumbers(await ask(`&shop=${shop.domain}&host=YWRtaW4&embedded=1`), [302, 401]);
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
  for (const [name, token] of Object.entries(tokens)) {
    for (const response of [await ask("", token), await ask(`&shop=${domain}&id_token=${encodeURIComponent(token)}`)]) {
      expect([302, 401], name).toContain(response.status);
      expect(await response.text(), name).not.toContain("totals");
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
      await expectNoNumbers(response, [302, 401, 403]);
    }
  }
  expect(await (await ask("", token)).json()).toMatchObject({ shopId: shop.id, totals: countsOf({ requestsSent: 1 }) });
});

test("a token in the address opens as one in the header does", async () => {
  const shop = await makeInstalledShop(1);
  const host = Buffer.from("admin.shopify.com/store/any").toString("base64url");
  const response = await ask(`&shop=${shop.domain}&host=${host}&embedded=1&id_token=${signSessionToken(shop.domain)}`);
  expect(response.status).toBe(200);
  expect((await response.json()).totals).toEqual(countsOf({ requestsSent: 1 }));
});

test("HEAD asks for a token too", async () => {
  const response = await call(rangeSumRoute, path, { method: "HEAD", headers: { "User-Agent": browser } });
  await expectNoNumbers(response, [302, 401, 410]);
});
