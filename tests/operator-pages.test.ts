import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import * as overviewRoute from "~/routes/operator._index";
import * as driftRoute from "~/routes/operator.drift";
import * as privacyRoute from "~/routes/operator.privacy._index";
import * as requestRoute from "~/routes/operator.privacy.$requestId";
import * as dataRoute from "~/routes/operator.privacy_.$requestId_.data";
import * as rebuildRoute from "~/routes/operator.rebuild";
import * as runsRoute from "~/routes/operator.runs._index";
import * as runRoute from "~/routes/operator.runs.$runId";
import * as sealsRoute from "~/routes/operator.seals";
import { action as requestData } from "~/routes/webhooks.customers.data_request";
import { settleSweeps } from "~/services/rollup/jobs/sweep-worker.server";
import { settleStarted } from "~/services/started-work.server";
import { askBuild } from "./support/built-pages";
import { call } from "./support/call";
import { poison } from "./support/faults";
import { holdRebuild } from "./support/held-sweep";
import { openPage, openSession, sendForm } from "./support/operator";
import { call as deliver, toRequest } from "./support/shopify";
import { addRequest, addSubmission, at, dropMarks, expectStoredExact, makeShop, readStoredRows } from "./support/shops";

afterEach(async () => {
  await settleSweeps(rollup.engine);
  await settleStarted();
});

/** A shop of which nothing is stored, although nothing is marked. */
async function makeDriftedShop() {
  const shop = await makeShop();
  for (const day of ["2025-01-31", "2025-02-28", "2025-03-01"]) await addRequest(shop, { sentAt: at(day) });
  await dropMarks(shop);
  return shop;
}

const toRun = (to: string | null) => new URL(to ?? "", "https://app.example.com");

async function openRebuild(runId: string) {
  await settleSweeps(rollup.engine);
  return (await openPage(rebuildRoute, `/operator/rebuild?run=${runId}`)).page.data;
}

describe("the overview", () => {
  test("tells health, waiting shops by their domain, what runs, and the last of each kind, as the database has them", async () => {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at("2026-03-02") });
    const runId = await holdRebuild({ shopId: shop.id, from: "2025-01-01", to: "2025-01-31" });
    const { status, page, headers } = await openPage(overviewRoute, "/operator");
    expect([status, page.state, headers.get("Cache-Control")]).toEqual([200, "ready", "no-store"]);
    const { fleet, health, domains, definition, privacy } = page.data;
    expect(fleet.shops).toEqual({
      total: await db.shop.count(),
      installed: await db.shop.count({ where: { uninstalledAt: null } }),
    });
    expect(fleet.marks.oldest.map((each: { shopId: string }) => each.shopId)).toContain(shop.id);
    expect(domains[shop.id]).toBe(shop.domain);
    expect(fleet.running.map((run: { runId: string }) => run.runId)).toContain(runId);
    expect(health.database).toEqual({ ok: true, since: null, reachable: true, writable: true });
    expect(definition.state).toBe("current");
    expect(privacy.open).toBe(await db.privacyRequest.count({ where: { outcome: "pending" } }));
    await db.rollupRun.update({ where: { id: runId }, data: { status: "cancelled" } });
  });

  test("begins a run and a verification that the ledger has of an operator, and leads to them", async () => {
    const shop = await makeShop();
    await addRequest(shop, { sentAt: at("2026-03-02") });
    for (const [intent, kind] of [
      ["run", "rollup"],
      ["verify", "verify"],
    ] as const) {
      const { status, to } = await sendForm(overviewRoute, "/operator?index", { intent });
      expect(status).toBe(303);
      await settleStarted();
      const { id, status: ended } = await db.rollupRun.findFirstOrThrow({
        where: { kind, trigger: "operator" },
        orderBy: { startedAt: "desc" },
      });
      expect(["/operator", `/operator/runs/${id}`]).toContain(to);
      expect(ended).toBe("ok");
    }
    await expectStoredExact(shop);
  });

  test("refuses a wrong sample at its field, and a button that it does not have", async () => {
    const wrong = await sendForm(overviewRoute, "/operator?index", { intent: "verify", sample: "many" });
    expect(wrong.status).toBe(400);
    expect(wrong.answer).toMatchObject({
      entered: { sample: "many" },
      problem: { issues: [{ field: "sample", message: "must be a whole number from 1 to 10000" }] },
    });
    expect((await sendForm(overviewRoute, "/operator?index", { intent: "drop" })).status).toBe(400);
  });
});

