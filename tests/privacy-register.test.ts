import { randomUUID } from "node:crypto";
import { describe, expect, onTestFinished, test } from "vitest";
import { db } from "~/db.server";
import { action as requestData } from "~/routes/webhooks.customers.data_request";
import { action as redactCustomer } from "~/routes/webhooks.customers.redact";
import { action as redactShop } from "~/routes/webhooks.shop.redact";
import { raiseDueAlerts, resumeErasures, settlePrivacyRequests } from "~/services/privacy-worker.server";
import { listenForAlerts } from "./support/alerts";
import { addSession, call, countSessions, makeDomain, toRequest } from "./support/shopify";
import { addClickEvent, addRequest, addSubmission, at, makeShop, type TestShop } from "./support/shops";

const routes = {
  "customers/data_request": requestData,
  "customers/redact": redactCustomer,
  "shop/redact": redactShop,
};
const topics = Object.keys(routes) as (keyof typeof routes)[];
const email = "jo-private@example.com";
const body = JSON.stringify({
  customer: { id: 191167, email, phone: "555-625-1199" },
  orders_requested: [299938],
  data_request: { id: 9999 },
});
const none = { testimonial_requests: 0, testimonial_request_events: 0, testimonial_submissions: 0 };

async function deliver(topic: keyof typeof routes, shop: string, triggeredAt = new Date()): Promise<string> {
  const webhookId = randomUUID();
  const headers = { "X-Shopify-Webhook-Id": webhookId, "X-Shopify-Triggered-At": triggeredAt.toISOString() };
  const response = await call(routes[topic], toRequest({ topic, shop, body, headers }));
  expect(response.status).toBe(200);
  return webhookId;
}

async function makeInstalledShop(installedAt = at("2026-03-01")): Promise<TestShop> {
  const shop = await makeShop();
  await db.shop.update({ where: { id: shop.id }, data: { installedAt } });
  await addSession(shop.domain);
  return shop;
}

/** A customer's request with two events and a testimonial, and one more without them. */
async function addCustomer(shop: TestShop): Promise<string[]> {
  const request = await addRequest(shop, { customerEmail: email, sentAt: at("2026-05-01") });
  await addClickEvent(shop, request.id, at("2026-05-01"));
  await addClickEvent(shop, request.id, at("2026-05-02"));
  await addSubmission(shop, { requestId: request.id, submittedAt: at("2026-05-03"), displayName: "Jo Private" });
  const second = await addRequest(shop, { customerEmail: email.toUpperCase() });
  return [request.id, second.id].sort();
}

function readEntries(shopDomain: string) {
  return db.privacyRequest.findMany({ where: { shopDomain }, orderBy: { receivedAt: "asc" } });
}

describe("the register of privacy requests", () => {
  test("says when which shop's erasure was asked for, that it is done, and how many rows went, after the shop is gone", async () => {
    const shop = await makeInstalledShop();
    await addCustomer(shop);
    const [triggeredAt, before] = [at("2026-06-01"), Date.now()];
    const webhookId = await deliver("shop/redact", shop.domain, triggeredAt);
    expect(await db.shop.count({ where: { id: shop.id } })).toBe(0);
    const [entry, ...others] = await readEntries(shop.domain);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      topic: "shop/redact",
      shopDomain: shop.domain,
      webhookId,
      triggeredAt,
      outcome: "done",
      rowCounts: {
        Session: 1,
        shops: 1,
        testimonial_requests: 2,
        testimonial_request_events: 2,
        testimonial_submissions: 1,
        testimonial_daily_analytics: 0,
        shop_products: 0,
      },
    });
    expect(Number(entry?.receivedAt)).toBeGreaterThanOrEqual(before);
    expect(Number(entry?.handledAt)).toBeGreaterThanOrEqual(Number(entry?.receivedAt));
  });

  test("says how many rows of a customer went", async () => {
    const shop = await makeInstalledShop();
    await addCustomer(shop);
    await deliver("customers/redact", shop.domain);
    expect(await readEntries(shop.domain)).toMatchObject([
      {
        outcome: "done",
        rowCounts: { testimonial_requests: 2, testimonial_request_events: 2, testimonial_submissions: 1 },
        handledAt: expect.any(Date),
      },
    ]);
  });

  test("keeps a data request open, with its number, its day and where the data is", async () => {
    const shop = await makeInstalledShop();
    const requestIds = await addCustomer(shop);
    await deliver("customers/data_request", shop.domain);
    const [entry] = await readEntries(shop.domain);
    expect(entry).toMatchObject({
      outcome: "pending",
      dataRequestId: "9999",
      rowCounts: { testimonial_requests: 2, testimonial_request_events: 2, testimonial_submissions: 1 },
      requestIds,
      handledAt: null,
    });
    const dayMs = 86_400_000;
    expect(Math.round((Number(entry?.dueAt) - Number(entry?.receivedAt)) / dayMs)).toBe(30);
  });

  test.each(topics)(
    "says that %s of a shop without any such data found nothing, and that is the end of it",
    async (topic) => {
      const domain = makeDomain();
      await deliver(topic, domain);
      const rowCounts = topic === "shop/redact" ? {} : none;
      expect(await readEntries(domain)).toMatchObject([
        { topic, outcome: "nothing_found", rowCounts, requestIds: [], handledAt: expect.any(Date) },
      ]);
    },
  );

  test.each(topics)("holds no personal data of %s", async (topic) => {
    const shop = await makeInstalledShop();
    await addCustomer(shop);
    await deliver(topic, shop.domain);
    const text = JSON.stringify(await readEntries(shop.domain));
    expect(text.length).toBeGreaterThan(100);
    for (const personal of [email, "Private", "191167", "555-625", "299938"]) expect(text).not.toContain(personal);
  });
});

