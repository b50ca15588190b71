import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { testEnv } from "../../setup/settings";
import { cron, operator } from "../call";
import { signOperatorCookie } from "../operator-session";
import { browser, signSessionToken } from "../session-token";
import { sign } from "../signature";
import { allMethods, type HostileRequest, percentEncode, requestsOf, type Shape } from "./requests";
import { days, jsonValues, objectsOf, texts } from "./values";

export type HostileRoute = {
  name: string;
  /** Its errors have the one shape. */
  isJson: boolean;
  /** Its answer names tables, to whom may know them. */
  showsTables: boolean;
  requests: fc.Arbitrary<HostileRequest>;
};

const form = { "Content-Type": "application/x-www-form-urlencoded" };

/** A form's fields, each perhaps wrong or missing. */
function formsOf(fields: Record<string, fc.Arbitrary<string>>): fc.Arbitrary<string> {
  const members = Object.entries(fields).map(([name, right]) =>
    fc.option(fc.oneof({ weight: 4, arbitrary: right }, texts), { freq: 6 }).map((value) => ({ name, value })),
  );
  return fc
    .tuple(...members)
    .map((all) =>
      all.flatMap(({ name, value }) => (value === null ? [] : [`${name}=${percentEncode(value)}`])).join("&"),
    );
}

const maybe = (right: fc.Arbitrary<string>) => fc.oneof({ weight: 3, arbitrary: right }, texts);

