import { readFileSync } from "node:fs";
import { Registry } from "prom-client";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { db } from "~/db.server";
import { rollup } from "~/rollup.server";
import * as rebuildRoute from "~/routes/jobs.rebuild_.$runId";
import * as rollupRoute from "~/routes/jobs.rollup";
import * as verifyRoute from "~/routes/jobs.verify";
import * as metricsRoute from "~/routes/metrics";
import { action as scopesUpdate } from "~/routes/webhooks.app.scopes_update";
import { createRollup, type Host } from "~/services/rollup";
import type { Day } from "~/services/rollup/day";
import type { Database } from "~/services/rollup/engine.server";
import { takeLook } from "~/services/rollup/health/look.server";
import { type HandlerOptions, makeHandlers } from "~/services/rollup/http/handlers.server";
import { makeRollupMetrics } from "~/services/rollup/metrics/rollup-metrics.server";
import { definition } from "~/testimonial-rollup";
import { testEnv } from "./setup/settings";
import { call, cron } from "./support/call";
import { bypassTriggers, poison } from "./support/faults";
import { expectRefused } from "./support/refusal";
import { getGrowth, listMetricNames, parseScrape, type Scrape } from "./support/scrape";
import { seal } from "./support/seals";
import { call as deliver, makeDomain, toRequest } from "./support/shopify";
import { addRequest, at, makeShop } from "./support/shops";
import { serveRoutes } from "./support/small-site";

const today = "2026-06-15" as Day;
const label = `rollup="${definition.table}"`;

async function scrapeText(): Promise<string> {
  // The look of the last second would be of before.
  await takeLook(rollup.engine);
  const response = await call(metricsRoute, "/metrics", { headers: cron });
  expect(response.status).toBe(200);
  expect(response.headers.get("Content-Type")).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  return response.text();
}

async function scrape(): Promise<Scrape> {
  return parseScrape(await scrapeText());
}

async function post(route: typeof rollupRoute): Promise<Response> {
  return call(route, "/jobs/any", { method: "POST", headers: cron });
}

/** What of the rollup's own counters has grown, but durations. */
function growthOfRollup(before: Scrape, after: Scrape): Record<string, number> {
  const isOwn = (name: string) => name.includes(`_total{${label}`) || name.includes("run_duration_seconds_count");
  return Object.fromEntries(Object.entries(getGrowth(before, after)).filter(([name]) => isOwn(name)));
}

beforeAll(async () => {
  await post(rollupRoute);
});

beforeEach(async () => {
  await db.shop.deleteMany();
});

test("a run with a failing shop is counted, and its gauges say how things stand", async () => {
  const [failing, right] = [await makeShop(), await makeShop()];
  for (const shop of [failing, right]) await addRequest(shop, { sentAt: at("2026-03-01") });
  const cure = await poison(failing);
  const before = await scrape();
  expect((await post(rollupRoute)).status).toBe(207);
  const after = await scrape();
  await cure();

  expect(growthOfRollup(before, after)).toEqual({
    [`testimonial_rollup_runs_total{${label},kind="rollup",trigger="cron",status="partial"}`]: 1,
    [`testimonial_rollup_run_duration_seconds_count{${label},kind="rollup"}`]: 1,
    [`testimonial_rollup_recounts_total{${label},kind="rollup"}`]: 1,
    [`testimonial_rollup_written_rows_total{${label},kind="rollup"}`]: 1,
    // Both shops, and the one before its second try.
    [`testimonial_rollup_fallbacks_total{${label},step="recount of several shops"}`]: 2,
    [`testimonial_rollup_alerts_total{${label},level="error"}`]: 1,
    // Nobody listens where the settings send alerts.
    [`testimonial_rollup_alert_deliveries_total{${label},outcome="failed"}`]: 1,
  });
  const gauge = (name: string, labels = label) => after.get(`testimonial_rollup_${name}{${labels}}`);
  expect(gauge("failing_shops")).toBe(1);
  expect(gauge("database_up")).toBe(1);
  expect(gauge("database_writable")).toBe(1);
  expect(gauge("run_failing", `kind="rollup",${label}`)).toBe(0);
  expect(gauge("max_age_seconds", `check="last_run",${label}`)).toBe(26 * 3_600);
  const [mark] = await db.$queryRawUnsafe<{ at: Date }[]>("select min(marked_at) as at from rollup_marks");
  expect(gauge("oldest_mark_timestamp_seconds")).toBeCloseTo(Number(mark?.at.getTime()) / 1000, 3);
  const { finishedAt } = await db.rollupRun.findFirstOrThrow({ orderBy: { startedAt: "desc" } });
  expect(gauge("last_run_timestamp_seconds")).toBeCloseTo(Number(finishedAt?.getTime()) / 1000, 3);

  expect((await post(rollupRoute)).status).toBe(200);
  const mended = await scrape();
  expect(mended.get(`testimonial_rollup_failing_shops{${label}}`)).toBe(0);
  expect(mended.get(`testimonial_rollup_oldest_mark_age_seconds{${label}}`)).toBe(0);
  expect(mended.has(`testimonial_rollup_oldest_mark_timestamp_seconds{${label}}`)).toBe(false);
});

