import { expect, test } from "vitest";
import { makeServerDatabase } from "../support/process-databases";
import { startServer } from "../support/server-process";
import { waitFor } from "../support/wait";

test("an erasure that is only registered, since the process died, is done by the next one", async () => {
  const { url, query } = await makeServerDatabase();
  await query("insert into shops (id, domain, installed_at) values ('s', 's.myshopify.com', '2026-01-01')");
  await query("insert into testimonial_requests (shop_id) values ('s'), ('s')");
  await query(
    `insert into privacy_requests (topic, shop_domain, webhook_id, outcome) values ('shop/redact', 's.myshopify.com', '1', 'pending')`,
  );
  await startServer({ DATABASE_URL: url });
  await waitFor("the shop to be erased", async () => (await query("select from shops")).length === 0);
  expect(await query("select outcome, row_counts ->> 'testimonial_requests' as rows from privacy_requests")).toEqual([
    { outcome: "done", rows: "2" },
  ]);
});