/** Every route of the app, for a merchant of this shop. */
export function listHostileRoutes(shop: string): HostileRoute[] {
  const host = Buffer.from(`admin.shopify.com/store/${shop.split(".")[0]}`).toString("base64url");
  const asMerchant = () => ({ Authorization: `Bearer ${signSessionToken(shop)}`, "User-Agent": browser });
  const asBrowser = () => ({ "User-Agent": browser });
  const range = { from: days, to: days, series: fc.constant("1") };
  const page = {
    range: fc.constantFrom("7", "30", "90", "custom"),
    from: days,
    to: days,
    shop: fc.constant(shop),
    host: fc.constant(host),
    embedded: fc.constant("1"),
    id_token: fc.constant("").map(() => signSessionToken(shop)),
    _data: fc.constantFrom(
      "root",
      "routes/app",
      "routes/app._index",
      "routes/app.testimonials.analytics",
      "routes/none",
    ),
  };
  const { _data, ...address } = page;
  const webhook = (topic: string, fields: Record<string, fc.Arbitrary<unknown>>): [string, Shape] => [
    `/webhooks/${topic}`,
    {
      methods: ["POST"],
      body: objectsOf(fields),
      headers: (body) => ({
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": shop,
        "X-Shopify-Hmac-Sha256": sign(body, testEnv.SHOPIFY_API_SECRET),
        "X-Shopify-API-Version": "2026-10",
        "X-Shopify-Webhook-Id": randomUUID(),
        "X-Shopify-Triggered-At": "2026-01-01T00:00:00Z",
      }),
    },
  ];
  const customer = {
    customer: objectsOf({ email: texts, id: jsonValues }).map((text) => JSON.parse(text)),
    shop_domain: texts,
  };
  const sweep = { dryRun: fc.boolean(), shopId: maybe(fc.constant("shop-1")) };
  const rebuild = { ...sweep, fromDate: days, toDate: days, unseal: fc.boolean() };
  const markedDays = { fromDate: days, toDate: days };
  const asOperator = () => ({ Cookie: signOperatorCookie(), ...form, Origin: testEnv.SHOPIFY_APP_URL });
  const formShop = maybe(fc.constant("shop-1"));
  const run = maybe(fc.constant("none"));
  const shapes: [string, Shape][] = [
    [
      "/jobs/rollup",
      { methods: ["POST", "GET"], fields: { window: fc.constantFrom("1", "31", "32") }, headers: () => cron },
    ],
    [
      "/jobs/verify",
      { methods: ["POST", "GET"], fields: { sample: fc.constantFrom("1", "10000", "10001") }, headers: () => cron },
    ],
    ["/jobs/rebuild", { methods: ["POST"], body: objectsOf(rebuild), headers: () => operator }],
    [
      "/jobs/rebuild/:runId",
      {
        methods: ["GET", "DELETE", "POST"],
        paths: texts.map((id) => `/jobs/rebuild/${percentEncode(id)}`),
        headers: () => operator,
      },
    ],
    ["/jobs/seal", { methods: ["POST"], body: objectsOf({ ...sweep, before: days }), headers: () => operator }],
    [
      "/jobs/seal/:runId",
      {
        methods: ["GET", "DELETE"],
        paths: texts.map((id) => `/jobs/seal/${percentEncode(id)}`),
        headers: () => operator,
      },
    ],
    [
      "/jobs/mark",
      { methods: ["POST"], body: objectsOf({ shopId: sweep.shopId, ...markedDays }), headers: () => operator },
    ],
    [
      "/jobs/runs",
      {
        methods: ["GET"],
        fields: { kind: maybe(fc.constant("rebuild")), limit: fc.constantFrom("1", "500", "501"), before: texts },
        headers: () => operator,
      },
    ],
    ["/jobs/status", { methods: ["GET"], headers: () => operator }],
    ["/metrics", { methods: ["GET"], headers: () => cron }],
    [
      "/jobs/runs/:runId",
      {
        methods: ["GET"],
        paths: texts.map((id) => `/jobs/runs/${percentEncode(id)}`),
        headers: () => operator,
      },
    ],
    [
      "/jobs/privacy",
      { methods: ["GET"], fields: { open: fc.constant("1"), shop: maybe(fc.constant(shop)) }, headers: () => operator },
    ],
    [
      "/jobs/privacy/:requestId",
      {
        methods: ["GET", "POST"],
        paths: texts.map((id) => `/jobs/privacy/${percentEncode(id)}`),
        body: objectsOf({ handled: fc.boolean() }),
        headers: () => operator,
      },
    ],
    ["/app/range-sum", { methods: ["GET", "HEAD"], fields: range, headers: asMerchant }],
    ["/app", { methods: ["GET", "HEAD"], fields: address, headers: asBrowser }],
    ["/app/testimonials/analytics", { methods: ["GET"], fields: address, headers: asBrowser }],
    ["/app?_data", { methods: ["GET", "POST"], paths: fc.constant("/app"), fields: page, headers: asMerchant }],
    ["/app/testimonials", { methods: ["GET"], fields: address, headers: asBrowser }],
    webhook("customers/redact", customer),
    webhook("customers/data_request", {
      ...customer,
      data_request: objectsOf({ id: jsonValues }).map((text) => JSON.parse(text)),
    }),
    webhook("products/update", {
      id: maybe(fc.constant("7001")),
      admin_graphql_api_id: maybe(fc.constant("gid://shopify/Product/7001")),
      title: texts,
      updated_at: maybe(days),
      image: objectsOf({ src: maybe(fc.constant("https://cdn.shopify.com/a.png")), alt: texts }).map((text) =>
        JSON.parse(text),
      ),
      images: jsonValues,
    }),
    webhook("products/delete", { id: maybe(fc.constant("7001")) }),
    webhook("app/scopes_update", { current: fc.array(texts, { maxLength: 3 }) }),
    webhook("app/uninstalled", { id: jsonValues }),
    ["/healthz", { methods: ["GET"] }],
    ["/livez", { methods: ["GET"] }],
    [
      "/operator/runs",
      {
        methods: ["GET"],
        fields: { kind: fc.constantFrom("rollup", "seal"), status: fc.constant("ok"), shop: formShop, before: run },
        headers: asOperator,
      },
    ],
    [
      "/operator/runs/:runId",
      { methods: ["GET"], paths: texts.map((id) => `/operator/runs/${percentEncode(id)}`), headers: asOperator },
    ],
    ["/operator/drift", { methods: ["GET"], fields: { run, before: run }, headers: asOperator }],
    ["/operator/privacy", { methods: ["GET"], fields: { shop: maybe(fc.constant(shop)) }, headers: asOperator }],
    [
      "/operator/privacy/:requestId",
      {
        methods: ["POST", "GET"],
        paths: texts.map((id) => `/operator/privacy/${percentEncode(id)}`),
        body: formsOf({}),
        headers: asOperator,
      },
    ],
    [
      "/operator/privacy/:requestId/data",
      {
        methods: ["GET"],
        paths: texts.map((id) => `/operator/privacy/${percentEncode(id)}/data`),
        headers: asOperator,
      },
    ],
    [
      "/operator",
      { methods: ["POST", "GET"], body: formsOf({ intent: fc.constantFrom("run", "verify") }), headers: asOperator },
    ],
    ["/operator/logout", { methods: ["POST", "GET"], body: formsOf({}), headers: asOperator }],
    [
      "/operator/rebuild",
      {
        methods: ["POST", "GET"],
        fields: { run },
        body: formsOf({
          intent: fc.constantFrom("dryRun", "rebuild", "cancel", "resume"),
          ...{ run, shop: formShop, fromDate: days, toDate: days, unseal: fc.constant("on") },
        }),
        headers: asOperator,
      },
    ],
    [
      "/operator/seals",
      {
        methods: ["POST", "GET"],
        fields: { run, shop: formShop, after: formShop },
        body: formsOf({ intent: fc.constantFrom("dryRun", "seal", "cancel"), run, shop: formShop, before: days }),
        headers: asOperator,
      },
    ],
    [
      "/operator/login",
      {
        methods: ["POST", "GET"],
        fields: { to: maybe(fc.constant("/operator/runs")) },
        body: formsOf({ token: texts, to: maybe(fc.constant("/operator/runs")) }),
        headers: () => ({ ...form, Origin: testEnv.SHOPIFY_APP_URL }),
      },
    ],
    ["/", { methods: ["GET", "HEAD"], fields: { shop: maybe(fc.constant(shop)) }, headers: asBrowser }],
    [
      "/auth/login",
      {
        methods: ["GET", "POST"],
        fields: { shop: texts },
        body: texts.map((text) => `shop=${percentEncode(text)}`),
        headers: () => ({ ...asBrowser(), "Content-Type": "application/x-www-form-urlencoded" }),
      },
    ],
    [
      "/auth/*",
      {
        methods: ["GET"],
        paths: fc.constantFrom(
          "/auth",
          "/auth/",
          "/auth/session-token",
          "/auth/exit-iframe",
          "/auth/callback",
          "/auth/x",
        ),
        fields: { shop: maybe(fc.constant(shop)), host: maybe(fc.constant(host)), exitIframe: texts },
        headers: asBrowser,
      },
    ],
    [
      "unknown paths",
      { methods: allMethods, paths: texts.map((text) => `/${percentEncode(text)}`), headers: asBrowser },
    ],
    ["assets", { methods: ["GET"], paths: texts.map((text) => `/assets/${percentEncode(text)}`), headers: asBrowser }],
  ];
  return shapes.map(([name, shape]) => ({
    name,
    isJson: /^\/(jobs|metrics|webhooks|healthz|livez|app\/range-sum)/.test(name),
    showsTables: /^\/(jobs\/(status|privacy)|metrics|operator)/.test(name),
    requests: requestsOf(shape, name),
  }));
}
