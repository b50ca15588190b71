import { expect, test } from "vitest";
import { toStatusLines } from "../cli/commands/status";
import { call, operator } from "./support/call";
import { signOperatorCookie } from "./support/operator-session";
import { sign } from "./support/signature";

// Nothing listens there.
process.env.DATABASE_URL = "postgresql://nobody:nothing@127.0.0.1:1/nowhere";

function deliver(signature: string) {
  const headers = {
    "X-Shopify-Topic": "shop/redact",
    "X-Shopify-Shop-Domain": "acme.myshopify.com",
    "X-Shopify-Hmac-Sha256": signature,
    "X-Shopify-API-Version": "2026-10",
    "X-Shopify-Webhook-Id": "1",
  };
  return new Request("https://app.example.com/webhooks/shop/redact", { method: "POST", headers, body: "{}" });
}

test("with the database away a webhook is refused or put off at once, and the process lives on", async () => {
  const { action } = await import("~/routes/webhooks.shop.redact");
  const { db } = await import("~/db.server");
  const send = async (signature: string) =>
    (await action({ request: deliver(signature), params: {}, context: {} })).status;

  expect(await send(sign("{}", "another-secret"))).toBe(401);
  // By then the session storage has looked for its table as well. A rejection that nobody waits for ends a process, and
  // fails this run.
  await expect(db.session.count()).rejects.toThrow("Can't reach database server");
  expect(await send(sign("{}"))).toBe(503);
  expect(await send(sign("{}"))).toBe(503);
}, 5_000);

test("with the database away each of the operator's pages says so, and the status what it could not read", async () => {
  const pages = {
    "/operator": await import("~/routes/operator._index"),
    "/operator/runs": await import("~/routes/operator.runs._index"),
    "/operator/runs/none": await import("~/routes/operator.runs.$runId"),
    "/operator/rebuild?run=none": await import("~/routes/operator.rebuild"),
    "/operator/drift": await import("~/routes/operator.drift"),
    "/operator/seals": await import("~/routes/operator.seals"),
    "/operator/privacy": await import("~/routes/operator.privacy._index"),
  };
  for (const [path, route] of Object.entries(pages)) {
    const response = await call(route as never, path, {
      headers: { Cookie: signOperatorCookie() },
      params: { runId: "none" },
    });
    const body = { path, status: response.status, ...(await response.json()) };
    expect(body).toMatchObject({ path, status: 503, state: "failed", problem: { code: "database_unavailable" } });
  }
  const statusRoute = await import("~/routes/jobs.status");
  const answer = await (await call(statusRoute, "/jobs/status", { headers: operator })).json();
  const lines = toStatusLines(answer, (_colour, text) => text, new Date());
  expect(lines).toEqual(
    expect.arrayContaining([
      "not ok",
      expect.stringMatching(/^database +not ok since .*Can't reach database server/),
      expect.stringMatching(/^last run +not read$/),
      expect.stringMatching(/^oldest mark +not read$/),
      expect.stringMatching(/^failing shops +not read$/),
      expect.stringMatching(/^shops +not read$/),
    ]),
  );
});