describe("the runs", () => {
  const ids = ["op-a", "op-b", "op-c"];

  beforeAll(async () => {
    for (const [index, id] of ids.entries()) {
      const startedAt = new Date(Date.UTC(2020, 0, 1 + index));
      await db.rollupRun.create({
        data: {
          id,
          kind: "seal",
          trigger: "cron",
          status: "ok",
          shopId: "op-shop",
          startedAt,
          durationMs: 10 ** index,
        },
      });
    }
  });

  test("are those of the filters, the latest first, and a chart has each duration", async () => {
    const list = async (query: string) => (await openPage(runsRoute, `/operator/runs?${query}`)).page;
    const { runs, chart } = (await list("kind=seal&status=ok&shop=op-shop")).data;
    expect(runs.map((run: { runId: string }) => run.runId)).toEqual(ids.toReversed());
    expect(chart.points).toEqual(
      [
        { runId: "op-c", kind: "seal", x: 100, y: 0 },
        { runId: "op-b", kind: "seal", x: 50, y: 50 },
        { runId: "op-a", kind: "seal", x: 0, y: 100 },
      ].map((point) => ({ ...point, y: expect.any(Number) })),
    );
    const [highest, , lowest] = chart.points.map(({ y }: { y: number }) => y);
    expect(highest).toBeLessThan(lowest);
    const before = (await list("kind=seal&shop=op-shop&before=op-b")).data;
    expect(before.runs.map((run: { runId: string }) => run.runId)).toEqual(["op-a"]);
    expect((await list("kind=none")).problem).toMatchObject({ status: 400, issues: [{ field: "kind" }] });
  });

  test("show one with all that is kept of it, and 404 for one that is none", async () => {
    const report = { fallbacks: [{ step: "recount", error: "too slow", count: 2 }] };
    await db.rollupRun.update({
      where: { id: "op-a" },
      data: { report, failedShops: [{ shopId: "s", error: "bad" }] },
    });
    const { page } = await openPage(runRoute, "/operator/runs/op-a", { runId: "op-a" });
    expect(page.data).toMatchObject({
      run: { runId: "op-a", failedShops: [{ shopId: "s", error: "bad" }] },
      found: report,
    });
    const none = await openPage(runRoute, "/operator/runs/none", { runId: "none" });
    expect([none.status, none.page.problem.code]).toEqual([404, "unknown_run"]);
  });
});

