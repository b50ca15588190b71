import { expect } from "vitest";
import { testEnv } from "../../setup/settings";
import { cron } from "../call";
import { type Answer, ask, postRebuild, postRollup, untilAnswer } from "../http";
import { seededRange } from "../plain-sql";
import { sign } from "../signature";
import { waitFor } from "../wait";
import type { Action } from "./points";
import { expectClear, type Scene } from "./scene";

type Steps = {
  /** What must be there before it begins. */
  prepare: (scene: Scene) => Promise<void>;
  start: (scene: Scene) => Promise<Answer>;
  /** The shops whose reads are exact all the while. */
  readable: string[];
  /** What there is to see at once after the fault. */
  expectHalf: (scene: Scene) => Promise<void>;
  /** Lets the work come to its end, as its caller would or by itself. */
  complete: (scene: Scene) => Promise<void>;
};

const nothing = async () => undefined;
const allShops = ["shop-1", "shop-2", "shop-3"];

function postVerify({ server }: Scene): Promise<Answer> {
  return ask(`${server.url}/jobs/verify`, { method: "POST", headers: cron });
}

/** Corrupts stored rows so that no trigger sees it. */
async function drift({ query }: Scene): Promise<void> {
  await query(`
set session_replication_role = replica;
update testimonial_daily_analytics set requests_sent = 9 where shop_id <> 'shop-3' and date = '2025-01-20'`);
}

async function completeRebuild({ server, query, letLeasesPass }: Scene): Promise<void> {
  const opened = await query("select from rollup_runs where kind = 'rebuild'");
  if (opened.length === 0) expect((await postRebuild(server, toRebuild)).status).toBe(202);
  await waitFor("the end of the rebuild", async () => {
    const running = await query("select from rollup_runs where kind = 'rebuild' and status = 'running'");
    if (running.length > 0) await letLeasesPass();
    return running.length === 0;
  });
  const rebuilds = await query("select status, done, total, error from rollup_runs where kind = 'rebuild'");
  expect(rebuilds).toEqual([{ status: "ok", done: 3, total: 3, error: null }]);
}

const toRebuild = { fromDate: seededRange.from, toDate: seededRange.to };

function redactShop({ server }: Scene): Promise<Answer> {
  const headers = {
    "X-Shopify-Topic": "shop/redact",
    "X-Shopify-Shop-Domain": "shop-1.myshopify.com",
    "X-Shopify-Hmac-Sha256": sign("{}", testEnv.SHOPIFY_API_SECRET),
    "X-Shopify-API-Version": "2026-10",
    "X-Shopify-Webhook-Id": "1",
  };
  return ask(`${server.url}/webhooks/shop/redact`, { method: "POST", headers, body: "{}" });
}

/** Rows that are left of shop-1, one number for each table that knows it. */
async function countRedacted({ query }: Scene): Promise<number[]> {
  const rows = await query<{ count: number }>(`
select count(*)::int as count from shops where id = 'shop-1'
union all select count(*)::int from testimonial_requests where shop_id = 'shop-1'
union all select count(*)::int from testimonial_request_events where shop_id = 'shop-1'
union all select count(*)::int from testimonial_submissions where shop_id = 'shop-1'
union all select count(*)::int from testimonial_daily_analytics where shop_id = 'shop-1'
union all select count(*)::int from rollup_marks where shop_id = 'shop-1'
union all select count(*)::int from rollup_runs where shop_id = 'shop-1'
union all select count(*)::int from "Session" where shop = 'shop-1.myshopify.com'`);
  return rows.map(({ count }) => count);
}

export const actions: Record<Action, Steps> = {
  run: {
    prepare: nothing,
    start: (scene) => postRollup(scene.server),
    readable: allShops,
    expectHalf: nothing,
    complete: nothing,
  },
  rebuild: {
    prepare: nothing,
    start: (scene) => postRebuild(scene.server, toRebuild),
    readable: allShops,
    expectHalf: nothing,
    complete: completeRebuild,
  },
  verify: {
    async prepare(scene) {
      expect((await postRollup(scene.server)).body).toMatchObject({ status: "ok", remaining: 0 });
      await drift(scene);
    },
    start: postVerify,
    // Until the verification has found it, nobody can know of the others' drift.
    readable: ["shop-3"],
    expectHalf: nothing,
    async complete(scene) {
      await scene.letLeasesPass();
      const again = await untilAnswer(
        "a verification",
        () => postVerify(scene),
        (answer) => answer.status === 200,
      );
      // What the first had marked waits for the next run, as every mark does.
      expect(again.body).toMatchObject({ status: "ok", driftedAfter: 0 });
      expect((await postVerify(scene)).body).toMatchObject({ status: "ok", drifted: 0 });
    },
  },
  redact: {
    async prepare({ server, query }) {
      expect((await postRollup({ url: server.url })).body).toMatchObject({ status: "ok", remaining: 0 });
      await query("insert into rollup_marks (shop_id, date) values ('shop-1', '2025-01-05')");
      await query(
        "insert into rollup_runs (kind, trigger, shop_id, status) values ('rebuild', 'operator', 'shop-1', 'ok')",
      );
    },
    start: redactShop,
    readable: ["shop-2", "shop-3"],
    async expectHalf(scene) {
      const left = new Set((await countRedacted(scene)).map((count) => count > 0));
      expect([...left], "all of the shop is there, or nothing").toHaveLength(1);
    },
    async complete(scene) {
      // Shopify delivers again what was not answered with 200.
      await untilAnswer(
        "the webhook to be taken",
        () => redactShop(scene),
        (answer) => {
          expectClear(answer, [200, 503]);
          return answer.status === 200;
        },
      );
      // Once it is taken, it is done from the register, by whichever process is alive.
      await waitFor("the shop to be erased", async () => (await countRedacted(scene)).every((count) => count === 0));
      expect(await scene.query("select outcome from privacy_requests")).toEqual([{ outcome: "done" }]);
    },
  },
};
