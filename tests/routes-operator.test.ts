import { afterEach, describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import * as markRoute from "~/routes/jobs.mark";
import * as runsRoute from "~/routes/jobs.runs";
import * as runRoute from "~/routes/jobs.runs_.$runId";
import * as statusRoute from "~/routes/jobs.status";
import { type Day, toDay } from "~/services/rollup/day";
import { call, operator } from "./support/call";
import { expectRefused } from "./support/refusal";
import {
  addRequest,
  at,
  dropMarks,
  expectReadExact,
  expectStoredExact,
  listMarkedDays,
  makeShop,
} from "./support/shops";

const today = toDay(new Date());

afterEach(async () => {
  await db.shop.deleteMany();
  await db.rollupRun.deleteMany();
  await dropMarks();
});

function get(route: typeof runsRoute, path: string, runId?: string): Promise<Response> {
  return call(route, path, { headers: operator, params: runId === undefined ? {} : { runId } });
}

function mark(body: unknown): Promise<Response> {
  return call(markRoute, "/jobs/mark", { method: "POST", headers: operator, body: JSON.stringify(body) });
}

describe("GET /jobs/status", () => {
  test("tells health, definition, shops, waiting marks and the last run of each kind", async () => {
    const [shop, gone] = [await makeShop(), await makeShop()];
    await db.shop.update({ where: { id: gone.id }, data: { uninstalledAt: new Date() } });
    await rollup.run({ trigger: "cron", today });
    await addRequest(shop, { sentAt: at("2026-03-10") });
    await addRequest(shop, { sentAt: at("2026-03-11") });
    const { status, ...response } = await get(statusRoute, "/jobs/status").then(async (answer) => ({
      status: answer.status,
      ...(await answer.json()),
    }));
    expect(status).toBe(200);
    expect(response.health.database).toMatchObject({ ok: true, reachable: true, writable: true });
    expect(response.definition).toMatchObject({ table: "testimonial_daily_analytics", state: "current" });
    expect(response.fleet).toMatchObject({
      shops: { total: 2, installed: 1 },
      marks: { days: 2, oldest: [{ shopId: shop.id, since: expect.stringMatching(/Z$/) }] },
      seals: { shops: 0, first: null, last: null },
      running: [],
      last: [{ kind: "rollup", status: "ok", trigger: "cron" }],
    });
  });
});

describe("GET /jobs/runs", () => {
  async function addRuns(): Promise<string[]> {
    const kinds = ["rollup", "verify", "rollup", "rebuild", "rollup"];
    const rows = kinds.map((kind, index) => ({
      id: `run-${index}`,
      kind,
      trigger: "cron",
      status: index === 2 ? "failed" : "ok",
      shopId: kind === "rebuild" ? "shop-1" : null,
      startedAt: at("2026-03-10", `0${Math.min(index, 3)}:00:00.000`),
    }));
    await db.rollupRun.createMany({ data: rows });
    return rows.map(({ id }) => id).toReversed();
  }

  async function list(query: string): Promise<{ ids: string[]; next: string | null }> {
    const response = await get(runsRoute, `/jobs/runs${query}`);
    expect(response.status).toBe(200);
    const { runs, next } = await response.json();
    return { ids: runs.map(({ runId }: { runId: string }) => runId), next };
  }

  test("lists the latest first, page by page, also where two began together", async () => {
    const ids = await addRuns();
    expect(await list("")).toEqual({ ids, next: null });
    expect(await list("?limit=2")).toEqual({ ids: ids.slice(0, 2), next: ids[1] });
    expect(await list(`?limit=1&before=${ids[0]}`)).toEqual({ ids: [ids[1]], next: ids[1] });
    expect(await list(`?limit=3&before=${ids[1]}`)).toEqual({ ids: ids.slice(2), next: null });
  });

  test.for([
    ["?kind=rollup", ["run-4", "run-2", "run-0"]],
    ["?kind=rollup&status=failed", ["run-2"]],
    ["?shopId=shop-1", ["run-3"]],
    ["?shopId=shop-2", []],
  ] as const)("%s lists those alone", async ([query, ids]) => {
    await addRuns();
    expect((await list(query)).ids).toEqual(ids);
  });

  test.for([
    ["?kind=runs", { field: "kind", value: "runs", allowed: /one of rollup, verify, rebuild, seal/ }],
    ["?status=done", { field: "status", value: "done", allowed: /one of running, ok, partial, failed, cancelled/ }],
    ["?limit=501", { field: "limit", value: "501", allowed: /from 1 to 500/ }],
    ["?shop=x", { field: "shop", value: "x", allowed: /not a known field/ }],
  ] as const)("%s is refused", async ([query, issue]) => {
    await expectRefused(() => get(runsRoute, `/jobs/runs${query}`), {
      status: 400,
      code: "bad_input",
      issues: [issue],
    });
  });

  test("a page after a run that is not there is refused", async () => {
    const issue = { field: "before", value: "none", allowed: /id of a run/ };
    const refused = { status: 404, code: "unknown_run", issues: [issue] };
    await expectRefused(() => get(runsRoute, "/jobs/runs?before=none"), refused);
  });

  test("a run's own address has each day that a verification found, and the list has the counts", async () => {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at("2026-03-10") });
    await dropMarks(shop);
    const verified = await rollup.verify({ trigger: "cron", today });
    const runId = verified?.runId ?? "";
    const [entry] = (await (await get(runsRoute, "/jobs/runs?kind=verify")).json()).runs;
    expect(entry).toMatchObject({ runId, compared: 1, drifted: 1, driftedAfter: 0 });
    expect(entry).not.toHaveProperty("report");
    const whole = await (await get(runRoute, `/jobs/runs/${runId}`, runId)).json();
    expect(whole.report.before).toEqual([
      { shopId: shop.id, date: "2026-03-10", stored: null, live: expect.objectContaining({ requestsSent: 1 }) },
    ]);
    for (const inner of ["leaseOwner", "cursor"]) expect(whole).not.toHaveProperty(inner);
    await expectRefused(() => get(runRoute, "/jobs/runs/none", "none"), {
      status: 404,
      code: "unknown_run",
      issues: [{ field: "runId", value: "none", allowed: /id of a run/ }],
    });
  });
});