describe("a rebuild", () => {
  test("is shown first and then done: the dry run names each figure, and the rows are right after it", async () => {
    const shop = await makeDriftedShop();
    const fields = { shop: shop.domain.toUpperCase(), fromDate: "2025-02-01", toDate: "2025-12-31" };
    const shown = await sendForm(rebuildRoute, "/operator/rebuild", { ...fields, intent: "dryRun" });
    expect([shown.status, toRun(shown.to).pathname]).toEqual([303, "/operator/rebuild"]);
    const dryRun = await openRebuild(toRun(shown.to).searchParams.get("run") ?? "");
    expect(dryRun.rebuild).toMatchObject({
      status: "ok",
      dryRun: true,
      shopId: shop.id,
      changed: 2,
      done: 1,
      total: 1,
    });
    // By the oracle: a request that was sent, and nothing more, on each of two days.
    const figure = { shopId: shop.id, figure: "Requests sent", stored: 0, live: 1, left: false };
    const sent = dryRun.changes.rows.filter((row: { figure: string }) => row.figure === "Requests sent");
    expect(sent).toEqual([
      { ...figure, date: "2025-02-28" },
      { ...figure, date: "2025-03-01" },
    ]);
    expect(await readStoredRows(shop)).toEqual(new Map());

    const { fromDate, toDate } = dryRun.rebuild;
    const done = await sendForm(rebuildRoute, "/operator/rebuild", {
      intent: "rebuild",
      shop: shop.id,
      fromDate,
      toDate,
    });
    const { rebuild, changes } = await openRebuild(toRun(done.to).searchParams.get("run") ?? "");
    expect(rebuild).toMatchObject({ status: "ok", dryRun: false, rowsWritten: 2 });
    expect(changes).toBe(null);
    expect([...(await readStoredRows(shop)).keys()]).toEqual(["2025-02-28", "2025-03-01"]);
  });

  test.for([
    [{ fromDate: "2025-02-30", toDate: "2025-03-01" }, "fromDate", /day as YYYY-MM-DD/],
    [{ fromDate: "2025-03-01", toDate: "2025-02-01" }, "toDate", /must not be before fromDate/],
    [{ fromDate: "2025-03-01" }, "toDate", /day as YYYY-MM-DD/],
    [{ shop: "none.myshopify.com", fromDate: "2025-01-01", toDate: "2025-01-01" }, "shopId", /id of a shop/],
  ] as const)("of %j is refused at its field, in the words of POST /jobs/rebuild", async ([fields, field, words]) => {
    const runs = await db.rollupRun.count();
    const { answer } = await sendForm(rebuildRoute, "/operator/rebuild", { ...fields, intent: "rebuild" });
    expect(answer.problem.issues).toEqual([{ field, message: expect.stringMatching(words) }]);
    expect(answer.entered).toMatchObject(fields);
    expect(await db.rollupRun.count()).toBe(runs);
  });

  test("that overlaps a running one is refused with that one's id, which can be cancelled and resumed", async () => {
    const shop = await makeDriftedShop();
    const run = await holdRebuild({ shopId: shop.id, from: "2025-01-01", to: "2025-12-31" });
    const fields = { intent: "rebuild", shop: shop.id, fromDate: "2025-02-01", toDate: "2025-02-28" };
    const { status, answer } = await sendForm(rebuildRoute, "/operator/rebuild", fields);
    expect(status).toBe(409);
    expect(answer.problem.issues[0].message).toBe(`overlaps the running rebuild ${run}`);
    await sendForm(rebuildRoute, "/operator/rebuild", { intent: "cancel", run });
    expect((await openRebuild(run)).rebuild.status).toBe("cancelled");
    await sendForm(rebuildRoute, "/operator/rebuild", { intent: "resume", run });
    expect((await openRebuild(run)).rebuild.status).toBe("ok");
    await expectStoredExact(shop);
  });
});

test("the drift page has each figure that a verification found wrong, and whether it is right now", async () => {
  const shop = await makeDriftedShop();
  await sendForm(driftRoute, "/operator/drift", { intent: "verify" });
  await settleStarted();
  const { data } = (await openPage(driftRoute, "/operator/drift")).page;
  expect(data.runs[0]).toMatchObject({ kind: "verify", driftedAfter: 0 });
  const rows = data.shown.changes.rows.filter((row: { shopId: string }) => row.shopId === shop.id);
  const sent = rows.filter((row: { figure: string }) => row.figure === "Requests sent");
  expect(sent.map(({ date, stored, live, left }: Record<string, unknown>) => [date, stored, live, left])).toEqual(
    ["2025-01-31", "2025-02-28", "2025-03-01"].map((date) => [date, 0, 1, false]),
  );
  await expectStoredExact(shop);
});

test("the seals page shows first, then seals, and finds the shop by a part of its domain", async () => {
  const shop = await makeDriftedShop();
  await sendForm(overviewRoute, "/operator?index", { intent: "verify" });
  await settleStarted();
  const find = async () => (await openPage(sealsRoute, `/operator/seals?shop=${shop.id.slice(5, 30)}`)).page.data.seals;
  for (const [intent, found] of [
    ["dryRun", []],
    ["seal", [{ shopId: shop.id, sealedUntil: "2025-03-01", sealedRows: 2, purgedUntil: null }]],
  ] as const) {
    const { to } = await sendForm(sealsRoute, "/operator/seals", { intent, shop: shop.domain, before: "2025-03-01" });
    await settleSweeps(rollup.engine);
    const { data } = (await openPage(sealsRoute, to ?? "")).page;
    expect(data.seal).toMatchObject({ status: "ok", dryRun: intent === "dryRun", shops: 1, before: "2025-03-01" });
    expect(await find()).toEqual(found);
  }
  const next = await openPage(sealsRoute, `/operator/seals?after=${shop.id}`);
  expect(next.page.data.seals).not.toContainEqual(expect.objectContaining({ shopId: shop.id }));
  const { page, status } = await openPage(sealsRoute, "/operator/seals?after=a%00b");
  expect({ status, problem: page.problem }).toMatchObject({ status: 400, problem: { issues: [{ field: "after" }] } });
  const { answer } = await sendForm(sealsRoute, "/operator/seals", { intent: "seal", before: "2999-01-01" });
  expect(answer.problem.issues[0]).toMatchObject({ field: "before", message: expect.stringMatching(/before today/) });
});

