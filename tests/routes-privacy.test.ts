import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import * as listRoute from "~/routes/jobs.privacy";
import * as requestRoute from "~/routes/jobs.privacy_.$requestId";
import { action as requestData } from "~/routes/webhooks.customers.data_request";
import { call, operator } from "./support/call";
import { expectRefused } from "./support/refusal";
import { call as deliver, toRequest } from "./support/shopify";
import { addClickEvent, addRequest, addSubmission, at, makeShop, type TestShop } from "./support/shops";

const email = "jo@example.com";

/** A shop with an open data request of a customer who has written one testimonial. */
async function makeOpenRequest(): Promise<{ shop: TestShop; id: string }> {
  const shop = await makeShop();
  const request = await addRequest(shop, { customerEmail: email, sentAt: at("2026-05-01") });
  await addClickEvent(shop, request.id, at("2026-05-01"));
  await addSubmission(shop, { requestId: request.id, reviewText: "I like it", displayName: "Jo" });
  await addRequest(shop, { customerEmail: "someone@example.com" });
  const body = JSON.stringify({ customer: { email }, data_request: { id: 7 } });
  await deliver(requestData, toRequest({ topic: "customers/data_request", shop: shop.domain, body }));
  const { id } = await db.privacyRequest.findFirstOrThrow({ where: { shopDomain: shop.domain } });
  return { shop, id };
}

const list = (query = "", init: RequestInit = {}) =>
  call(listRoute, `/jobs/privacy${query}`, { headers: operator, ...init });

function askFor(id: string, init: RequestInit = {}): Promise<Response> {
  const path = `/jobs/privacy/${encodeURIComponent(id)}`;
  return call(requestRoute, path, { headers: operator, params: { requestId: id }, ...init });
}

const close = (id: string, body: unknown = { handled: true }) =>
  askFor(id, { method: "POST", body: JSON.stringify(body) });

async function listIds(query: string): Promise<string[]> {
  const { requests } = await (await list(query)).json();
  return requests.map(({ id }: { id: string }) => id);
}

describe("/jobs/privacy", () => {
  test("lists the requests with what was done, how many are open, and since when", async () => {
    const { shop, id } = await makeOpenRequest();
    const response = await list(`?shop=${shop.domain.toUpperCase()}`);
    const { receivedAt, dueAt, triggeredAt, webhookId } = await db.privacyRequest.findUniqueOrThrow({ where: { id } });
    const { open, overdue, oldestReceivedAt, requests } = await response.json();
    expect(requests).toEqual([
      {
        id,
        topic: "customers/data_request",
        shopDomain: shop.domain,
        webhookId,
        dataRequestId: "7",
        triggeredAt: triggeredAt?.toISOString(),
        receivedAt: receivedAt.toISOString(),
        dueAt: dueAt.toISOString(),
        outcome: "pending",
        rowCounts: { testimonial_requests: 1, testimonial_request_events: 1, testimonial_submissions: 1 },
        handledAt: null,
      },
    ]);
    expect([open, overdue]).toEqual([await db.privacyRequest.count({ where: { outcome: "pending" } }), 0]);
    expect(Date.parse(oldestReceivedAt)).toBeLessThanOrEqual(receivedAt.getTime());
  });

  test("lists those that are open alone where that is asked for, and counts what is overdue", async () => {
    const [first, second] = [await makeOpenRequest(), await makeOpenRequest()];
    await close(first.id);
    const open = await listIds("?open=1");
    expect(open).toContain(second.id);
    expect(open).not.toContain(first.id);
    expect(await listIds("")).toEqual(expect.arrayContaining([first.id, second.id]));
    await db.privacyRequest.update({ where: { id: second.id }, data: { dueAt: at("2026-01-01") } });
    expect(await (await list()).json()).toMatchObject({ overdue: 1 });
  });

  test.for([
    ["?open=yes", "open", "yes", /must be "1"/],
    ["?shop=example.com", "shop", "example.com", /myshopify\.com domain/],
    ["?limit=5", "limit", "5", /is not a known field/],
  ] as const)("%s is refused", async ([query, field, value, allowed]) => {
    await expectRefused(() => list(query), { status: 400, code: "bad_input", issues: [{ field, value, allowed }] });
  });

  test("POST is 405", async () => {
    const response = await expectRefused(() => list("", { method: "POST" }), { status: 405 });
    expect(response.headers.get("Allow")).toBe("GET, HEAD");
  });
});

describe("/jobs/privacy/:requestId", () => {
  test("has all the data of the customer while the request is open, and none of anyone else", async () => {
    const { id } = await makeOpenRequest();
    const response = await askFor(id);
    const { data } = await response.json();
    expect(data).toMatchObject([
      {
        customerEmail: email,
        sentAt: "2026-05-01T12:00:00.000Z",
        events: [{ eventType: "clicked" }],
        submissions: [{ reviewText: "I like it", displayName: "Jo" }],
      },
    ]);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
  });

  test("is closed by an operator, twice as well as once, and then leads to the customer no more", async () => {
    const { id } = await makeOpenRequest();
    const closed = await (await close(id)).json();
    expect(closed).toMatchObject({ id, outcome: "done", handledAt: expect.any(String) });
    expect(await (await close(id)).json()).toEqual(closed);
    const shown = await (await askFor(id)).json();
    expect(shown).toEqual(closed);
    expect(await db.privacyRequest.findUnique({ where: { id } })).toMatchObject({ requestIds: [], alertAt: null });
  });

  test("of an erasure that is at work can't be closed by hand", async () => {
    const shop = await makeShop();
    const entry = { topic: "shop/redact", shopDomain: shop.domain, webhookId: "1", outcome: "pending" };
    const { id } = await db.privacyRequest.create({ data: entry });
    const issues = [{ field: "requestId", value: id, allowed: /id of a data request/ }];
    await expectRefused(() => close(id), { status: 409, code: "not_closable", issues });
  });

  test("that does not exist is 404", async () => {
    const issues = [{ field: "requestId", value: "none", allowed: /id of a privacy request/ }];
    for (const ask of [() => askFor("none"), () => close("none")]) {
      await expectRefused(ask, { status: 404, code: "unknown_request", issues });
    }
  });

  test.for([{ handled: false }, { handled: "true" }])("closing it with %j is refused", async (body) => {
    const { id } = await makeOpenRequest();
    const issues = [{ field: "handled", value: body.handled, allowed: /must be true/ }];
    await expectRefused(() => close(id, body), { status: 400, code: "bad_input", issues });
  });

  test("DELETE is 405", async () => {
    const response = await expectRefused(() => askFor("any", { method: "DELETE" }), { status: 405 });
    expect(response.headers.get("Allow")).toBe("GET, HEAD, POST");
  });
});
