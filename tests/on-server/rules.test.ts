import { describe, expect, test } from "vitest";
import { countsOf } from "../support/counts";
import {
  makeLateTakingRecount,
  makeUnlockedRecount,
  mergeMarks,
  type Recount,
  recountByApp,
  resolveAtWriteTime,
} from "../support/hammer/mutants";
import { withSession } from "../support/hammer/session";
import { holdWrites } from "../support/hammer/slow-writes";
import {
  addClickEvent,
  addRequest,
  at,
  expectReadExact,
  expectStoredExact,
  listMarkedDays,
  makeShop,
  readStoredRows,
  type TestShop,
} from "../support/shops";

// Each rule of the recount against the one order of events that it is there for, and the same order without the rule:
// the second of two requests of a day is lost for good. Only a server has two transactions open at once.

const day = "2026-05-01";
const add = (shop: TestShop) => addRequest(shop, { sentAt: at(day) });

/** Of two recounts the older one, which knows of one request, writes last. */
async function overtake(recount: Recount): Promise<TestShop> {
  const shop = await makeShop();
  await add(shop);
  let older: Promise<unknown> = Promise.resolve();
  await holdWrites({ shopId: shop.id, requestsSent: 1 }, async (untilHeld) => {
    older = recount([shop.id]);
    await untilHeld();
    await add(shop);
    await recount([shop.id]);
  });
  await older;
  return shop;
}

/** A writer commits after a recount has counted and before it is done. */
async function commitBeside(recount: Recount): Promise<TestShop> {
  const shop = await makeShop();
  await add(shop);
  let recounted: Promise<unknown> = Promise.resolve();
  await holdWrites({ shopId: shop.id, requestsSent: 1 }, async (untilHeld) => {
    recounted = recount([shop.id]);
    await untilHeld();
    await add(shop);
  });
  await recounted;
  return shop;
}

/** A writer is open, its day marked by another one already, while a recount takes the day's marks. */
async function recountBeside(): Promise<TestShop> {
  const shop = await makeShop();
  await add(shop);
  await withSession(async (writer) => {
    await writer.query("begin");
    await writer.query("insert into testimonial_requests (shop_id, sent_at) values ($1, $2::timestamp)", [
      shop.id,
      day,
    ]);
    await recountByApp([shop.id]);
    await writer.query("commit");
  });
  return shop;
}

/** A request's click time is set in a transaction that sees no click event; one is added, and a run counts it, meanwhile. */
async function clickBeside(): Promise<TestShop> {
  const shop = await makeShop();
  const { id } = await addRequest(shop);
  await withSession(async (setter) => {
    await setter.query("begin");
    await setter.query("update testimonial_requests set clicked_at = '2026-04-30' where id = $1", [id]);
    await addClickEvent(shop, id, at(day));
    await recountByApp([shop.id]);
    await setter.query("commit");
  });
  return shop;
}

async function expectExact(shop: TestShop): Promise<void> {
  await expectReadExact(shop, day, day);
  await recountByApp([shop.id]);
  await expectStoredExact(shop);
  expect(await readStoredRows(shop)).toEqual(new Map([[day, countsOf({ requestsSent: 2 })]]));
}

/** The day is wrong, and nothing says so. */
async function expectLost(shop: TestShop): Promise<void> {
  expect(await listMarkedDays(shop)).toEqual([]);
  expect(await readStoredRows(shop)).toEqual(new Map([[day, countsOf({ requestsSent: 1 })]]));
  await expect(expectReadExact(shop, day, day)).rejects.toThrow("expected");
  await expect(expectStoredExact(shop)).rejects.toThrow("expected");
}

describe("one recount of a shop at a time", () => {
  test("keeps an older count from overwriting a newer one", async () => {
    await expectExact(await overtake(recountByApp));
  });

  test("is what does it: without the lock the older count stays", async () => {
    await expectLost(await overtake(await makeUnlockedRecount()));
  });
});

describe("taking marks before counting", () => {
  test("leaves the mark of a writer that commits beside it", async () => {
    await expectExact(await commitBeside(recountByApp));
  });

  test("is what does it: taken after the count, the mark goes uncounted", async () => {
    await expectLost(await commitBeside(await makeLateTakingRecount()));
  });
});

describe("a mark of its own for every change", () => {
  test("survives a recount that takes the day's other marks", async () => {
    await expectExact(await recountBeside());
  });

  test("is what does it: merged into another's, it goes with that one", async () => {
    const cure = await mergeMarks();
    await expectLost(await recountBeside());
    await cure();
  });
});

describe("a mark that names the request whose click time is set", () => {
  test("is resolved where it is taken, to a click event that the setter never saw", async () => {
    const shop = await clickBeside();
    await expectReadExact(shop, "2026-04-30", day);
    await recountByApp([shop.id]);
    await expectStoredExact(shop);
    expect(await readStoredRows(shop)).toEqual(new Map([["2026-04-30", countsOf({ requestsClicked: 1 })]]));
  });

  test("is what does it: resolved by the setter, the event's day stays wrong", async () => {
    const cure = await resolveAtWriteTime();
    const shop = await clickBeside();
    await cure();
    await expect(expectReadExact(shop, "2026-04-30", day)).rejects.toThrow("expected");
    await recountByApp([shop.id]);
    await expect(expectStoredExact(shop)).rejects.toThrow("expected");
  });
});
