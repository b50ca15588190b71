import { describe, expect, test } from "vitest";
import { rollup } from "~/rollup.server";
import type { Day } from "~/services/rollup/day";
import { withConnection } from "../setup/server";
import {
  addClickEvent,
  addRequest,
  at,
  expectReadExact,
  expectStoredExact,
  makeShop,
  type TestShop,
} from "../support/shops";

const today = "2026-06-15" as Day;
const run = () => rollup.run({ trigger: "cron", today });

// Whether a click event counts depends on its request, which another transaction may be changing. Neither waits for the
// other, whatever their isolation. Only a server has two transactions open at once.

type Session = Parameters<Parameters<typeof withConnection>[1]>[0];

/** Two sessions that would rather fail than wait for a lock. */
function withSessions(work: (one: Session, two: Session) => Promise<void>): Promise<void> {
  const url = process.env.DATABASE_URL ?? "";
  return withConnection(url, (one) =>
    withConnection(url, async (two) => {
      for (const session of [one, two]) await session.query("set lock_timeout = '100ms'");
      await work(one, two);
    }),
  );
}

const setClicked = "update testimonial_requests set clicked_at = '2026-05-07' where id = $1";
const addEvent =
  "insert into testimonial_request_events (shop_id, request_id, event_type, event_at) values ($1, $2, 'clicked', '2026-05-09')";

async function expectExact(shop: TestShop): Promise<void> {
  await expectReadExact(shop, "2026-05-01", "2026-05-31");
  await run();
  await expectStoredExact(shop);
  await expectReadExact(shop, "2026-05-01", "2026-05-31");
}

describe.for(["read committed", "repeatable read", "serializable"])("with writers in %s", (level) => {
  test("a click event that commits before the clicked_at set beside it leaves its day exact", async () => {
    const shop = await makeShop();
    const { id } = await addRequest(shop);
    await withSessions(async (setter, adder) => {
      for (const session of [setter, adder]) await session.query(`begin isolation level ${level}`);
      await setter.query(setClicked, [id]);
      await adder.query(addEvent, [shop.id, id]);
      await adder.query("commit");
      await run();
      await expectReadExact(shop, "2026-05-01", "2026-05-31");
      await setter.query("commit");
    });
    await expectExact(shop);
  });

  test("a click event that commits after the clicked_at set beside it leaves its day exact", async () => {
    const shop = await makeShop();
    const { id } = await addRequest(shop);
    await withSessions(async (setter, adder) => {
      for (const session of [setter, adder]) await session.query(`begin isolation level ${level}`);
      await adder.query(addEvent, [shop.id, id]);
      await setter.query(setClicked, [id]);
      await setter.query("commit");
      await run();
      await expectReadExact(shop, "2026-05-01", "2026-05-31");
      await adder.query("commit");
    });
    await expectExact(shop);
  });

  test("clicked_at taken off beside a run that counts the day is found by the next read", async () => {
    const shop = await makeShop();
    const { id } = await addRequest(shop, { clickedAt: at("2026-05-07") });
    await addClickEvent(shop, id, at("2026-05-09"));
    await withSessions(async (setter) => {
      await setter.query(`begin isolation level ${level}`);
      await setter.query("update testimonial_requests set clicked_at = null where id = $1", [id]);
      await run();
      await expectReadExact(shop, "2026-05-01", "2026-05-31");
      await setter.query("commit");
    });
    await expectExact(shop);
  });
});

test("click events of several requests, added in different orders, wait for no request", async () => {
  const shop = await makeShop();
  const [one, two] = [await addRequest(shop), await addRequest(shop)];
  await withSessions(async (first, second) => {
    await first.query("begin");
    await second.query("begin");
    await first.query(addEvent, [shop.id, one.id]);
    await second.query(addEvent, [shop.id, two.id]);
    await first.query(addEvent, [shop.id, two.id]);
    await second.query(addEvent, [shop.id, one.id]);
    await first.query("commit");
    await second.query("commit");
  });
  await expectExact(shop);
});

test("a bulk update of requests beside an insert of their click events blocks neither", async () => {
  const shop = await makeShop();
  const requests = await Promise.all(Array.from({ length: 5 }, () => addRequest(shop)));
  await withSessions(async (updater, adder) => {
    await updater.query("begin");
    await updater.query("update testimonial_requests set status = 'clicked' where shop_id = $1", [shop.id]);
    await adder.query(
      `insert into testimonial_request_events (shop_id, request_id, event_type, event_at)
       select $1, r.id, 'clicked', '2026-05-09' from unnest($2::text[]) with ordinality r (id, n) order by n desc`,
      [shop.id, requests.map(({ id }) => id)],
    );
    await updater.query("commit");
  });
  await expectExact(shop);
});

test("a request that is deleted while its click event is held open takes its days along", async () => {
  const shop = await makeShop();
  const { id } = await addRequest(shop, { sentAt: at("2026-05-01") });
  await addClickEvent(shop, id, at("2026-05-09"));
  await run();
  await withSessions(async (deleter) => {
    await deleter.query("begin");
    await deleter.query("delete from testimonial_requests where id = $1", [id]);
    await run();
    await expectReadExact(shop, "2026-05-01", "2026-05-31");
    await deleter.query("commit");
  });
  await expectExact(shop);
  expect(await run()).toMatchObject({ remaining: 0 });
});
