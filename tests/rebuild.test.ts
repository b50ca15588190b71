import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import { createRollup } from "~/services/rollup";
import { type Day, toRange } from "~/services/rollup/day";
import type { RebuildProgress, RebuildRequest } from "~/services/rollup/jobs/rebuild.server";
import { resumeSweeps, settleSweeps } from "~/services/rollup/jobs/sweep-worker.server";
import { allCountsOf, countsOf } from "./support/counts";
import { bypassTriggers, poison } from "./support/faults";
import {
  addRequest,
  addSubmission,
  at,
  expectReadExact,
  expectStoredExact,
  listMarkedDays,
  makeShop,
  readStoredRows,
  type TestShop,
} from "./support/shops";
import { isServer } from "./support/writers";

const today = "2026-06-15" as Day;
const may = toRange("2026-05-01" as Day, "2026-05-31" as Day);

/** A shop with three active days, whose rows are right and then made wrong behind the change log's back. */
async function makeDriftedShop(): Promise<TestShop> {
  const shop = await makeShop();
  for (const day of ["2026-04-30", "2026-05-01", "2026-05-31"]) await addRequest(shop, { sentAt: at(day) });
  await addSubmission(shop, { submittedAt: at("2026-05-31"), mediaType: "video" });
  await rollup.run({ trigger: "cron", today });
  await bypassTriggers(
    `update testimonial_daily_analytics set requests_sent = 7 where shop_id = '${shop.id}'`,
    `insert into testimonial_daily_analytics (shop_id, date, photo_submissions_count) values ('${shop.id}', '2026-05-20', 3)`,
    `delete from testimonial_daily_analytics where shop_id = '${shop.id}' and date = '2026-05-31'`,
  );
  return shop;
}

async function rebuild(request: RebuildRequest): Promise<RebuildProgress> {
  const started = await rollup.startRebuild(request);
  if (typeof started !== "string") throw new Error(`The rebuild was refused: ${JSON.stringify(started)}`);
  await settleSweeps(rollup.engine);
  return (await rollup.getRebuild(started)) as RebuildProgress;
}

/** A rebuild as a killed process leaves it: running, with a cursor, and a lease that has passed. */
async function leaveRebuildBehind(shops: TestShop[], shopId?: string): Promise<{ id: string; done: TestShop }> {
  const [done] = [...shops].sort((a, b) => (a.id < b.id ? -1 : 1)) as [TestShop];
  const { id } = await db.rollupRun.create({
    data: {
      kind: "rebuild",
      trigger: "operator",
      shopId,
      fromDate: at("2026-05-01"),
      toDate: at("2026-05-31"),
      total: shops.length,
      done: shopId ? 0 : 1,
      cursor: shopId ? null : done.id,
      leaseOwner: "a process that was killed",
      leaseUntil: new Date(Date.now() - 1_000),
    },
  });
  return { id, done };
}

/** Has another process take each rebuild as soon as this one has begun it, and die. Returns the function that ends that. */
async function stealLeases(): Promise<() => Promise<void>> {
  await db.$executeRawUnsafe(`
create function steal_lease() returns trigger language plpgsql as $$
begin
  new.lease_owner := 'a process that died';
  new.lease_until := timezone('utc', now()) - interval '1 second';
  return new;
end $$`);
  await db.$executeRawUnsafe(`
create trigger steal_lease before update on rollup_runs
for each row when (new.kind = 'rebuild' and old.lease_owner is distinct from new.lease_owner)
execute function steal_lease()`);
  return async () => {
    await db.$executeRawUnsafe("drop function steal_lease cascade");
  };
}

/** Notes how many shops each step of a rebuild passes. Returns the function that ends that. */
async function notePasses(): Promise<() => Promise<void>> {
  await db.$executeRawUnsafe("create table passes (number serial, shops int)");
  await db.$executeRawUnsafe(`
create function note_pass() returns trigger language plpgsql as $$
begin
  insert into passes (shops) values (new.done - old.done);
  return new;
end $$`);
  await db.$executeRawUnsafe(`
create trigger note_pass before update on rollup_runs
for each row when (new.done > old.done)
execute function note_pass()`);
  return async () => {
    await db.$executeRawUnsafe("drop function note_pass cascade");
    await db.$executeRawUnsafe("drop table passes");
  };
}