test("a verification's drift and the marks of sealed days that a run drops are counted", async () => {
  const shop = await makeShop();
  const { id } = await addRequest(shop, { sentAt: at("2026-03-01") });
  await addRequest(shop, { sentAt: at("2026-06-01") });
  await post(rollupRoute);
  await seal({ before: "2026-05-01" });
  await bypassTriggers(
    `update testimonial_daily_analytics set requests_sent = 5 where shop_id = '${shop.id}' and date = '2026-06-01'`,
  );
  const before = await scrape();
  await db.testimonialRequest.delete({ where: { id } });
  await post(rollupRoute);
  await post(verifyRoute);
  const after = await scrape();

  expect(growthOfRollup(before, after)).toMatchObject({
    [`testimonial_rollup_dropped_marks_total{${label}}`]: 1,
    [`testimonial_rollup_runs_total{${label},kind="verify",trigger="cron",status="ok"}`]: 1,
    [`testimonial_rollup_compared_rows_total{${label}}`]: 1,
    [`testimonial_rollup_drifted_rows_total{${label}}`]: 1,
    [`testimonial_rollup_written_rows_total{${label},kind="verify"}`]: 1,
  });
  expect(after.get(`testimonial_rollup_unrepaired_rows_total{${label}}`)).toBe(0);
  expect(after.get(`testimonial_rollup_last_verification_timestamp_seconds{${label}}`)).toBeGreaterThan(1.7e9);
  expect(before.get(`testimonial_rollup_runs_total{${label},kind="seal",trigger="operator",status="ok"}`)).toBe(1);
});

test("webhooks are counted by topic and outcome, and those that came again", async () => {
  const webhook = { topic: "app/scopes_update", shop: makeDomain(), body: '{"current":["read_products"]}' };
  const before = await scrape();
  const request = toRequest(webhook);
  await deliver(scopesUpdate, request.clone() as Request);
  await deliver(scopesUpdate, request);
  await deliver(scopesUpdate, toRequest({ ...webhook, body: '{"current":"none"}' }));
  expect(getGrowth(before, await scrape())).toMatchObject({
    'testimonial_webhooks_total{topic="app/scopes_update",outcome="handled"}': 2,
    'testimonial_webhooks_total{topic="app/scopes_update",outcome="refused"}': 1,
    'testimonial_webhook_duplicates_total{topic="app/scopes_update"}': 1,
  });
});

test("requests are counted by the pattern of their route, whatever their address", async () => {
  const url = await serveRoutes({ "jobs/rebuild/:runId": rebuildRoute });
  const before = await scrape();
  for (const path of ["/jobs/rebuild/one", "/JOBS/rebuild/two?three=four", "/none/such", "/%E0%A4%A", "/assets/a.js"]) {
    await fetch(`${url}${path}`);
  }
  await fetch(`${url}/jobs/rebuild/five`, { method: "DELETE" });
  const growth = getGrowth(before, await scrape());
  const requests = Object.entries(growth).filter(([name]) => name.startsWith("testimonial_http_requests_total"));
  expect(Object.fromEntries(requests)).toEqual({
    'testimonial_http_requests_total{route="/jobs/rebuild/:runId",method="GET",status="4xx"}': 2,
    'testimonial_http_requests_total{route="/jobs/rebuild/:runId",method="DELETE",status="4xx"}': 1,
    'testimonial_http_requests_total{route="none",method="GET",status="4xx"}': 2,
    'testimonial_http_requests_total{route="/assets/*",method="GET",status="4xx"}': 1,
  });
  expect(growth['testimonial_http_request_duration_seconds_count{route="/jobs/rebuild/:runId"}']).toBe(3);
});

test("no series names a shop, a run or a reason", async () => {
  const shop = await makeShop();
  await addRequest(shop, { sentAt: at("2026-03-01") });
  const cure = await poison(shop);
  const { runId } = await (await post(rollupRoute)).json();
  const text = await scrapeText();
  await cure();
  for (const word of [shop.id, runId, "poison"]) expect(text).not.toContain(word);
});

