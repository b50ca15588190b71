import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { action as uninstall } from "~/routes/webhooks.app.uninstalled";
import { action as redact } from "~/routes/webhooks.shop.redact";
import type { Day } from "~/services/rollup/day";
import { ensureShop } from "~/services/shop.server";
import { addSession, call, countSessions, makeDomain, toRequest } from "./support/shopify";
import { countMarks } from "./support/shops";

async function addShop({ isDead = false } = {}): Promise<{ id: string; domain: string }> {
  const shop = { id: randomUUID(), domain: makeDomain() };
  await db.shop.create({ data: { ...shop, installedAt: new Date("2026-03-01T00:00:00Z") } });
  await addSession(shop.domain, { isDead });
  return shop;
}

function deliver(topic: "app/uninstalled" | "shop/redact", shop: string, triggeredAt = new Date()) {
  const headers = { "X-Shopify-Triggered-At": triggeredAt.toISOString() };
  return call(topic === "app/uninstalled" ? uninstall : redact, toRequest({ topic, shop, headers }));
}

function readUninstalledAt(domain: string) {
  return db.shop.findUniqueOrThrow({ where: { domain }, select: { uninstalledAt: true } });
}

describe("app/uninstalled", () => {
  test.each([false, true])("drops the sessions and keeps the first time (dead token: %s)", async (isDead) => {
    const { domain } = await addShop({ isDead });
    const first = new Date("2026-04-01T10:00:00Z");
    expect((await deliver("app/uninstalled", domain, first)).status).toBe(200);
    expect((await deliver("app/uninstalled", domain, new Date("2026-04-01T11:00:00Z"))).status).toBe(200);
    expect(await readUninstalledAt(domain)).toEqual({ uninstalledAt: first });
    expect(await countSessions(domain)).toBe(0);
  });

  test.each([
    ["without a time", null],
    ["with a time that is none", "yesterday"],
  ])("%s counts as now", async (_, triggeredAt) => {
    const { domain } = await addShop();
    const headers = { "X-Shopify-Triggered-At": triggeredAt };
    expect((await call(uninstall, toRequest({ topic: "app/uninstalled", shop: domain, headers }))).status).toBe(200);
    const { uninstalledAt } = await readUninstalledAt(domain);
    expect(Date.now() - Number(uninstalledAt)).toBeLessThan(60_000);
  });

  test("that is retried after the shop has come back does not undo the new install", async () => {
    const { domain } = await addShop();
    const before = new Date(Date.now() - 60_000);
    await deliver("app/uninstalled", domain, before);
    await ensureShop({ domain, vouchedAt: new Date() });
    await addSession(domain);
    expect((await deliver("app/uninstalled", domain, before)).status).toBe(200);
    expect(await readUninstalledAt(domain)).toEqual({ uninstalledAt: null });
    expect(await countSessions(domain)).toBe(1);
  });

  test("of a shop that has come back takes effect when it leaves again", async () => {
    const { domain } = await addShop();
    await deliver("app/uninstalled", domain, new Date(Date.now() - 60_000));
    await ensureShop({ domain, vouchedAt: new Date() });
    const again = new Date(Date.now() + 60_000);
    await deliver("app/uninstalled", domain, again);
    expect(await readUninstalledAt(domain)).toEqual({ uninstalledAt: again });
  });

  test("of an unknown shop leaves no shop behind", async () => {
    const domain = makeDomain();
    expect((await deliver("app/uninstalled", domain)).status).toBe(200);
    expect(await db.shop.count({ where: { domain } })).toBe(0);
  });
});

const noon = new Date("2026-05-01T12:00:00Z");

/** Rows in every table that can know a shop, one day recounted and one only marked. */
async function fill(shopId: string): Promise<void> {
  await addTestimonial(shopId, noon);
  await rollup.run({ trigger: "operator", today: "2026-05-02" as Day });
  await addTestimonial(shopId, new Date("2026-05-02T12:00:00Z"));
  await db.rollupRun.create({ data: { kind: "rebuild", trigger: "operator", status: "ok", shopId } });
  await db.shopProduct.create({ data: { shopId, productId: "gid://shopify/Product/7001", title: "Cedar Candle" } });
}

async function addTestimonial(shopId: string, at: Date): Promise<void> {
  const request = await db.testimonialRequest.create({ data: { shopId, sentAt: at }, select: { id: true } });
  await db.testimonialRequestEvent.create({
    data: { shopId, requestId: request.id, eventType: "clicked", eventAt: at },
  });
  await db.testimonialSubmission.create({ data: { shopId, requestId: request.id, submittedAt: at } });
}

async function countRows(shopId: string, domain: string) {
  const where = { shopId };
  return {
    shops: await db.shop.count({ where: { id: shopId } }),
    sessions: await countSessions(domain),
    requests: await db.testimonialRequest.count({ where }),
    events: await db.testimonialRequestEvent.count({ where }),
    submissions: await db.testimonialSubmission.count({ where }),
    days: await db.testimonialDailyAnalytics.count({ where }),
    marks: await countMarks({ id: shopId, domain }),
    runs: await db.rollupRun.count({ where }),
    products: await db.shopProduct.count({ where }),
  };
}

const nothing = {
  shops: 0,
  sessions: 0,
  requests: 0,
  events: 0,
  submissions: 0,
  days: 0,
  marks: 0,
  runs: 0,
  products: 0,
};

describe("shop/redact", () => {
  test.each([false, true])("erases all of the shop, twice as well as once (dead token: %s)", async (isDead) => {
    const { id, domain } = await addShop({ isDead });
    await fill(id);
    expect(Object.values(await countRows(id, domain)).every((count) => count > 0)).toBe(true);
    expect((await deliver("shop/redact", domain)).status).toBe(200);
    expect(await countRows(id, domain)).toEqual(nothing);
    expect((await deliver("shop/redact", domain)).status).toBe(200);
    expect(await countRows(id, domain)).toEqual(nothing);
  });

  test("leaves the rows of another shop alone", async () => {
    const [leaving, staying] = [await addShop(), await addShop()];
    await fill(staying.id);
    const before = await countRows(staying.id, staying.domain);
    await deliver("shop/redact", leaving.domain);
    expect(await countRows(staying.id, staying.domain)).toEqual(before);
  });

  test("of an unknown shop is answered with 200 and drops a session without a shop", async () => {
    const domain = makeDomain();
    await addSession(domain);
    expect((await deliver("shop/redact", domain)).status).toBe(200);
    expect(await countSessions(domain)).toBe(0);
  });
});
