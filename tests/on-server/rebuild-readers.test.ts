import { expect, test, vi } from "vitest";
import { rollup } from "~/rollup.server";
import { type Day, listDays, toRange } from "~/services/rollup/day";
import { settleSweeps } from "~/services/rollup/jobs/sweep-worker.server";
import { bypassTriggers } from "../support/faults";
import { slowWrites } from "../support/hammer/slow-writes";
import { expectStoredExact, listMarkedDays, makeShop, type TestShop } from "../support/shops";

// Several batches, so that the fleet is half old and half new for a while.
vi.hoisted(() => Object.assign(process.env, { ROLLUP_BATCH_SHOPS: "3" }));

const range = toRange("2026-05-01" as Day, "2026-05-30" as Day);
const days = listDays(range);

// Of each six days one has a row that changes, two lack theirs, and one has a row too many.
const old = days.map((_, index) => (index % 3 === 0 ? 7 : 0));
const rebuilt = days.map((_, index) => (index % 2 === 0 ? 1 : 0));

async function makeDriftedShop(): Promise<TestShop> {
  const shop = await makeShop();
  const requests = days.filter((_, index) => rebuilt[index]).map((day) => `('${shop.id}', '${day} 12:00')`);
  const rows = days.filter((_, index) => old[index]).map((day) => `('${shop.id}', '${day}', 7)`);
  await bypassTriggers(
    `insert into testimonial_requests (shop_id, sent_at) values ${requests.join()}`,
    `insert into testimonial_daily_analytics (shop_id, date, requests_sent) values ${rows.join()}`,
  );
  return shop;
}

async function readSent(shop: TestShop): Promise<string> {
  const { series } = await rollup.readRange(shop.id, range);
  return series.map(({ requestsSent }) => requestsSent).join(" ");
}

test("readers beside a rebuild see each shop's old rows or its new ones, and never some of both or none", async () => {
  const shops = await Promise.all(Array.from({ length: 12 }, makeDriftedShop));
  for (const shop of shops) expect(await listMarkedDays(shop)).toEqual([]);
  const readFleet = () => Promise.all(shops.map(readSent));
  const seen = new Set(await readFleet());
  expect([...seen]).toEqual([old.join(" ")]);

  const cure = await slowWrites();
  const runId = await rollup.startRebuild({ range });
  let isAtWork = true;
  const settled = settleSweeps(rollup.engine).then(() => {
    isAtWork = false;
  });
  let halfway = 0;
  while (isAtWork) {
    const fleet = new Set(await readFleet());
    if (fleet.size > 1) halfway += 1;
    for (const sent of fleet) seen.add(sent);
  }
  await settled;
  await cure();
  for (const sent of await readFleet()) seen.add(sent);

  expect([...seen].sort()).toEqual([old.join(" "), rebuilt.join(" ")].sort());
  expect(halfway, "reads of the fleet with some shops done and some not").toBeGreaterThan(3);
  expect(await rollup.getRebuild(String(runId))).toMatchObject({
    status: "ok",
    done: 12,
    rowsWritten: 12 * 15,
    rowsDeleted: 12 * 5,
  });
  for (const shop of shops) await expectStoredExact(shop);
});
