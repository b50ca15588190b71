import { afterEach, describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { createRollup } from "~/services/rollup";
import { addDays, type Day } from "~/services/rollup/day";
import { bypassTriggers } from "./support/faults";
import { addRequest, at, expectStoredExact, makeShop, type TestShop } from "./support/shops";

const today = "2026-06-15" as Day;
const options = { trigger: "cron", today } as const;

afterEach(async () => {
  await db.shop.deleteMany();
});

async function makeRightShop(): Promise<TestShop> {
  const shop = await makeShop();
  await addRequest(shop, { sentAt: at(today) });
  await rollup.run(options);
  await rollup.run(options);
  return shop;
}

/** Whether a run looks at its window, or does other work in a transaction, and what it answers. */
async function runAndListen(more: { today?: Day; lookbackDays?: number } = {}) {
  let transactions = 0;
  const listening = new Proxy(db, {
    get(client, name) {
      if (name === "$transaction") transactions += 1;
      const value = Reflect.get(client, name);
      return typeof value === "function" ? value.bind(client) : value;
    },
  });
  const process = createRollup(rollup.definition, { ...rollup.engine, db: listening });
  const result = await process.run({ ...options, ...more });
  return { looks: transactions > 0, result };
}

describe("a run behind which nothing was written", () => {
  test("does not look at the window again, however often it is called", async () => {
    await makeRightShop();
    for (let n = 0; n < 3; n += 1) {
      expect(await runAndListen()).toMatchObject({ looks: false, result: { status: "ok", days: 0, remaining: 0 } });
    }
  });

  test("looks at another window", async () => {
    await makeRightShop();
    expect(await runAndListen({ today: addDays(today, 1) })).toMatchObject({ looks: true });
    expect(await runAndListen({ today: addDays(today, 1) })).toMatchObject({ looks: false });
    expect(await runAndListen({ lookbackDays: 7, today: addDays(today, 1) })).toMatchObject({ looks: true });
  });
});

const writes: [string, (shop: TestShop) => Promise<unknown>][] = [
  ["a source row, round the triggers", ({ id }) => bypassTriggers(insertSql(id))],
  ["a daily row, by hand", ({ id }) => db.$executeRawUnsafe(driftSql, id)],
  ["a truncate, round the triggers", () => bypassTriggers("truncate testimonial_requests cascade")],
  ["a row of another table, and a source row before it", writeTwice],
];

const insertSql = (shopId: string) =>
  `insert into testimonial_requests (id, shop_id, sent_at) values (gen_random_uuid()::text, '${shopId}', '${today} 10:00')`;
const driftSql = "update testimonial_daily_analytics set requests_sent = 9 where shop_id = $1";

async function writeTwice({ id }: TestShop): Promise<void> {
  await bypassTriggers(insertSql(id));
  await db.$executeRawUnsafe("update shops set domain = domain");
}

test.for(writes)("a run looks at its window and mends it after %s", async ([, write]) => {
  const shop = await makeRightShop();
  await write(shop);
  const { looks, result } = await runAndListen();
  expect([looks, result]).toMatchObject([true, { status: "ok", remaining: 0 }]);
  await expectStoredExact(shop);
});

test("a run looks again where one before it did other work, and where one has failed", async () => {
  const shop = await makeRightShop();
  await addRequest(shop, { sentAt: at("2026-01-01") });
  expect(await runAndListen()).toMatchObject({ looks: true, result: { days: 1 } });
  expect(await runAndListen()).toMatchObject({ looks: true, result: { days: 0 } });
  await db.rollupRun.updateMany({ data: { seenXid: null } });
  expect(await runAndListen()).toMatchObject({ looks: true });
});