describe("shop/redact", () => {
  test("from before the shop came back erases nothing, and is in the register as such", async () => {
    const shop = await makeInstalledShop(at("2026-05-02"));
    await addCustomer(shop);
    await deliver("shop/redact", shop.domain, at("2026-05-01"));
    expect(await db.testimonialRequest.count({ where: { shopId: shop.id } })).toBe(2);
    expect([await db.shop.count({ where: { id: shop.id } }), await countSessions(shop.domain)]).toEqual([1, 1]);
    expect(await readEntries(shop.domain)).toMatchObject([{ outcome: "ignored_as_old", rowCounts: {} }]);
  });

  test("of a domain in upper case erases the shop that has it", async () => {
    const shop = await makeInstalledShop();
    await deliver("shop/redact", shop.domain.toUpperCase());
    expect([await db.shop.count({ where: { id: shop.id } }), await countSessions(shop.domain)]).toEqual([0, 0]);
    expect(await readEntries(shop.domain)).toMatchObject([{ outcome: "done" }]);
  });

  test("that fails is acknowledged, stays in the register, and is done at the next look", async () => {
    const shop = await makeInstalledShop();
    await db.$executeRawUnsafe(`
      create function refuse_erasure() returns trigger language plpgsql as $$ begin raise 'not now'; end $$`);
    await db.$executeRawUnsafe(
      "create trigger refuse_erasure before delete on shops execute function refuse_erasure()",
    );
    await deliver("shop/redact", shop.domain);
    expect(await readEntries(shop.domain)).toMatchObject([{ outcome: "pending", handledAt: null }]);
    expect([await db.shop.count({ where: { id: shop.id } }), await countSessions(shop.domain)]).toEqual([1, 1]);

    await db.$executeRawUnsafe("drop trigger refuse_erasure on shops");
    await resumeErasures();
    await settlePrivacyRequests();
    expect(await db.shop.count({ where: { id: shop.id } })).toBe(0);
    expect(await readEntries(shop.domain)).toMatchObject([{ outcome: "done", handledAt: expect.any(Date) }]);
  });

  test("of which only the register knows, since the process died, is done at the next look", async () => {
    const shop = await makeInstalledShop();
    const entry = { topic: "shop/redact", shopDomain: shop.domain, webhookId: "1", outcome: "pending" };
    await db.privacyRequest.create({ data: entry });
    await resumeErasures();
    await settlePrivacyRequests();
    expect(await db.shop.count({ where: { id: shop.id } })).toBe(0);
  });
});

describe("the alert of a data request", () => {
  test("names the shop, the day it is due and where the data is, once, and again a week later while it is open", async () => {
    await raiseDueAlerts();
    await settlePrivacyRequests();
    const alerts = await listenForAlerts();
    onTestFinished(async () => void (await alerts.close()));
    const shop = await makeInstalledShop();
    await addCustomer(shop);
    await deliver("customers/data_request", shop.domain);
    await settlePrivacyRequests();
    const [entry] = await readEntries(shop.domain);
    const text = expect.stringMatching(
      new RegExp(`${shop.domain} .*${entry?.dueAt.toISOString().slice(0, 10)}.*/jobs/privacy/${entry?.id}`),
    );
    expect(alerts.received).toEqual([{ text }]);
    expect(JSON.stringify(alerts.received)).not.toContain("private@");

    const waitDays = async (days: number) => {
      await db.$executeRawUnsafe(
        "update privacy_requests set alert_at = alert_at - make_interval(days => $1::int) where shop_domain = $2",
        days,
        shop.domain,
      );
      await raiseDueAlerts();
      await settlePrivacyRequests();
    };
    await waitDays(6);
    expect(alerts.received).toHaveLength(1);
    await waitDays(1);
    expect(alerts.received).toEqual([{ text }, { text }]);
    await db.privacyRequest.updateMany({ where: { id: entry?.id }, data: { outcome: "done" } });
    await waitDays(8);
    expect(alerts.received).toHaveLength(2);
  });

  test("is not raised where there is no data to send", async () => {
    const alerts = await listenForAlerts();
    onTestFinished(async () => void (await alerts.close()));
    await deliver("customers/data_request", makeDomain());
    await settlePrivacyRequests();
    expect(alerts.received).toEqual([]);
  });
});