describe("POST /jobs/mark", () => {
  async function makeDriftedShop() {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at("2026-03-10") });
    await addRequest(shop, { sentAt: at("2026-03-12") });
    await dropMarks(shop);
    return shop;
  }

  test("days that nothing marked are exact from then on, and the next run writes them", async () => {
    const [shop, other] = [await makeDriftedShop(), await makeDriftedShop()];
    const response = await mark({ shopId: shop.id, fromDate: "2026-03-10", toDate: "2026-03-12" });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      ...{ shopId: shop.id, fromDate: "2026-03-10", toDate: "2026-03-12" },
      markedDays: 3,
    });
    expect(await listMarkedDays(other)).toEqual([]);
    await expectReadExact(shop, "2026-03-01", "2026-03-31");
    await rollup.run({ trigger: "cron", today });
    await expectStoredExact(shop);
  });

  test("without a shop marks those that are installed, and no sealed day", async () => {
    const [shop, sealed, gone] = [await makeDriftedShop(), await makeDriftedShop(), await makeDriftedShop()];
    await db.shop.update({ where: { id: gone.id }, data: { uninstalledAt: new Date() } });
    await db.rollupShop.create({ data: { shopId: sealed.id, sealedUntil: at("2026-03-12", "00:00:00.000") } });
    const days = ["2026-03-10", "2026-03-11", "2026-03-12"] as Day[];
    const answer = await (await mark({ fromDate: days[0], toDate: days[2] })).json();
    expect(answer).toMatchObject({ shopId: null, markedDays: 4 });
    expect(await Promise.all([shop, sealed, gone].map(listMarkedDays))).toEqual([days, days.slice(2), []]);
    const ofSealed = { shopId: sealed.id, fromDate: days[0], toDate: days[1] };
    expect(await (await mark(ofSealed)).json()).toMatchObject({ markedDays: 0 });
  });

  test("bad input is refused", async () => {
    const [fromDate, toDate] = ["2026-03-10", "2026-03-09"];
    const early = { field: "toDate", value: toDate, allowed: /not be before fromDate/ };
    await expectRefused(() => mark({ fromDate, toDate }), { status: 400, code: "bad_input", issues: [early] });
    const long = { field: "toDate", value: "2026-04-10", allowed: /at most 31 days .* without a shopId/ };
    await expectRefused(() => mark({ fromDate, toDate: "2026-04-10" }), {
      status: 400,
      code: "bad_input",
      issues: [long],
    });
    const unknown = { field: "shopId", value: "none", allowed: /id of a shop/ };
    await expectRefused(() => mark({ shopId: "none", fromDate, toDate: fromDate }), {
      status: 404,
      code: "unknown_shop",
      issues: [unknown],
    });
  });
});
