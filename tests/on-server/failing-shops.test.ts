import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import { toRange } from "~/services/rollup/day";
import { settleSweeps } from "~/services/rollup/jobs/sweep-worker.server";
import { eraseShop } from "~/services/shop.server";
import { withConnection } from "../setup/server";
import { listenForAlerts } from "../support/alerts";
import { bypassTriggers, poison } from "../support/faults";
import { addRequest, at, makeShop, type TestShop } from "../support/shops";
import { runSql } from "../support/writers";

// A shop is failing from its first recount that failed until one has succeeded, and two alerts say so.

const today = "2026-06-15" as Day;
const fails = (shop: TestShop) => ({ text: expect.stringContaining(`the recount fails for ${shop.id} (`) });
const succeeds = (shop: TestShop) => ({ text: expect.stringContaining(`the recount succeeds again for ${shop.id}.`) });

let alerts: Awaited<ReturnType<typeof listenForAlerts>>;

beforeAll(async () => {
  alerts = await listenForAlerts();
});

beforeEach(async () => {
  await db.shop.deleteMany();
  await db.rollupShop.deleteMany();
  alerts.received.length = 0;
});

afterAll(() => alerts.close());

async function makeMarkedShop(): Promise<TestShop> {
  const shop = await makeShop();
  await addRequest(shop, { sentAt: at("2026-03-01") });
  return shop;
}

const run = () => rollup.run({ trigger: "cron", today });
const readFailing = async () => (await rollup.checkHealthInDetail()).failingShops;

test("a run that passes a failing shop by, for another transaction holds it, neither mends it nor begins anew", async () => {
  const shop = await makeMarkedShop();
  const cure = await poison(shop);
  expect(await run()).toMatchObject({ status: "partial" });
  const begun = await readFailing();
  expect(begun).toMatchObject({ count: 1, shops: [{ shopId: shop.id, since: expect.any(Date) }] });

  await withConnection(process.env.DATABASE_URL ?? "", async (holder) => {
    await holder.query("begin");
    await holder.query("select from rollup_shops where shop_id = $1 for update", [shop.id]);
    expect(await run()).toMatchObject({ status: "ok", failedShops: [], remaining: 1 });
    await holder.query("rollback");
  });
  expect(await readFailing()).toEqual(begun);
  expect(await run()).toMatchObject({ status: "partial" });
  expect(await readFailing()).toEqual(begun);
  expect(alerts.received).toEqual([fails(shop)]);

  await cure();
  expect(await run()).toMatchObject({ status: "ok", remaining: 0 });
  expect(await readFailing()).toEqual({ count: 0, since: null, shops: [] });
  await run();
  expect(alerts.received).toEqual([fails(shop), succeeds(shop)]);
});

test("of several runs at work concurrently one tells of each change", async () => {
  const shops = [await makeMarkedShop(), await makeMarkedShop(), await makeMarkedShop()];
  const cures = [];
  for (const shop of shops) cures.push(await poison(shop));
  await Promise.all([run(), run(), run(), run()]);
  await run();
  const begun = alerts.received.splice(0).map((alert) => (alert as { text: string }).text);
  for (const { id } of shops) expect(begun.filter((text) => text.includes(`${id} (`))).toHaveLength(1);

  for (const cure of cures) await cure();
  await Promise.all([run(), run(), run(), run()]);
  await run();
  const over = alerts.received.map((alert) => (alert as { text: string }).text);
  for (const { id } of shops) expect(over.filter((text) => text.includes(id))).toHaveLength(1);
  expect(await readFailing()).toMatchObject({ count: 0 });
});

test("a whole fleet that fails is one alert, and one when it is over", async () => {
  const count = 250;
  await runSql(
    "insert into shops (id, domain) select 'fleet-' || n, 'fleet-' || n from generate_series(1, $1::int) n",
    [count],
  );
  await runSql("insert into testimonial_requests (shop_id, sent_at) select s.id, '2026-03-01' from shops s");
  await runSql("alter table testimonial_daily_analytics add constraint broken check (requests_sent < 0) not valid");
  await run();
  expect(await readFailing()).toMatchObject({ count });
  expect(alerts.received).toEqual([{ text: expect.stringContaining(` and ${count - 10} more. Their marks wait`) }]);
  await runSql("alter table testimonial_daily_analytics drop constraint broken");
  await run();
  expect(alerts.received.slice(1)).toEqual([{ text: expect.stringMatching(/succeeds again for .* and 240 more\.$/) }]);
});

test("a shop that fails with nothing marked is looked at by each run, and is right once all its days are", async () => {
  const shop = await makeMarkedShop();
  await run();
  await bypassTriggers(`update testimonial_daily_analytics set requests_sent = 5 where shop_id = '${shop.id}'`);
  await runSql(
    "update rollup_shops set failing_since = '2026-01-01', failing_reason = 'it was', failing_in = 'recount' where shop_id = $1",
    [shop.id],
  );
  expect(await run()).toMatchObject({ status: "ok", days: 1, rowsWritten: 1 });
  expect(await readFailing()).toMatchObject({ count: 0 });
  // No alert had said that it fails.
  expect(alerts.received).toEqual([]);
});

test("a rebuild that passes a shop by is one alert at its end, and the next run that recounts the shop mends it", async () => {
  const shops = [await makeMarkedShop(), await makeMarkedShop()];
  await run();
  await bypassTriggers("update testimonial_daily_analytics set requests_sent = 5");
  const cures = [];
  for (const shop of shops) cures.push(await poison(shop));
  await rollup.startRebuild({ range: toRange("2026-03-01" as Day, "2026-03-31" as Day) });
  await settleSweeps(rollup.engine);
  expect(await readFailing()).toMatchObject({ count: 2 });
  expect(alerts.received).toHaveLength(1);
  for (const cure of cures) await cure();
  expect(await run()).toMatchObject({ status: "ok", rowsWritten: 2 });
  expect(await readFailing()).toMatchObject({ count: 0 });
  expect(alerts.received).toHaveLength(2);
});

test("a shop that is uninstalled, erased or gone is not counted, and nothing is kept of one that is not there", async () => {
  const [uninstalled, erased, gone] = [await makeMarkedShop(), await makeMarkedShop(), await makeMarkedShop()];
  const cures = [];
  for (const shop of [uninstalled, erased, gone]) cures.push(await poison(shop));
  await run();
  expect(await readFailing()).toMatchObject({ count: 3 });
  for (const cure of cures) await cure();
  await db.shop.update({ where: { id: uninstalled.id }, data: { uninstalledAt: new Date() } });
  await db.$transaction((tx) => eraseShop(tx, erased.domain, new Date()));
  await db.shop.delete({ where: { id: gone.id } });
  expect(await readFailing()).toMatchObject({ count: 0 });
  await run();
  expect(await db.rollupShop.findMany({ select: { shopId: true } })).toEqual([{ shopId: uninstalled.id }]);
});
