import { expect, test } from "vitest";
import { cron } from "../support/call";
import { fingerprintStatement } from "../support/fingerprint";
import { forgeTokens } from "../support/forged-tokens";
import { ask } from "../support/http";
import { makeServerDatabase, type Query } from "../support/process-databases";
import { startServer } from "../support/server-process";
import { browser, signSessionToken, storeOfflineSession } from "../support/session-token";

const mine = "mine.myshopify.com";
const theirs = "theirs.myshopify.com";
const mark = "918273645";

/** The other shop's values: 4,321 of everything, and a mark in each text, so that none can be there by chance. */
const betrayal = new RegExp(`${mark}|4,?321`);

async function seed(query: Query): Promise<void> {
  for (const [id, domain] of [
    ["shop-mine", mine],
    [`shop-${mark}`, theirs],
  ]) {
    await query("insert into shops (id, domain) values ($1, $2)", [id, domain]);
    await storeOfflineSession(query, domain ?? "");
  }
  await query("insert into testimonial_requests (shop_id, sent_at) values ('shop-mine', now() - interval '1 day')");
  await query(
    `insert into testimonial_requests (id, shop_id, sent_at, clicked_at, customer_email, shopify_product_id)
     select '${mark}-' || n, 'shop-${mark}', now() - interval '1 day', now() - interval '1 day', '${mark}@example.com', '${mark}'
     from generate_series(1, 4321) n`,
  );
  await query(
    `insert into testimonial_submissions (shop_id, request_id, status, media_type, headline, shopify_product_id, submitted_at)
     select 'shop-${mark}', id, 'pending', 'video', 'headline ${mark}', '${mark}', sent_at from testimonial_requests
     where shop_id = 'shop-${mark}'`,
  );
}

test("whatever stands beside a shop's token, no answer holds anything of another shop, and nothing changes", async () => {
  const { url, query } = await makeServerDatabase();
  const server = await startServer({ DATABASE_URL: url });
  await seed(query);
  // Half of the readers' work comes from daily rows, half from live counts: both must keep shops apart.
  await ask(`${server.url}/jobs/rollup`, { method: "POST", headers: cron });
  await query(`update testimonial_requests set clicked_at = null where id = '${mark}-1'`);
  const tables = await query(fingerprintStatement);

  const host = Buffer.from("admin.shopify.com/store/theirs").toString("base64url");
  const forged = Object.values(forgeTokens(theirs, mine)).filter(
    (token) => /^[\w.-]+$/.test(token) && token.length < 2_000,
  );
  const others = [
    { shop: theirs },
    { shop: theirs, host },
    { shopId: `shop-${mark}` },
    { shop_id: `shop-${mark}`, id: `shop-${mark}` },
    { session: `offline_${theirs}` },
    { dest: `https://${theirs}`, domain: theirs },
    { range: "custom", last: `shop-${mark}_shop-${mark}`, shop: theirs },
    ...forged.map((token) => ({ shop: theirs, host, embedded: "1", id_token: token })),
  ];
  const today = new Date();
  const day = (offset: number) => new Date(today.getTime() + offset * 86_400_000).toISOString().slice(0, 10);
  const range = { from: day(-20), to: day(0), series: "1" };
  const pages = [
    { path: "/app/range-sum", more: range, found: '"requestsSent":1' },
    { path: "/app", more: { _data: "routes/app._index" }, found: '"requestsSent":1' },
    {
      path: "/app/testimonials/analytics",
      more: { _data: "routes/app.testimonials.analytics" },
      found: '"requestsSent":1',
    },
    { path: "/app", more: {}, found: "Dashboard" },
  ];
  let opened = 0;
  for (const { path, more, found } of pages) {
    for (const other of others) {
      const headers = {
        Authorization: `Bearer ${signSessionToken(mine)}`,
        "User-Agent": browser,
        "X-Shopify-Shop-Domain": theirs,
        Cookie: `shop=${theirs}; shopify_app_session=offline_${theirs}`,
      };
      const query = new URLSearchParams({ ...more, ...other } as Record<string, string>);
      const { status, text } = await ask(`${server.url}${path}?${query}`, { headers });
      expect(status, `${path}?${query}`).toBeLessThan(500);
      // A refusal repeats the caller's own words.
      if (status !== 400) expect(text, `${path}?${query}`).not.toMatch(betrayal);
      if (status === 200) {
        opened += 1;
        expect(text, `${path}?${query}`).toContain(found);
      }
    }
  }
  expect(opened).toBeGreaterThan(others.length);
  expect(await query(fingerprintStatement)).toEqual(tables);
});
