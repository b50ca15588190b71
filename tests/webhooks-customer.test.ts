import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { action as requestData } from "~/routes/webhooks.customers.data_request";
import { action as redact } from "~/routes/webhooks.customers.redact";
import { findCustomer, readCustomerData } from "~/services/customer.server";
import type { Day, DayRange } from "~/services/rollup/day";
import { addSession, call, makeDomain, toRequest } from "./support/shopify";

const email = "jo_doe@example.com";
const range: DayRange = { from: "2026-05-01" as Day, until: "2026-05-03" as Day };

type TestShop = { id: string; domain: string };

async function addShop(): Promise<TestShop> {
  return db.shop.create({ data: { domain: makeDomain() }, select: { id: true, domain: true } });
}

/** A request with a click and a video testimonial, all on one day. */
async function addTestimonial({ id: shopId }: TestShop, customerEmail: string | null, day = "2026-05-01") {
  const at = new Date(`${day}T12:00:00Z`);
  const request = await db.testimonialRequest.create({ data: { shopId, sentAt: at, customerEmail } });
  const event = await db.testimonialRequestEvent.create({
    data: { shopId, requestId: request.id, eventType: "clicked", eventAt: at },
  });
  const submission = await db.testimonialSubmission.create({
    data: { shopId, requestId: request.id, mediaType: "video", submittedAt: at, displayName: "Jo" },
  });
  return { request, event, submission };
}

function deliver(topic: "customers/redact" | "customers/data_request", shop: string, address: string | null = email) {
  const body = JSON.stringify({
    shop_domain: shop,
    customer: { id: 191167, email: address, phone: null },
    data_request: { id: 9999 },
  });
  return call(topic === "customers/redact" ? redact : requestData, toRequest({ topic, shop, body }));
}

async function countRows({ id: shopId }: TestShop): Promise<number[]> {
  const where = { shopId };
  return Promise.all([
    db.testimonialRequest.count({ where }),
    db.testimonialRequestEvent.count({ where }),
    db.testimonialSubmission.count({ where }),
  ]);
}

describe("customers/redact", () => {
  test.each([false, true])("corrects the days at once, before and after a run (dead token: %s)", async (isDead) => {
    const shop = await addShop();
    await addSession(shop.domain, { isDead });
    await addTestimonial(shop, email);
    await addTestimonial(shop, "someone@example.com", "2026-05-02");
    await rollup.run({ trigger: "operator", today: "2026-05-02" as Day });

    expect((await deliver("customers/redact", shop.domain)).status).toBe(200);

    const zeros = { requestsSent: 0, requestsClicked: 0, submissionsCount: 0, approvedCount: 0, publishedCount: 0 };
    const none = { ...zeros, videoSubmissionsCount: 0, photoSubmissionsCount: 0 };
    const one = { ...none, requestsSent: 1, requestsClicked: 1, submissionsCount: 1, videoSubmissionsCount: 1 };
    const series = [
      { date: "2026-05-01", ...none },
      { date: "2026-05-02", ...one },
    ];
    expect(await rollup.readRange(shop.id, range)).toMatchObject({ totals: one, series, freshness: { liveDays: 1 } });
    await rollup.run({ trigger: "operator", today: "2026-05-02" as Day });
    expect(await rollup.readRange(shop.id, range)).toMatchObject({ totals: one, series, freshness: { liveDays: 0 } });
  });

  test("finds the address in any case, and no other that only looks like it", async () => {
    const shop = await addShop();
    await addTestimonial(shop, "Jo_Doe@Example.com");
    await addTestimonial(shop, "joXdoe@example.com");
    await addTestimonial(shop, null);
    await addTestimonial(shop, "");
    await deliver("customers/redact", shop.domain, "JO_DOE@example.com");
    expect(await countRows(shop)).toEqual([3, 3, 3]);
  });

  test("leaves the same customer's rows in another shop", async () => {
    const [shop, other] = [await addShop(), await addShop()];
    await addTestimonial(shop, email);
    await addTestimonial(other, email);
    await deliver("customers/redact", shop.domain);
    expect([await countRows(shop), await countRows(other)]).toEqual([
      [0, 0, 0],
      [1, 1, 1],
    ]);
  });

  test("twice is as good as once", async () => {
    const shop = await addShop();
    await addTestimonial(shop, email);
    expect((await deliver("customers/redact", shop.domain)).status).toBe(200);
    expect((await deliver("customers/redact", shop.domain)).status).toBe(200);
    expect(await countRows(shop)).toEqual([0, 0, 0]);
  });

  test.each([null, "", " "])("of a customer without an address (%j) deletes nothing", async (address) => {
    const shop = await addShop();
    await addTestimonial(shop, null);
    await addTestimonial(shop, "");
    expect((await deliver("customers/redact", shop.domain, address)).status).toBe(200);
    expect(await countRows(shop)).toEqual([2, 2, 2]);
  });
});

describe("customers/data_request", () => {
  test("finds the customer's rows in that shop, and no one else's", async () => {
    const [shop, other] = [await addShop(), await addShop()];
    const mine = await addTestimonial(shop, "Jo_Doe@example.com");
    await addTestimonial(shop, "someone@example.com");
    await addTestimonial(other, email);
    const { requestIds, rowCounts } = await findCustomer(db, { shopDomain: shop.domain, email });
    expect(requestIds).toEqual([mine.request.id]);
    expect(rowCounts).toEqual({
      testimonial_requests: 1,
      testimonial_request_events: 1,
      testimonial_submissions: 1,
    });
    expect(await readCustomerData(shop.domain, requestIds)).toMatchObject([
      {
        id: mine.request.id,
        customerEmail: "Jo_Doe@example.com",
        events: [{ id: mine.event.id, eventType: "clicked" }],
        submissions: [{ id: mine.submission.id, displayName: "Jo" }],
      },
    ]);
  });

  test.each([false, true])("is answered with 200 and changes nothing (dead token: %s)", async (isDead) => {
    const shop = await addShop();
    await addSession(shop.domain, { isDead });
    await addTestimonial(shop, email);
    const response = await deliver("customers/data_request", shop.domain);
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(await countRows(shop)).toEqual([1, 1, 1]);
  });

  test("of a customer without an address is answered with 200", async () => {
    const shop = await addShop();
    expect((await deliver("customers/data_request", shop.domain, null)).status).toBe(200);
  });
});

test.each(["customers/redact", "customers/data_request"] as const)("%s of an unknown shop is 200", async (topic) => {
  expect((await deliver(topic, makeDomain())).status).toBe(200);
});
