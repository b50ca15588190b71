import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { db } from "~/db.server";
import { action as redactCustomer } from "~/routes/webhooks.customers.redact";
import { withConnection } from "../setup/server";
import { call, toRequest } from "../support/shopify";
import { addRequest, makeShop } from "../support/shops";
import { waitFor } from "../support/wait";

const email = "jo@example.com";

test("a webhook that another process is handling is answered when that one has committed, and not done again", async () => {
  const [shop, webhookId] = [await makeShop(), randomUUID()];
  await addRequest(shop, { customerEmail: email });
  await withConnection(process.env.DATABASE_URL ?? "", async (other) => {
    await other.query("begin");
    await other.query(
      "insert into handled_webhooks (shop_domain, topic, webhook_id) values ($1, 'customers/redact', $2)",
      [shop.domain, webhookId],
    );
    const body = JSON.stringify({ customer: { email } });
    const headers = { "X-Shopify-Webhook-Id": webhookId };
    let status = 0;
    const answered = call(redactCustomer, toRequest({ topic: "customers/redact", shop: shop.domain, body, headers }));
    void answered.then((response) => {
      status = response.status;
    });
    await waitFor("the duplicate to wait for the first", async () => {
      const [waiting] = await db.$queryRawUnsafe<{ count: number }[]>(
        "select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return waiting?.count === 1;
    });
    expect(status).toBe(0);
    await other.query("commit");
    expect((await answered).status).toBe(200);
  });
  expect(await db.testimonialRequest.count({ where: { shopId: shop.id } })).toBe(1);
});
