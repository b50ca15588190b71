import { expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import { recountRange } from "~/services/rollup/recount/recount.server";
import { markUninstalled } from "~/services/shop.server";
import { withConnection } from "../setup/server";
import { holdWrites } from "../support/hammer/slow-writes";
import { addRequest, at, expectStoredExact, makeShop } from "../support/shops";
import { runSql } from "../support/writers";

// What the host app writes to its own tables waits for no recount. Only a server has two transactions open at once.

const today = "2026-06-15" as Day;
const day = "2026-05-01";

const recounts = [
  { name: "a run", recount: () => rollup.run({ trigger: "cron", today }) },
  {
    name: "a rebuild",
    recount: async (shopId: string) => {
      await recountRange(
        rollup.engine,
        [shopId],
        { from: day as Day, until: "2026-05-02" as Day },
        { afterwards: async () => undefined },
      );
    },
  },
];

test.for(recounts)(
  "an update of a shop, an uninstall and new requests wait for no recount: $name",
  async ({ recount }) => {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at(day) });
    const uninstalledAt = new Date(Date.now() + 1_000);
    let recounted: Promise<unknown> = Promise.resolve();
    await holdWrites({ shopId: shop.id, requestsSent: 1 }, async (untilHeld) => {
      recounted = recount(shop.id);
      await untilHeld();
      await withConnection(process.env.DATABASE_URL ?? "", async (host) => {
        await host.query("set lock_timeout = '100ms'");
        await host.query("update shops set domain = 'new ' || domain where id = $1", [shop.id]);
        await host.query("update shops set domain = $2 where id = $1", [shop.id, shop.domain]);
        await host.query("insert into testimonial_requests (shop_id, sent_at) values ($1, $2::timestamp)", [
          shop.id,
          day,
        ]);
        await host.query("update testimonial_requests set clicked_at = $2::timestamp where shop_id = $1", [
          shop.id,
          day,
        ]);
      });
      expect(await db.$transaction((tx) => markUninstalled(tx, shop.domain, uninstalledAt))).toBe(true);
    });
    await recounted;
    await db.shop.update({ where: { id: shop.id }, data: { uninstalledAt: null } });
    await rollup.run({ trigger: "cron", today });
    await expectStoredExact(shop);
  },
);

test("a shop that is deleted beside its recount leaves no daily row", async () => {
  const shop = await makeShop();
  await addRequest(shop, { sentAt: at(day) });
  let recounted: Promise<unknown> = Promise.resolve();
  let deleted: Promise<unknown> = Promise.resolve();
  await holdWrites({ shopId: shop.id, requestsSent: 1 }, async (untilHeld) => {
    recounted = rollup.run({ trigger: "cron", today });
    await untilHeld();
    deleted = runSql("delete from shops where id = $1", [shop.id]);
  });
  await Promise.all([recounted, deleted]);
  await rollup.run({ trigger: "cron", today });
  expect(await db.testimonialDailyAnalytics.count({ where: { shopId: shop.id } })).toBe(0);
});

test("daily rows that a recount wrote as its shop went are dropped with the shop's marks", async () => {
  const shop = await makeShop();
  await addRequest(shop, { sentAt: at(day) });
  await withConnection(process.env.DATABASE_URL ?? "", async (host) => {
    await host.query("begin");
    await host.query("delete from shops where id = $1", [shop.id]);
    // It has not seen the deletion, and there was no row of the rollup's for the deletion to wait for.
    await rollup.run({ trigger: "cron", today });
    expect(await db.testimonialDailyAnalytics.count({ where: { shopId: shop.id } })).toBe(1);
    await host.query("commit");
  });
  expect(await rollup.run({ trigger: "cron", today })).toMatchObject({ status: "ok", remaining: 0 });
  expect(await db.testimonialDailyAnalytics.count({ where: { shopId: shop.id } })).toBe(0);
});
