import { describe, expect, test } from "vitest";
import { db } from "~/db.server";
import * as rebuildRoute from "~/routes/jobs.rebuild";
import * as rebuildRunRoute from "~/routes/jobs.rebuild_.$runId";
import { call, operator } from "./support/call";
import { allCountsOf, countsOf } from "./support/counts";
import { holdRebuild } from "./support/held-sweep";
import { expectRefused } from "./support/refusal";
import { addRequest, at, dropMarks, expectStoredExact, makeShop, readStoredRows, type TestShop } from "./support/shops";
import { waitFor } from "./support/wait";

const instant = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);

function start(body: object): Promise<Response> {
  return call(rebuildRoute, "/jobs/rebuild", { method: "POST", headers: operator, body: JSON.stringify(body) });
}

function ask(runId: string, method = "GET"): Promise<Response> {
  return call(rebuildRunRoute, `/jobs/rebuild/${runId}`, { method, headers: operator, params: { runId } });
}

async function waitForEnd(runId: string): Promise<Record<string, unknown>> {
  return waitFor("the end of the rebuild", async () => {
    const progress = await (await ask(runId)).json();
    return progress.status === "running" ? undefined : progress;
  });
}

/** A shop whose stored rows are wrong although nothing is marked. */
async function makeDriftedShop(): Promise<TestShop> {
  const shop = await makeShop();
  await addRequest(shop, { sentAt: at("2025-01-31") });
  await addRequest(shop, { sentAt: at("2025-02-28", "23:59:59.999") });
  await addRequest(shop, { sentAt: at("2025-03-01", "00:00:00.000") });
  await dropMarks(shop);
  return shop;
}

