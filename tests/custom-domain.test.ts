import { expect, test } from "vitest";
import { browser, signSessionToken, storeOfflineSession } from "./support/session-token";

process.env.SHOP_CUSTOM_DOMAIN = "shops.example.com";

async function askFor(domain: string): Promise<number> {
  const { loader } = await import("~/routes/app.range-sum");
  const { db } = await import("~/db.server");
  await storeOfflineSession((sql, values) => db.$executeRawUnsafe(sql, ...values), domain);
  await db.shop.create({ data: { domain } });
  const headers = { Authorization: `Bearer ${signSessionToken(domain)}`, "User-Agent": browser };
  const request = new Request("https://app.example.com/app/range-sum?from=2026-01-01&to=2026-01-02", { headers });
  try {
    return (await loader({ request, params: {}, context: {} })).status;
  } catch (thrown) {
    if (thrown instanceof Response) return thrown.status;
    throw thrown;
  }
}

test("shops of SHOP_CUSTOM_DOMAIN are served as those of Shopify's own domains, and no others", async () => {
  expect(await askFor("acme.myshopify.com")).toBe(200);
  expect(await askFor("acme.shops.example.com")).toBe(200);
  expect(await askFor("acme.shopsXexample.com")).not.toBe(200);
  expect(await askFor("acme.other.example.com")).not.toBe(200);
});
