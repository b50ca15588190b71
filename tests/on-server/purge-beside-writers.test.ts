import { expect, test } from "vitest";
import { db } from "~/db.server";
import { events, unansweredRequests } from "~/purgeable-rows";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import { purge } from "~/services/rollup/seal/purge.server";
import { withConnection } from "../setup/server";
import { seal } from "../support/seals";
import { addRequest, at, makeShop, type TestShop } from "../support/shops";

const before = "2026-05-01" as Day;
const url = process.env.DATABASE_URL ?? "";
const options = { before, purgeables: [events, unansweredRequests] };

async function makeSealedShop(): Promise<{ shop: TestShop; requestIds: string[] }> {
  const shop = await makeShop();
  const requestIds: string[] = [];
  for (const day of ["2026-03-01", "2026-03-02", "2026-03-03"]) {
    requestIds.push((await addRequest(shop, { sentAt: at(day) })).id);
  }
  await rollup.run({ trigger: "cron", today: "2026-06-15" as Day });
  await seal({ shopId: shop.id, before });
  return { shop, requestIds };
}

test("a purge passes by the request that a writer is just answering, or adding an event of an open day to", async () => {
  const { shop, requestIds } = await makeSealedShop();
  const [clicked, answered, free] = requestIds;
  await withConnection(url, async (writer) => {
    await writer.query("begin");
    await writer.query(
      `insert into testimonial_request_events (shop_id, request_id, event_type, event_at)
       values ($1, $2, 'clicked', '2026-06-10')`,
      [shop.id, clicked],
    );
    await writer.query(
      "insert into testimonial_submissions (shop_id, request_id, submitted_at) values ($1, $2, '2026-06-10')",
      [shop.id, answered],
    );
    const beside = purge(rollup.engine, { ...options, shopId: shop.id });
    expect(await beside).toMatchObject({ rows: { testimonial_requests: 1 }, inUse: 2 });
    await writer.query("commit");
  });
  await purge(rollup.engine, { ...options, shopId: shop.id });
  const left = await db.testimonialRequest.findMany({ where: { shopId: shop.id }, select: { id: true } });
  expect(left.map(({ id }) => id).sort()).toEqual([clicked, answered].sort());
  expect(left).not.toContain(free);
  expect(await db.testimonialSubmission.findMany({ select: { requestId: true } })).toEqual([{ requestId: answered }]);
  expect(await db.testimonialRequestEvent.count({ where: { requestId: clicked } })).toBe(1);
});

test("a purge beside the erasure of its shop ends neither in a deadlock", async () => {
  const { shop } = await makeSealedShop();
  await withConnection(url, async (eraser) => {
    await eraser.query("begin");
    await eraser.query("delete from testimonial_requests where shop_id = $1", [shop.id]);
    const beside = purge(rollup.engine, { ...options, shopId: shop.id });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await eraser.query("delete from shops where id = $1", [shop.id]);
    await eraser.query("commit");
    expect(await beside).toMatchObject({ rows: {} });
  });
  expect(await db.testimonialRequest.count({ where: { shopId: shop.id } })).toBe(0);
});
