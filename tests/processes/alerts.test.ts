import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { findFreePort } from "../setup/server";
import { postRollup } from "../support/http";
import { seedShops } from "../support/plain-sql";
import { makeServerDatabase } from "../support/process-databases";
import { startServer } from "../support/server-process";

/** A place for alerts that refuses each of them. */
async function refuseAlerts(): Promise<string> {
  const webhook = createServer((_, response) => void response.writeHead(500).end());
  await new Promise<void>((listening) => webhook.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void webhook.close());
  return `http://127.0.0.1:${(webhook.address() as AddressInfo).port}`;
}

const webhooks = {
  "no webhook": { open: async () => "", complaint: undefined },
  "a webhook that nobody answers": {
    open: async () => `http://127.0.0.1:${await findFreePort()}`,
    complaint: "the alert webhook could not be reached",
  },
  "a webhook that refuses": { open: refuseAlerts, complaint: "the alert webhook refused an alert" },
};

test.for(Object.keys(webhooks) as (keyof typeof webhooks)[])(
  "with %s an alert is an error line of the log, and the run goes on",
  async (name) => {
    const { open, complaint } = webhooks[name];
    const { url, query } = await makeServerDatabase();
    await seedShops(query, 2);
    await query("alter table testimonial_daily_analytics add constraint fails check (shop_id <> 'shop-1')");
    const server = await startServer({ DATABASE_URL: url, LOG_LEVEL: "info", ALERT_WEBHOOK_URL: await open() });
    const answer = await postRollup(server);
    expect(answer).toMatchObject({ status: 207, body: { status: "partial", shops: 1 } });

    const lines = server.output().trim().split("\n");
    const errors = lines.map((line) => JSON.parse(line)).filter(({ level }) => level === "error");
    expect(errors.filter(({ alert }) => alert)).toEqual([
      {
        level: "error",
        time: expect.any(String),
        alert: true,
        failedShops: answer.body.failedShops,
        msg: expect.stringContaining("the recount fails for shop-1 ("),
      },
    ]);
    expect(errors.map(({ msg }) => msg).filter((msg) => msg.includes("webhook"))).toEqual(complaint ? [complaint] : []);
  },
);
