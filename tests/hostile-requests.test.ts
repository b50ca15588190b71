import type { ActionFunction, LoaderFunction } from "@remix-run/node";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { rollup } from "~/rollup.server";
import * as landing from "~/routes/_index";
import * as dashboard from "~/routes/app._index";
import * as rangeSum from "~/routes/app.range-sum";
import * as analytics from "~/routes/app.testimonials.analytics";
import * as login from "~/routes/auth.login";
import * as health from "~/routes/healthz";
import * as mark from "~/routes/jobs.mark";
import * as privacy from "~/routes/jobs.privacy";
import * as privacyRequest from "~/routes/jobs.privacy_.$requestId";
import * as rebuild from "~/routes/jobs.rebuild";
import * as rebuildRun from "~/routes/jobs.rebuild_.$runId";
import * as rollupRoute from "~/routes/jobs.rollup";
import * as runs from "~/routes/jobs.runs";
import * as run from "~/routes/jobs.runs_.$runId";
import * as seal from "~/routes/jobs.seal";
import * as sealRun from "~/routes/jobs.seal_.$runId";
import * as status from "~/routes/jobs.status";
import * as verify from "~/routes/jobs.verify";
import * as live from "~/routes/livez";
import * as metrics from "~/routes/metrics";
import * as operatorOverview from "~/routes/operator._index";
import * as operatorDrift from "~/routes/operator.drift";
import * as operatorLogout from "~/routes/operator.logout";
import * as operatorPrivacy from "~/routes/operator.privacy._index";
import * as operatorPrivacyRequest from "~/routes/operator.privacy.$requestId";
import * as operatorRebuild from "~/routes/operator.rebuild";
import * as operatorRuns from "~/routes/operator.runs._index";
import * as operatorRun from "~/routes/operator.runs.$runId";
import * as operatorSeals from "~/routes/operator.seals";
import * as operatorLogin from "~/routes/operator_.login";
import * as scopesUpdate from "~/routes/webhooks.app.scopes_update";
import * as uninstalled from "~/routes/webhooks.app.uninstalled";
import * as dataRequest from "~/routes/webhooks.customers.data_request";
import * as customerRedact from "~/routes/webhooks.customers.redact";
import * as productDelete from "~/routes/webhooks.products.delete";
import * as productUpdate from "~/routes/webhooks.products.update";
import { settleSweeps } from "~/services/rollup/jobs/sweep-worker.server";
import { settleStarted } from "~/services/started-work.server";
import { call } from "./support/call";
import { isRefused, listFaults } from "./support/hostile/judge";
import { toTarget } from "./support/hostile/requests";
import { listHostileRoutes } from "./support/hostile/routes";
import { fingerprintTables } from "./support/refusal";
import { addSession } from "./support/shopify";
import { addRequest, at, makeShop } from "./support/shops";

// Anything that anyone may send, to each route itself. `npm run test:deep` sends more of it, over the network.

type Route = { loader: unknown; action?: unknown };

const routes: Record<string, Route> = {
  "/jobs/rollup": rollupRoute,
  "/jobs/verify": verify,
  "/jobs/rebuild": rebuild,
  "/jobs/rebuild/:runId": rebuildRun,
  "/jobs/seal": seal,
  "/jobs/seal/:runId": sealRun,
  "/jobs/mark": mark,
  "/jobs/runs": runs,
  "/jobs/runs/:runId": run,
  "/jobs/status": status,
  "/metrics": metrics,
  "/jobs/privacy": privacy,
  "/jobs/privacy/:requestId": privacyRequest,
  "/app/range-sum": rangeSum,
  "/app": dashboard,
  "/app/testimonials/analytics": analytics,
  "/webhooks/customers/redact": customerRedact,
  "/webhooks/customers/data_request": dataRequest,
  "/webhooks/products/update": productUpdate,
  "/webhooks/products/delete": productDelete,
  "/webhooks/app/scopes_update": scopesUpdate,
  "/webhooks/app/uninstalled": uninstalled,
  "/operator": operatorOverview,
  "/operator/runs": operatorRuns,
  "/operator/runs/:runId": operatorRun,
  "/operator/drift": operatorDrift,
  "/operator/privacy": operatorPrivacy,
  "/operator/privacy/:requestId": operatorPrivacyRequest,
  "/operator/logout": operatorLogout,
  "/operator/rebuild": operatorRebuild,
  "/operator/seals": operatorSeals,
  "/operator/login": operatorLogin,
  "/healthz": health,
  "/livez": live,
  "/": landing,
  "/auth/login": login,
};
const requestsEach = 60;
const domain = "hostile-requests.myshopify.com";

beforeAll(async () => {
  const shop = await makeShop();
  await addSession(domain);
  await addRequest(shop, { sentAt: at("2026-03-02") });
});

describe.for(listHostileRoutes(domain).filter(({ name }) => name in routes))("$name", (route) => {
  test("answers anything without 5xx or the inside, and writes nothing when it refuses", async () => {
    const { loader, action = loader } = routes[route.name] as { loader: LoaderFunction; action: ActionFunction };
    let before = await fingerprintTables();
    const property = fc.asyncProperty(route.requests, async (request) => {
      const { method, headers, body, path } = request;
      const runId = decodeURIComponent(path.split("/").at(-1) ?? "");
      const init = { method, headers, body, params: { runId, requestId: runId } };
      const response = await call({ loader, action }, toTarget(request), init);
      const seen = { status: response.status, headers: response.headers, text: await response.text() };
      expect(listFaults(seen, request, route), seen.text.slice(0, 500)).toEqual([]);
      await settleStarted();
      await settleSweeps(rollup.engine);
      const after = await fingerprintTables();
      if (isRefused(seen)) expect(after).toEqual(before);
      before = after;
    });
    await fc.assert(property, { numRuns: requestsEach });
  });
});
