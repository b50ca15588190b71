import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import * as rebuildRoute from "~/routes/jobs.rebuild";
import * as sealRoute from "~/routes/jobs.seal";
import * as sealRunRoute from "~/routes/jobs.seal_.$runId";
import type { Day } from "~/services/rollup/day";
import { settleSweeps } from "~/services/rollup/jobs/sweep-worker.server";
import { badDays, dayAllowed } from "./support/bad-ranges";
import { call, cron, operator } from "./support/call";
import { holdRebuild, holdSeal } from "./support/held-sweep";
import { type ExpectedIssue, expectRefused } from "./support/refusal";
import { readSeal } from "./support/seals";
import { addRequest, at, makeShop, type TestShop } from "./support/shops";

const before = "2026-05-01";

afterEach(async () => {
  await settleSweeps(rollup.engine);
  await db.shop.deleteMany();
  await db.rollupRun.deleteMany();
});

async function makeRightShop(): Promise<TestShop> {
  const shop = await makeShop();
  for (const day of ["2026-03-10", "2026-04-10", "2026-05-10"]) await addRequest(shop, { sentAt: at(day) });
  await rollup.run({ trigger: "cron", today: "2026-06-15" as Day });
  return shop;
}

function post(body: unknown, headers: Record<string, string> = operator): Promise<Response> {
  return call(sealRoute, "/jobs/seal", { method: "POST", headers, body: JSON.stringify(body) });
}

function ask(runId: string, method: "GET" | "DELETE" = "GET"): Promise<Response> {
  return call(sealRunRoute, `/jobs/seal/${runId}`, { method, headers: operator, params: { runId } });
}

async function expectBadInput(body: unknown, ...issues: ExpectedIssue[]): Promise<void> {
  await expectRefused(() => post(body), { status: 400, code: "bad_input", issues });
}

