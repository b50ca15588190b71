import { expect, test } from "vitest";
import { sign } from "./support/signature";

for (const name of ["SHOPIFY_API_KEY", "SHOPIFY_API_SECRET", "SHOPIFY_APP_URL"]) process.env[name] = "";

const sentence = "The app is not connected to Shopify: set SHOPIFY_API_KEY, SHOPIFY_API_SECRET and SHOPIFY_APP_URL.";

function args(path: string, init?: RequestInit) {
  return { request: new Request(`https://app.example.com${path}`, init), params: {}, context: {} };
}

test("without the Shopify settings the landing page opens", async () => {
  const { loader } = await import("~/routes/_index");
  expect(loader(args("/")).status).toBe(200);
});

test.each([
  ["/app", () => import("~/routes/app")],
  ["/app", () => import("~/routes/app._index")],
  ["/auth/login", () => import("~/routes/auth.login")],
  ["/auth/session-token", () => import("~/routes/auth.$")],
])("without the Shopify settings %s answers 503 and names them", async (path, load) => {
  const { loader } = await load();
  const thrown: unknown = await loader(args(path)).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(Response);
  expect((thrown as Response).status).toBe(503);
  expect(await (thrown as Response).text()).toBe(sentence);
});

test("without the Shopify settings a webhook answers 503, whatever its signature", async () => {
  const { action } = await import("~/routes/webhooks.shop.redact");
  const headers = { "X-Shopify-Hmac-Sha256": sign("{}", "") };
  const response = await action(args("/webhooks/shop/redact", { method: "POST", body: "{}", headers }));
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ error: { message: sentence, issues: [] } });
});
