import { describe, expect, test } from "vitest";
import { rollup } from "~/rollup.server";
import * as markRoute from "~/routes/jobs.mark";
import * as privacyRoute from "~/routes/jobs.privacy";
import * as privacyRequestRoute from "~/routes/jobs.privacy_.$requestId";
import * as rebuildRoute from "~/routes/jobs.rebuild";
import * as rebuildRunRoute from "~/routes/jobs.rebuild_.$runId";
import * as rollupRoute from "~/routes/jobs.rollup";
import * as runsRoute from "~/routes/jobs.runs";
import * as runRoute from "~/routes/jobs.runs_.$runId";
import * as sealRoute from "~/routes/jobs.seal";
import * as sealRunRoute from "~/routes/jobs.seal_.$runId";
import * as statusRoute from "~/routes/jobs.status";
import * as verifyRoute from "~/routes/jobs.verify";
import * as metricsRoute from "~/routes/metrics";
import { settleSweeps } from "~/services/rollup/jobs/sweep-worker.server";
import { testEnv } from "./setup/settings";
import { call } from "./support/call";
import { expectRefused } from "./support/refusal";

const body = JSON.stringify({ fromDate: "2026-01-01", toDate: "2026-01-02" });

const routes = [
  { name: "POST /jobs/rollup", route: rollupRoute, secret: testEnv.CRON_SECRET, other: testEnv.ADMIN_TOKEN },
  { name: "POST /jobs/verify", route: verifyRoute, secret: testEnv.CRON_SECRET, other: testEnv.ADMIN_TOKEN },
  {
    name: "GET /metrics",
    route: metricsRoute,
    method: "GET",
    secret: testEnv.CRON_SECRET,
    other: testEnv.ADMIN_TOKEN,
  },
  { name: "POST /jobs/rebuild", route: rebuildRoute, secret: testEnv.ADMIN_TOKEN, other: testEnv.CRON_SECRET, body },
  {
    name: "DELETE /jobs/rebuild/:runId",
    route: rebuildRunRoute,
    method: "DELETE",
    secret: testEnv.ADMIN_TOKEN,
    other: testEnv.CRON_SECRET,
  },
  {
    name: "POST /jobs/seal",
    route: sealRoute,
    secret: testEnv.ADMIN_TOKEN,
    other: testEnv.CRON_SECRET,
    body: JSON.stringify({ before: "2026-01-01" }),
  },
  {
    name: "GET /jobs/seal/:runId",
    route: sealRunRoute,
    method: "GET",
    secret: testEnv.ADMIN_TOKEN,
    other: testEnv.CRON_SECRET,
  },
  {
    name: "GET /jobs/privacy",
    route: privacyRoute,
    method: "GET",
    secret: testEnv.ADMIN_TOKEN,
    other: testEnv.CRON_SECRET,
  },
  {
    name: "POST /jobs/privacy/:requestId",
    route: privacyRequestRoute,
    secret: testEnv.ADMIN_TOKEN,
    other: testEnv.CRON_SECRET,
    body: JSON.stringify({ handled: true }),
  },
  {
    name: "POST /jobs/mark",
    route: markRoute,
    secret: testEnv.ADMIN_TOKEN,
    other: testEnv.CRON_SECRET,
    body: JSON.stringify({ fromDate: "2026-01-01", toDate: "2026-01-02" }),
  },
  ...[statusRoute, runsRoute, runRoute].map((route) => ({
    name: `GET /jobs/${["status", "runs", "runs/:runId"][[statusRoute, runsRoute, runRoute].indexOf(route)]}`,
    route,
    method: "GET",
    secret: testEnv.ADMIN_TOKEN,
    other: testEnv.CRON_SECRET,
  })),
];

describe.for(routes)("the secret of $name", ({ route, secret, other, ...rest }) => {
  const init = { method: "POST", ...rest };
  const callWith = (authorization: string | undefined) => () =>
    call(route, "/jobs/any", {
      ...init,
      headers: authorization === undefined ? {} : { Authorization: authorization },
      params: { runId: "none", requestId: "none" },
    });

  test("missing, wrong or the other route's is refused with one and the same body, and nothing is written", async () => {
    const given = [
      undefined,
      "",
      "Bearer",
      "Bearer ",
      "Bearer wrong",
      `Bearer ${secret.slice(0, -1)}`,
      `Bearer ${secret}x`,
      `Bearer ${secret} ${secret}`,
      `Bearer ${secret.toUpperCase()}`,
      `Bearer ${other}`,
      `Bearer "${secret}"`,
      `Bearer Bearer ${secret}`,
      `Bearer ${"x".repeat(10_000)}`,
      `Basic ${Buffer.from(`user:${secret}`).toString("base64")}`,
      secret,
      "Bearer undefined",
    ];
    const bodies = new Set<string>();
    for (const authorization of given) {
      const response = await expectRefused(callWith(authorization), { status: 401, code: "unauthorized" });
      expect(response.headers.get("WWW-Authenticate")).toBe("Bearer");
      bodies.add(await response.text());
    }
    expect(bodies.size).toBe(1);
  });

  test.for(["Bearer", "bearer", "BEARER"])("opens with the scheme written %s", async (scheme) => {
    const response = await callWith(`${scheme} ${secret}`)();
    expect([200, 202, 404, 409]).toContain(response.status);
    await settleSweeps(rollup.engine);
  });
});
