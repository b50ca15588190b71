import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { findFreePort } from "../setup/server";
import { postRollup } from "../support/http";
import { seedShops } from "../support/plain-sql";
import { makeServerDatabase } from "../support/process-databases";
import { startServer } from "../support/server-process";

type Post = { path: string | undefined; authorization: string | undefined };

/** A place for alerts that answers each of them so, and keeps what came. */
async function takeAlerts(status: number, headers = {}): Promise<string> {
  const webhook = createServer((request, response) => {
    posts.push({ path: request.url, authorization: request.headers.authorization });
    response.writeHead(status, headers).end();
  });
  await new Promise<void>((listening) => webhook.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void webhook.close());
  return toWebhook((webhook.address() as AddressInfo).port);
}

const posts: Post[] = [];

function toWebhook(port: number): string {
  return `http://user:hush%40hush@127.0.0.1:${port}/services/hush`;
}

const webhooks = {
  "no webhook": { open: async () => "", complaint: undefined, cause: {} },
  "a webhook that nobody answers": {
    open: async () => toWebhook(await findFreePort()),
    complaint: "the alert webhook could not be reached",
    cause: { error: expect.stringMatching(/^fetch failed: connect ECONNREFUSED 127\.0\.0\.1:\d+$/) },
  },
  "a webhook that refuses": {
    open: () => takeAlerts(500),
    complaint: "the alert webhook refused an alert",
    cause: { status: 500 },
  },
  "a webhook that leads elsewhere": {
    open: () => takeAlerts(302, { Location: "/login" }),
    complaint: "the alert webhook refused an alert",
    cause: { status: 302 },
  },
};

test.for(Object.keys(webhooks) as (keyof typeof webhooks)[])(
  "with %s an alert is an error line of the log, and the run goes on",
  async (name) => {
    const { open, complaint, cause } = webhooks[name];
    const { url, query } = await makeServerDatabase();
    await seedShops(query, 2);
    await query("alter table testimonial_daily_analytics add constraint fails check (shop_id <> 'shop-1')");
    const webhook = await open();
    const server = await startServer({ DATABASE_URL: url, LOG_LEVEL: "info", ALERT_WEBHOOK_URL: webhook });
    const answer = await postRollup(server);
    expect(answer).toMatchObject({ status: 207, body: { status: "partial", shops: 1 } });

    const lines = server.output().trim().split("\n");
    const errors = lines.map((line) => JSON.parse(line)).filter(({ level }) => level === "error");
    expect(errors.filter(({ alert }) => alert)).toEqual([
      {
        level: "error",
        time: expect.any(String),
        requestId: answer.headers.get("X-Request-Id"),
        route: "/jobs/rollup",
        runId: answer.body.runId,
        alert: true,
        failedShops: answer.body.failedShops,
        msg: expect.stringContaining("the recount fails for shop-1 ("),
      },
    ]);
    const complaints = errors.filter(({ msg }) => msg.includes("webhook"));
    expect(complaints.map(({ msg }) => msg)).toEqual(complaint ? [complaint] : []);
    // The host and the cause, and nothing of the path, which is a webhook's secret, or of the password.
    if (webhook) expect(complaints).toMatchObject([{ host: new URL(webhook).host, ...cause }]);
    for (const secret of ["hush", Buffer.from("user:hush@hush").toString("base64")]) {
      expect(server.output()).not.toContain(secret);
    }
  },
);

test("a webhook with a user and a password in its address gets them in a header, and the address without them", async () => {
  const { url, query } = await makeServerDatabase();
  await seedShops(query, 1);
  await query("alter table testimonial_daily_analytics add constraint fails check (shop_id <> 'shop-1')");
  posts.length = 0;
  const server = await startServer({ DATABASE_URL: url, ALERT_WEBHOOK_URL: await takeAlerts(200) });
  await postRollup(server);
  const authorization = `Basic ${Buffer.from("user:hush@hush").toString("base64")}`;
  expect(posts).toEqual([{ path: "/services/hush", authorization }]);
  expect(server.output()).not.toContain("the alert webhook");
});