describe("a rebuild", () => {
  test("makes the rows of its range right, and leaves other days and shops alone", async () => {
    const [shop, other] = [await makeDriftedShop(), await makeDriftedShop()];
    const result = await rebuild({ shopId: shop.id, range: may });
    expect(result).toMatchObject({
      status: "ok",
      done: 1,
      total: 1,
      days: 3,
      rowsWritten: 2,
      rowsDeleted: 1,
      etaMs: null,
    });
    expect(await readStoredRows(shop)).toEqual(
      new Map([
        ["2026-04-30", countsOf({ requestsSent: 7 })],
        ["2026-05-01", countsOf({ requestsSent: 1 })],
        ["2026-05-31", countsOf({ requestsSent: 1, submissionsCount: 1, videoSubmissionsCount: 1 })],
      ]),
    );
    expect((await readStoredRows(other)).get("2026-05-01")).toEqual(countsOf({ requestsSent: 7 }));
  });

  test("of all shops goes through each of them, and twice is once", async () => {
    const shops = [await makeDriftedShop(), await makeDriftedShop(), await makeDriftedShop()];
    const all = toRange("2026-04-01" as Day, "2026-05-31" as Day);
    const first = await rebuild({ range: all });
    expect(first).toMatchObject({ status: "ok", done: first.total, failedShops: [] });
    for (const shop of shops) await expectStoredExact(shop);
    expect(await rebuild({ range: all })).toMatchObject({ status: "ok", rowsWritten: 0, rowsDeleted: 0 });
  });

  test("takes the marks of its range and leaves the others", async () => {
    const shop = await makeShop();
    for (const day of ["2026-04-30", "2026-05-10", "2026-06-01"]) await addRequest(shop, { sentAt: at(day) });
    await rebuild({ shopId: shop.id, range: may });
    expect(await listMarkedDays(shop)).toEqual(["2026-04-30", "2026-06-01"]);
    await expectReadExact(shop, "2026-04-01", "2026-06-30");
  });

  test("is refused while another one covers some of the same days of the same shop", async () => {
    const [shop, other] = [await makeShop(), await makeShop()];
    const { id } = await leaveRebuildBehind([shop], shop.id);
    const edge = toRange("2026-05-31" as Day, "2026-06-30" as Day);
    expect(await rollup.startRebuild({ shopId: shop.id, range: may })).toEqual({ overlaps: id, kind: "rebuild" });
    expect(await rollup.startRebuild({ shopId: shop.id, range: edge })).toEqual({ overlaps: id, kind: "rebuild" });
    expect(await rollup.startRebuild({ range: edge })).toEqual({ overlaps: id, kind: "rebuild" });
    expect(await rebuild({ shopId: other.id, range: may })).toMatchObject({ status: "ok" });
    expect(await rebuild({ shopId: shop.id, range: toRange("2026-06-01" as Day, "2026-06-30" as Day) })).toMatchObject({
      status: "ok",
    });
    expect(await rebuild({ shopId: shop.id, range: may, dryRun: true })).toMatchObject({ status: "ok" });
    await rollup.cancelRebuild(id);
  });

  test("started twice at once runs once", async () => {
    const shop = await makeDriftedShop();
    const started = await Promise.all([1, 2, 3, 4].map(() => rollup.startRebuild({ shopId: shop.id, range: may })));
    await settleSweeps(rollup.engine);
    // On one connection the first may be over before the second begins; they never run side by side.
    const opened = started.filter((one) => typeof one === "string");
    expect(opened.length).toBeGreaterThanOrEqual(1);
    if (isServer) expect(opened.length).toBeLessThan(4);
    expect((await readStoredRows(shop)).get("2026-05-01")).toEqual(countsOf({ requestsSent: 1 }));
  });

  test("whose process was killed goes on behind the last shop that was done", async () => {
    const shops = [await makeDriftedShop(), await makeDriftedShop(), await makeDriftedShop()];
    const { id, done } = await leaveRebuildBehind(shops);
    await resumeSweeps(rollup.engine);
    await settleSweeps(rollup.engine);
    expect(await rollup.getRebuild(id)).toMatchObject({ status: "ok", failedShops: [] });
    for (const shop of shops) {
      const may1 = (await readStoredRows(shop)).get("2026-05-01");
      expect(may1).toEqual(countsOf({ requestsSent: shop.id === done.id ? 7 : 1 }));
    }
  });

  test("that is alive in another process is left to it", async () => {
    const shop = await makeDriftedShop();
    const { id } = await leaveRebuildBehind([shop], shop.id);
    await db.rollupRun.update({ where: { id }, data: { leaseUntil: new Date(Date.now() + 60_000) } });
    await resumeSweeps(rollup.engine);
    await settleSweeps(rollup.engine);
    expect(await rollup.getRebuild(id)).toMatchObject({ status: "running", done: 0 });
    await rollup.cancelRebuild(id);
  });

  test("that is cancelled stays cancelled", async () => {
    const shop = await makeDriftedShop();
    const { id } = await leaveRebuildBehind([shop], shop.id);
    expect(await rollup.cancelRebuild(id)).toMatchObject({ status: "cancelled" });
    await resumeSweeps(rollup.engine);
    await settleSweeps(rollup.engine);
    expect(await rollup.getRebuild(id)).toMatchObject({ status: "cancelled", done: 0 });
    expect((await readStoredRows(shop)).get("2026-05-01")).toEqual(countsOf({ requestsSent: 7 }));
    expect(await rollup.cancelRebuild("no such run")).toBeNull();
  });

  test("that was taken over by a process that died is let go, whatever it is at, and ends when it is taken up again", async () => {
    const [shop, poisoned] = [await makeDriftedShop(), await makeDriftedShop()];
    const endStealing = await stealLeases();
    const cure = await poison(poisoned);
    const ids = [
      await rollup.startRebuild({ shopId: shop.id, range: may }),
      await rollup.startRebuild({ shopId: shop.id, range: may, dryRun: true }),
      await rollup.startRebuild({ shopId: poisoned.id, range: may }),
    ].map(String);
    await settleSweeps(rollup.engine);
    for (const id of ids) expect(await rollup.getRebuild(id)).toMatchObject({ status: "running", done: 0 });

    await endStealing();
    await cure();
    await resumeSweeps(rollup.engine);
    await settleSweeps(rollup.engine);
    for (const id of ids) expect(await rollup.getRebuild(id)).toMatchObject({ status: "ok", done: 1, failedShops: [] });
  });

  test("halves a batch for a shop that fails, and takes whole batches again after it", async () => {
    await db.shop.deleteMany();
    const shops = [];
    for (let index = 0; index < 12; index += 1) shops.push(await makeShop());
    const [first] = shops.sort((a, b) => (a.id < b.id ? -1 : 1)) as [TestShop];
    await addRequest(first, { sentAt: at("2026-05-01") });
    const cures = [await poison(first), await notePasses()];
    const inBatchesOfFour = createRollup(rollup.definition, { ...rollup.engine, settings: { batchShops: 4 } });
    await inBatchesOfFour.startRebuild({ range: may });
    await inBatchesOfFour.settle();
    const passes = await db.$queryRawUnsafe<{ shops: number }[]>("select shops from passes order by number");
    for (const cure of cures) await cure();
    expect(passes.map((pass) => pass.shops)).toEqual([1, 1, 2, 4, 4]);
  });

  test("passes a shop that fails, says so, and leaves its days marked for the runs to come", async () => {
    const [shop, poisoned] = [await makeDriftedShop(), await makeDriftedShop()];
    const cure = await poison(poisoned);
    const result = await rebuild({ range: may });
    await cure();
    expect(result).toMatchObject({
      status: "partial",
      done: result.total,
      failedShops: [{ shopId: poisoned.id, error: expect.stringContaining("poisoned on purpose") }],
    });
    expect((await readStoredRows(shop)).get("2026-05-01")).toEqual(countsOf({ requestsSent: 1 }));
    expect(await listMarkedDays(poisoned)).toEqual(["2026-05-01", "2026-05-20", "2026-05-31"]);
    await expectReadExact(poisoned, "2026-05-01", "2026-05-31");
    await rollup.run({ trigger: "cron", today });
    expect((await readStoredRows(poisoned)).get("2026-05-20")).toBeUndefined();
  });
});

describe("a dry run", () => {
  test("says which shop, day and metric would change, and changes nothing", async () => {
    const shop = await makeDriftedShop();
    const before = await readStoredRows(shop);
    const result = await rebuild({ shopId: shop.id, range: may, dryRun: true });
    const day = (date: string, stored: object | null, live: object | null) => ({
      shopId: shop.id,
      date,
      stored: stored && allCountsOf(stored),
      live: live && allCountsOf(live),
    });
    expect(result).toMatchObject({ status: "ok", dryRun: true, done: 1, total: 1, rowsWritten: 0, rowsDeleted: 0 });
    expect(result.changed).toBe(3);
    expect(result.changes).toEqual([
      day("2026-05-01", { requestsSent: 7 }, { requestsSent: 1 }),
      day("2026-05-20", { photoSubmissionsCount: 3 }, null),
      day("2026-05-31", null, { requestsSent: 1, submissionsCount: 1, videoSubmissionsCount: 1 }),
    ]);
    expect(await readStoredRows(shop)).toEqual(before);
    expect(await listMarkedDays(shop)).toEqual([]);
  });
});
