import { expect, test } from "vitest";
import { db } from "~/db.server";
import { addSubmission, at, makeShop } from "./support/shops";
import { runSql } from "./support/writers";

async function readApprovedAt(id: string): Promise<Date | null> {
  const submission = await db.testimonialSubmission.findUniqueOrThrow({ where: { id }, select: { approvedAt: true } });
  return submission.approvedAt;
}

function expectNow(instant: Date | null): void {
  expect(Math.abs(Date.now() - (instant?.getTime() ?? 0))).toBeLessThan(60_000);
}

test("a testimonial inserted as approved is approved when it was published", async () => {
  const shop = await makeShop();
  const { id } = await addSubmission(shop, {
    status: "approved",
    submittedAt: at("2026-05-01"),
    publishedAt: at("2026-05-03"),
  });
  expect(await readApprovedAt(id)).toEqual(at("2026-05-03"));
});

test("a testimonial inserted as approved but not published is approved when it was submitted", async () => {
  const shop = await makeShop();
  const { id } = await addSubmission(shop, { status: "approved", submittedAt: at("2026-05-01") });
  expect(await readApprovedAt(id)).toEqual(at("2026-05-01"));
});

test("a testimonial inserted as approved with no instant at all is approved now, in UTC", async () => {
  const shop = await makeShop();
  await runSql("insert into testimonial_submissions (id, shop_id, status) values ($1, $1, 'approved')", [shop.id]);
  expectNow(await readApprovedAt(shop.id));
});

test("a testimonial whose status becomes approved is approved now, in UTC", async () => {
  const shop = await makeShop();
  const { id } = await addSubmission(shop, { submittedAt: at("2026-05-01"), publishedAt: at("2026-05-02") });
  expect(await readApprovedAt(id)).toBeNull();
  await runSql("update testimonial_submissions set status = 'approved' where id = $1", [id]);
  expectNow(await readApprovedAt(id));
});

test("a value that the app sets stays, on insert and on update", async () => {
  const shop = await makeShop();
  const inserted = await addSubmission(shop, {
    status: "approved",
    submittedAt: at("2026-05-01"),
    approvedAt: at("2026-04-01"),
  });
  expect(await readApprovedAt(inserted.id)).toEqual(at("2026-04-01"));

  const updated = await addSubmission(shop, { submittedAt: at("2026-05-01") });
  await runSql("update testimonial_submissions set status = 'approved', approved_at = '2026-03-01' where id = $1", [
    updated.id,
  ]);
  expect(await readApprovedAt(updated.id)).toEqual(at("2026-03-01", "00:00:00.000"));
});

test("an approved testimonial whose approved_at the app takes away stays without one", async () => {
  const shop = await makeShop();
  const { id } = await addSubmission(shop, { status: "approved", submittedAt: at("2026-05-01") });
  await runSql("update testimonial_submissions set approved_at = null where id = $1", [id]);
  await runSql("update testimonial_submissions set status = 'approved', rating = 5 where id = $1", [id]);
  expect(await readApprovedAt(id)).toBeNull();
});

test("a testimonial that is not approved gets no approved_at", async () => {
  const shop = await makeShop();
  const { id } = await addSubmission(shop, { status: "rejected", publishedAt: at("2026-05-01") });
  await runSql("update testimonial_submissions set status = 'archived' where id = $1", [id]);
  expect(await readApprovedAt(id)).toBeNull();
});