describe("POST /jobs/seal", () => {
  test("seals right days, and its run tells how far it is and what it did", async () => {
    const shop = await makeRightShop();
    const response = await post({ shopId: shop.id, before });
    expect(response.status).toBe(202);
    const opened = await response.json();
    expect(opened).toMatchObject({ shopId: shop.id, before, dryRun: false, total: 1 });
    await settleSweeps(rollup.engine);
    const ended = await ask(opened.runId);
    expect(ended.status).toBe(200);
    expect(await ended.json()).toEqual({
      runId: opened.runId,
      status: "ok",
      shopId: shop.id,
      before,
      dryRun: false,
      done: 1,
      total: 1,
      etaMs: null,
      shops: 1,
      days: 2,
      failedShops: [],
      startedAt: expect.any(String),
      finishedAt: expect.any(String),
      durationMs: expect.any(Number),
      pausedMs: 0,
    });
    expect(await readSeal(shop)).toEqual({ sealedUntil: before, sealedRows: 2 });
  });

  test("a dry run is 202 as well, and seals nothing", async () => {
    const shop = await makeRightShop();
    const { runId } = await (await post({ before, dryRun: true })).json();
    await settleSweeps(rollup.engine);
    expect(await (await ask(runId)).json()).toMatchObject({ status: "ok", dryRun: true, shops: 1, days: 2 });
    expect(await readSeal(shop)).toEqual({ sealedUntil: null, sealedRows: null });
  });

  test("takes POST alone, of the operator alone", async () => {
    await expectRefused(() => call(sealRoute, "/jobs/seal", { headers: operator }), { status: 405 });
    for (const headers of [{}, cron, { Authorization: "Bearer wrong" }]) {
      await expectRefused(() => post({ before }, headers as Record<string, string>), { status: 401 });
    }
  });

  test.for(badDays)("the day %j is refused", (value) =>
    expectBadInput({ before: value }, { field: "before", value, allowed: dayAllowed }),
  );

  test("today, and a day to come, are refused: by the database's clock", async () => {
    const today = new Date().toISOString().slice(0, 10);
    const allowed = new RegExp(`must be before today, ${today}`);
    await expectBadInput({ before: today }, { field: "before", value: today, allowed });
    await expectBadInput({ before: "2999-12-31" }, { field: "before", value: "2999-12-31", allowed });
  });

  test("a day before the shop's first is refused, and of a shop without data any", async () => {
    const [shop, empty] = [await makeRightShop(), await makeShop()];
    await expectBadInput(
      { shopId: shop.id, before: "2026-03-10" },
      { field: "before", value: "2026-03-10", allowed: /after the shop's first day with data, 2026-03-10/ },
    );
    await expectBadInput(
      { shopId: empty.id, before },
      { field: "before", value: before, allowed: /the shop has no day with data/ },
    );
  });

  test("fields that are not known, and values that are none, are named", async () => {
    await expectBadInput(
      { before, dryRun: 1, fromDate: "2026-01-01" },
      { field: "dryRun", value: 1, allowed: /true or false/ },
      { field: "fromDate", value: "2026-01-01", allowed: /not a known field/ },
    );
    await expectBadInput({ before, shopId: "" }, { field: "shopId", value: "", allowed: /1 to 255 characters/ });
    await expectBadInput({}, { field: "before", value: null, allowed: dayAllowed });
  });

  test("a shop that is not there is 404", async () => {
    await expectRefused(() => post({ shopId: "nobody", before }), {
      status: 404,
      code: "unknown_shop",
      issues: [{ field: "shopId", value: "nobody", allowed: /id of a shop/ }],
    });
  });

  test("a second seal of the same days is 409, one of another shop is not", async () => {
    const [shop, other] = [await makeRightShop(), await makeRightShop()];
    const runId = await holdSeal({ shopId: shop.id, before: "2026-04-01" });
    for (const body of [{ before }, { shopId: shop.id, before }]) {
      await expectRefused(() => post(body), {
        status: 409,
        code: "overlap",
        issues: [{ field: "before", value: before, allowed: new RegExp(`overlaps the running seal ${runId}`) }],
      });
    }
    expect((await post({ shopId: other.id, before })).status).toBe(202);
  });

  test("one beside a rebuild of the same days is 409, and a rebuild beside a seal, too", async () => {
    const shop = await makeRightShop();
    const rebuildId = await holdRebuild({ shopId: shop.id, from: "2026-04-30", to: "2026-05-31" });
    const overlap = (field: string, value: string, run: string) => ({
      ...{ status: 409, code: "overlap" },
      issues: [{ field, value, allowed: new RegExp(`overlaps the running ${run}`) }],
    });
    await expectRefused(() => post({ before }), overlap("before", before, `rebuild ${rebuildId}`));
    expect((await post({ before: "2026-04-30" })).status).toBe(202);
    await settleSweeps(rollup.engine);
    await db.rollupRun.deleteMany();
    await db.rollupShop.updateMany({ data: { sealedUntil: null } });
    const sealId = await holdSeal({ before });
    const body = (fromDate: string) => JSON.stringify({ shopId: shop.id, fromDate, toDate: "2026-05-31" });
    const rebuild = (fromDate: string) =>
      call(rebuildRoute, "/jobs/rebuild", { method: "POST", headers: operator, body: body(fromDate) });
    await expectRefused(() => rebuild("2026-04-30"), overlap("fromDate", "2026-04-30", `seal ${sealId}`));
    expect((await rebuild("2026-05-01")).status).toBe(202);
  });
});

describe("/jobs/seal/:runId", () => {
  test("a run that is not there, or is a rebuild's, is 404", async () => {
    const rebuildId = await holdRebuild({ from: "2026-04-30", to: "2026-05-31" });
    for (const runId of [randomUUID(), rebuildId]) {
      const issues = [{ field: "runId", value: runId, allowed: /id of a seal/ }];
      await expectRefused(() => ask(runId), { status: 404, code: "unknown_run", issues });
      await expectRefused(() => ask(runId, "DELETE"), { status: 404, code: "unknown_run", issues });
    }
  });

  test("DELETE cancels a running seal", async () => {
    const runId = await holdSeal({ before });
    const response = await ask(runId, "DELETE");
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ runId, status: "cancelled", before });
  });
});

describe("a rebuild of sealed days", () => {
  test("is 409 with the day up to which they are sealed", async () => {
    const shop = await makeRightShop();
    await post({ before });
    await settleSweeps(rollup.engine);
    const rebuild = (body: object) =>
      call(rebuildRoute, "/jobs/rebuild", { method: "POST", headers: operator, body: JSON.stringify(body) });
    const range = { fromDate: "2026-04-01", toDate: "2026-05-31" };
    await expectRefused(() => rebuild(range), {
      status: 409,
      code: "sealed",
      issues: [{ field: "fromDate", value: "2026-04-01", allowed: /must be 2026-05-01 or later, or "unseal" be true/ }],
    });
    await expectRefused(() => rebuild({ ...range, unseal: "yes" }), {
      status: 400,
      issues: [{ field: "unseal", value: "yes", allowed: /true or false/ }],
    });
    await db.testimonialRequest.deleteMany({ where: { shopId: shop.id } });
    await expectRefused(() => rebuild({ ...range, shopId: shop.id, unseal: true }), {
      status: 409,
      code: "not_unsealed",
      issues: [{ field: "unseal", value: true, allowed: /can't be done/ }],
    });
  });
});