test("two rollups of a host have their own metrics by their names, and a database that is away fails no scrape", async () => {
  const register = new Registry();
  const metrics = makeRollupMetrics({ register, prefix: "host_" });
  const away = () => Promise.reject(new Error("Can't reach database server"));
  const awayDb = { $queryRawUnsafe: away, $executeRawUnsafe: away, $transaction: away } as unknown as Database;
  const { log, settings } = rollup.engine;
  const host: Host = { db, log, settings: { ...settings, alertWebhookUrl: undefined }, observer: metrics.observer };
  const here = createRollup(definition, { ...host, name: "here" });
  const gone = createRollup(definition, { ...host, db: awayDb, name: "gone" });
  for (const each of [here, gone]) metrics.watch(each);

  await here.run({ trigger: "schedule", today: today });
  await expect(gone.run({ trigger: "schedule", today: today })).rejects.toThrow("Can't reach");
  const samples = parseScrape(await register.metrics());
  const both = (name: string, labels = "") =>
    ["here", "gone"].map((each) => samples.get(`host_${name}{${labels}rollup="${each}"}`));
  expect(both("database_up")).toEqual([1, 0]);
  expect(both("database_writable")).toEqual([1, 0]);
  expect(both("failing_shops")).toEqual([0, undefined]);
  expect(both("run_failing", 'kind="rollup",')).toEqual([0, undefined]);
  expect(both("last_run_timestamp_seconds")).toEqual([expect.any(Number), undefined]);
  expect(samples.get('host_runs_total{rollup="here",kind="rollup",trigger="schedule",status="ok"}')).toBe(1);
  expect(samples.get('host_runs_total{rollup="gone",kind="rollup",trigger="schedule",status="unopened"}')).toBe(1);
  expect(samples.get('host_runs_total{rollup="gone",kind="rollup",trigger="schedule",status="ok"}')).toBe(0);
});

test("an observer that throws stops no run", async () => {
  const { log, settings } = rollup.engine;
  const broken = () => {
    throw new Error("the host's own mistake");
  };
  const observer = { runEnded: broken, recounted: broken, fellBack: broken };
  const observed = createRollup(definition, { db, log, settings, observer, name: "observed" });
  await addRequest(await makeShop(), { sentAt: at("2026-03-01") });
  expect(await observed.run({ trigger: "cron", today: today })).toMatchObject({ status: "ok", days: 1 });
});

test("without a secret the route is closed, and without metrics there is none", async () => {
  const ask = (options: Partial<HandlerOptions>) =>
    makeHandlers(rollup, { cronSecret: testEnv.CRON_SECRET, adminToken: undefined, ...options }).metrics(
      new Request("https://app.example.com/metrics", { headers: cron }),
    );
  await expectRefused(() => ask({ cronSecret: undefined }), { status: 503, code: "not_configured" });
  await expectRefused(() => ask({}), { status: 404, code: "no_metrics" });
});

test.for(["POST", "PUT", "DELETE", "OPTIONS"])("%s is not allowed", async (method) => {
  const response = await expectRefused(() => call(metricsRoute, "/metrics", { method, headers: cron }), {
    status: 405,
  });
  expect(response.headers.get("Allow")).toBe("GET, HEAD");
});

test("the dashboard and the rules know only metrics that there are, and each of the app's is described", async () => {
  const names = listMetricNames(await scrapeText());
  const read = (path: string) => readFileSync(path, "utf8");
  const [dashboard, rules, docs] = ["grafana/dashboard.json", "prometheus/alerts.yml"]
    .map((path) => read(`deploy/${path}`))
    .concat(read("docs/monitoring.md"));
  for (const text of [dashboard, rules, docs] as string[]) {
    const used = text.match(/\b(?:testimonial|nodejs|process)_[a-z0-9_]+\b/g) ?? [];
    expect(used.length).toBeGreaterThan(10);
    const unknown = used.filter(
      (name) => !names.includes(name) && !names.includes(name.replace(/_(bucket|sum|count)$/, "")),
    );
    expect(unknown).toEqual([]);
  }
  const alerts = [...(rules ?? "").matchAll(/alert: (\w+)/g)].map(([, name = ""]) => name);
  expect(
    alerts.filter((name) => !docs?.includes(name)),
    "not in docs/monitoring.md",
  ).toEqual([]);
  const own = names.filter((name) => name.startsWith("testimonial_"));
  expect(
    own.filter((name) => !docs?.includes(`\`${name}\``)),
    "not in docs/monitoring.md",
  ).toEqual([]);
});
