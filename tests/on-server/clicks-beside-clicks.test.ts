import { expect, test } from "vitest";
import type { Day } from "~/services/rollup/day";
import { runRollup } from "~/services/rollup/run.server";
import { withConnection } from "../setup/server";
import { addClickEvent, addRequest, at, expectReadExact, expectStoredExact, makeShop } from "../support/shops";
import { waitFor } from "../support/wait";

const today = "2026-06-15" as Day;
const run = () => runRollup({ trigger: "cron", today });

// Whether a click event counts depends on its request, which another transaction may be changing. Only a server has
// two transactions open at once.

type Session = Parameters<Parameters<typeof withConnection>[1]>[0];

function withSessions(work: (one: Session, two: Session) => Promise<void>): Promise<void> {
  const url = process.env.DATABASE_URL ?? "";
  return withConnection(url, (one) => withConnection(url, (two) => work(one, two)));
}

async function isWaiting(observer: Session): Promise<boolean> {
  const { rows } = await observer.query(
    "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return rows.length > 0;
}

const setClicked = "update testimonial_requests set clicked_at = '2026-05-07' where id = $1";
const addEvent =
  "insert into testimonial_request_events (shop_id, request_id, event_type, event_at) values ($1, $2, 'clicked', '2026-05-09')";

test("a click event added while clicked_at is being set leaves its day exact", async () => {
  const shop = await makeShop();
  const { id } = await addRequest(shop);
  await run();
  await withSessions(async (setter, adder) => {
    await setter.query("begin");
    await setter.query(setClicked, [id]);
    const added = adder.query(addEvent, [shop.id, id]);
    await waitFor("the event to wait for the request", () => isWaiting(setter));
    await run();
    await setter.query("commit");
    await added;
  });
  await expectReadExact(shop, "2026-05-01", "2026-05-31");
  await run();
  await expectStoredExact(shop);
});

test("clicked_at set while a click event is being added leaves the event's day exact", async () => {
  const shop = await makeShop();
  const { id } = await addRequest(shop);
  await run();
  await withSessions(async (setter, adder) => {
    await adder.query("begin");
    await adder.query(addEvent, [shop.id, id]);
    const set = setter.query(setClicked, [id]);
    await waitFor("the request to wait for the event", () => isWaiting(adder));
    await adder.query("commit");
    await run();
    await set;
  });
  await expectReadExact(shop, "2026-05-01", "2026-05-31");
  await run();
  await expectStoredExact(shop);
});

test("two clicks on one request at once, each adding an event and setting clicked_at, don't block each other", async () => {
  const shop = await makeShop();
  const { id } = await addRequest(shop);
  await withSessions(async (one, two) => {
    await one.query("begin");
    await two.query("begin");
    await one.query(addEvent, [shop.id, id]);
    const second = two.query(addEvent, [shop.id, id]);
    await waitFor("the second event to wait for the first", () => isWaiting(one));
    await one.query(setClicked, [id]);
    await one.query("commit");
    await second;
    await two.query(setClicked, [id]);
    await two.query("commit");
  });
  await run();
  await expectStoredExact(shop);
});

test("a change of a click event that moves it to no other day doesn't wait for its request", async () => {
  const shop = await makeShop();
  const { id } = await addRequest(shop);
  const event = await addClickEvent(shop, id, at("2026-05-01"));
  await withSessions(async (holder, changer) => {
    await holder.query("begin");
    await holder.query("select from testimonial_requests where id = $1 for share", [id]);
    await changer.query("set lock_timeout = '5s'");
    const change = (set: string) =>
      changer.query(`update testimonial_request_events set ${set} where id = $1`, [event.id]);
    await change("event_at = event_at + interval '1 hour'");
    await change("event_type = 'opened'");
    await changer.query("set lock_timeout = '100ms'");
    await expect(change("event_type = 'clicked'")).rejects.toThrow("lock timeout");
  });
});