describe("POST /jobs/rebuild", () => {
  test("rebuilds both ends of the range and tells its progress under the run's id", async () => {
    const shop = await makeDriftedShop();
    const response = await start({ shopId: shop.id, fromDate: "2025-01-31", toDate: "2025-02-28" });
    const started = await response.json();

    expect(response.status).toBe(202);
    expect(started).toMatchObject({
      runId: expect.any(String),
      shopId: shop.id,
      fromDate: "2025-01-31",
      toDate: "2025-02-28",
      dryRun: false,
      unseal: false,
      total: 1,
      startedAt: instant,
    });
    expect(await waitForEnd(started.runId)).toEqual({
      runId: started.runId,
      status: "ok",
      shopId: shop.id,
      fromDate: "2025-01-31",
      toDate: "2025-02-28",
      dryRun: false,
      unseal: false,
      done: 1,
      total: 1,
      etaMs: null,
      days: 2,
      rowsWritten: 2,
      rowsDeleted: 0,
      failedShops: [],
      remaining: expect.any(Number),
      startedAt: instant,
      finishedAt: instant,
      durationMs: expect.any(Number),
      pausedMs: 0,
    });
    expect(await readStoredRows(shop)).toEqual(
      new Map([
        ["2025-01-31", countsOf({ requestsSent: 1 })],
        ["2025-02-28", countsOf({ requestsSent: 1 })],
      ]),
    );
  });

  test("without a shop it rebuilds every shop", async () => {
    const shops = [await makeDriftedShop(), await makeDriftedShop()];
    const { runId, total } = await (await start({ fromDate: "2025-01-01", toDate: "2025-12-31" })).json();
    expect(total).toBe(await db.shop.count());
    expect(await waitForEnd(runId)).toMatchObject({ status: "ok", shopId: null, done: total, total });
    for (const shop of shops) await expectStoredExact(shop);
  });

  test("a dry run says which shop, day and metric would change, and changes nothing", async () => {
    const shop = await makeDriftedShop();
    const response = await start({ shopId: shop.id, fromDate: "2025-02-01", toDate: "2025-12-31", dryRun: true });
    expect(response.status).toBe(202);
    const { runId } = await response.json();
    expect(await waitForEnd(runId)).toMatchObject({
      status: "ok",
      dryRun: true,
      rowsWritten: 0,
      rowsDeleted: 0,
      changed: 2,
      changes: [
        {
          shopId: shop.id,
          date: "2025-02-28",
          metrics: ["requestsSent"],
          stored: null,
          live: allCountsOf({ requestsSent: 1 }),
        },
        {
          shopId: shop.id,
          date: "2025-03-01",
          metrics: ["requestsSent"],
          stored: null,
          live: allCountsOf({ requestsSent: 1 }),
        },
      ],
    });
    expect(await readStoredRows(shop)).toEqual(new Map());
  });

  test("DELETE cancels a running rebuild, and asked again says the same", async () => {
    const shop = await makeShop();
    const runId = await holdRebuild({ shopId: shop.id, from: "2025-01-01", to: "2025-01-31" });
    expect(await (await ask(runId)).json()).toMatchObject({ status: "running", finishedAt: null, done: 0 });
    const cancelled = await ask(runId, "DELETE");
    expect(cancelled.status).toBe(200);
    const progress = await cancelled.json();
    expect(progress).toMatchObject({ runId, status: "cancelled", finishedAt: instant });
    expect(await (await ask(runId, "DELETE")).json()).toEqual(progress);
    expect(await (await ask(runId)).json()).toEqual(progress);
  });

  test("POST goes on with a cancelled one after the last shop that it did", async () => {
    await db.shop.deleteMany();
    const [first, second] = (await Promise.all([makeDriftedShop(), makeDriftedShop()])).toSorted((a, b) =>
      a.id < b.id ? -1 : 1,
    );
    const runId = await holdRebuild({ from: "2025-01-01", to: "2025-12-31" });
    await db.rollupRun.update({ where: { id: runId }, data: { cursor: first?.id, done: 1, total: 2 } });
    await ask(runId, "DELETE");
    const before = await readStoredRows(first as TestShop);
    const resumed = await ask(runId, "POST");
    expect(resumed.status).toBe(202);
    expect(await resumed.json()).toMatchObject({ runId, status: "running", done: 1, total: 2, finishedAt: null });
    expect(await waitForEnd(runId)).toMatchObject({ status: "ok", done: 2, total: 2, failedShops: [] });
    await expectStoredExact(second as TestShop);
    expect(await readStoredRows(first as TestShop)).toEqual(before);
  });

  test("the day that a rebuild stood cancelled counts neither as its duration nor in what it takes still", async () => {
    await db.shop.deleteMany();
    await Promise.all([makeShop(), makeShop()]);
    const runId = await holdRebuild({ from: "2025-01-01", to: "2025-12-31" });
    await db.rollupRun.update({ where: { id: runId }, data: { done: 1, total: 2 } });
    await ask(runId, "DELETE");
    const hour = 3_600_000;
    const ago = (hours: number) => new Date(Date.now() - hours * hour);
    await db.rollupRun.update({ where: { id: runId }, data: { startedAt: ago(26), finishedAt: ago(24) } });
    const isAbout = (hours: number) => (ms: number) => Math.abs(ms - hours * hour) < 60_000;
    expect(await (await ask(runId, "POST")).json()).toMatchObject({
      pausedMs: expect.toSatisfy(isAbout(24)),
      etaMs: expect.toSatisfy(isAbout(2)),
    });
    expect(await waitForEnd(runId)).toMatchObject({ durationMs: expect.toSatisfy(isAbout(2)) });
  });

  test("POST refuses a rebuild that was not cancelled, and one that a running one overlaps with", async () => {
    const shop = await makeShop();
    const year = { shopId: shop.id, from: "2025-01-01", to: "2025-12-31" };
    const runId = await holdRebuild(year);
    const issue = { field: "runId", value: runId, allowed: /id of a cancelled rebuild/ };
    await expectRefused(() => ask(runId, "POST"), { status: 409, code: "not_cancelled", issues: [issue] });
    await ask(runId, "DELETE");
    const other = await holdRebuild(year);
    const overlap = { field: "fromDate", value: null, allowed: new RegExp(`overlaps the running rebuild ${other}`) };
    await expectRefused(() => ask(runId, "POST"), { status: 409, code: "overlap", issues: [overlap] });
  });

  test("DELETE leaves a rebuild that has ended as it ended", async () => {
    const shop = await makeDriftedShop();
    const { runId } = await (await start({ shopId: shop.id, fromDate: "2025-01-01", toDate: "2025-12-31" })).json();
    const ended = await waitForEnd(runId);
    expect(await (await ask(runId, "DELETE")).json()).toEqual(ended);
  });
});

describe("a rebuild that is not there", () => {
  test.for(["GET", "DELETE", "POST"])("%s of an unknown run answers 404", async (method) => {
    const rollup = await db.rollupRun.create({ data: { kind: "rollup", trigger: "cron", status: "ok" } });
    for (const runId of ["none", rollup.id, "__proto__", "%", "'; drop table shops; --", "\ud83d\ude00"]) {
      await expectRefused(() => ask(runId, method), {
        status: 404,
        code: "unknown_run",
        issues: [{ field: "runId", value: runId, allowed: /id of a rebuild/ }],
      });
    }
  });

  test.for(["", "a\u0000b", "\u0000", "line\nbreak", "\u007f", "\ud800", "x".repeat(256)])(
    "the run id %j is refused",
    async (runId) => {
      await expectRefused(() => ask(runId), {
        status: 400,
        issues: [{ field: "runId", value: expect.any(String), allowed: /1 to 255 characters/ }],
      });
    },
  );

  test.for(["PUT", "PATCH", "HEAD", "OPTIONS"])("%s on a run is not allowed", async (method) => {
    const response = await expectRefused(() => ask("none", method), { status: 405 });
    expect(response.headers.get("Allow")).toBe("GET, DELETE, POST");
  });
});