test("a data request is open with its data on demand, then closed, and leads to nobody any more", async () => {
  const shop = await makeShop();
  const email = "jo@example.com";
  const { id: requestId } = await addRequest(shop, { customerEmail: email, sentAt: at("2026-05-01") });
  await addSubmission(shop, { requestId, reviewText: "I like it" });
  const body = JSON.stringify({ customer: { email }, data_request: { id: 7 } });
  await deliver(requestData, toRequest({ topic: "customers/data_request", shop: shop.domain, body }));
  const { id } = await db.privacyRequest.findFirstOrThrow({ where: { shopDomain: shop.domain } });
  const params = { requestId: id };

  const register = async () => (await openPage(privacyRoute, `/operator/privacy?shop=${shop.domain}`)).page.data;
  expect((await register()).open.map((entry: { id: string }) => entry.id)).toEqual([id]);
  const { page } = await openPage(requestRoute, `/operator/privacy/${id}`, params);
  expect(page.data.rowCounts).toEqual({
    testimonial_requests: 1,
    testimonial_request_events: 0,
    testimonial_submissions: 1,
  });
  expect(JSON.stringify(page)).not.toContain(email);
  const download = async () =>
    call(dataRoute as never, `/operator/privacy/${id}/data`, { headers: { Cookie: await openSession() }, params });
  const file = await download();
  expect(file.headers.get("Content-Disposition")).toBe(`attachment; filename="customer-data-${id}.json"`);
  expect(file.headers.get("Cache-Control")).toBe("no-store");
  expect((await file.json()).data).toMatchObject([
    { customerEmail: email, submissions: [{ reviewText: "I like it" }] },
  ]);

  const closed = await sendForm(requestRoute, `/operator/privacy/${id}`, {}, params);
  expect(closed.to).toBe(`/operator/privacy/${id}`);
  expect(await db.privacyRequest.findUnique({ where: { id } })).toMatchObject({ outcome: "done", requestIds: [] });
  expect((await register()).closed.map((entry: { id: string }) => entry.id)).toEqual([id]);
  expect((await download()).status).toBe(409);
});

test("the built overview says that all is well, and no longer when a shop fails", async () => {
  const headers = { Cookie: await openSession(), "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0" };
  const run = async () => {
    await sendForm(overviewRoute, "/operator?index", { intent: "run" });
    await settleStarted();
  };
  const readOverview = async () =>
    (await askBuild(new Request("https://app.example.com/operator", { headers }))).text();
  await run();
  expect(await readOverview()).toContain("All OK");
  const shop = await makeShop();
  await addRequest(shop, { sentAt: at("2026-03-02") });
  const heal = await poison(shop);
  await run();
  const html = await readOverview();
  expect(html).toContain("1 shop fails");
  expect(html).not.toContain("All OK");
  await heal();
  await run();
  expect(await readOverview()).toContain("All OK");
});

test("the built page writes what a shop is called as text, runs no script but its own, and loads nothing of App Bridge", async () => {
  const name = `<img src=x onerror=alert(1)>"'&`;
  await db.rollupRun.create({
    data: {
      kind: "rebuild",
      trigger: "operator",
      status: "partial",
      failedShops: [{ shopId: name, error: name }],
      shopId: name,
    },
  });
  const headers = { Cookie: await openSession(), "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0" };
  const response = await askBuild(new Request("https://app.example.com/operator/runs?kind=rebuild", { headers }));
  const html = await response.text();
  expect(response.status).toBe(200);
  expect(html).not.toContain("<img src=x");
  expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;");
  expect(html).not.toMatch(/app-bridge|NaN|\[object /);
  const [, nonce] = /'nonce-([^']+)'/.exec(response.headers.get("Content-Security-Policy") ?? "") ?? [];
  const scripts = html.match(/<script[^>]*>/g) ?? [];
  expect(scripts.length).toBeGreaterThan(1);
  for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
  expect(response.headers.get("Link")).toBe(null);
});
