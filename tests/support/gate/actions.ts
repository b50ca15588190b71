import { expect } from "vitest";
import { testEnv } from "../../setup/settings";
import { cron } from "../call";
import { type Answer, ask, postRebuild, postRollup, postSeal, untilAnswer } from "../http";
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

/** Asks again where it was not opened, and lets it come to its end in whichever process. */
async function completeSweep(
  { query, letLeasesPass }: Scene,
  kind: string,
  open: () => Promise<Answer>,
): Promise<void> {
  const opened = await query("select from rollup_runs where kind = $1", [kind]);
  if (opened.length === 0) expect((await open()).status).toBe(202);
  await waitFor(`the end of the ${kind}`, async () => {
    const running = await query("select from rollup_runs where kind = $1 and status = 'running'", [kind]);
    if (running.length > 0) await letLeasesPass();
    return running.length === 0;
  });
  const sweeps = await query("select status, done, total, error from rollup_runs where kind = $1", [kind]);
  expect(sweeps).toEqual([{ status: "ok", done: 3, total: 3, error: null }]);
}

/** Sealed days of a shop, and how many of its rows the seal holds: null where it is not sealed. */
async function readSeals({ query }: Scene) {
  const seals = await query<{ until: string | null; rows: number | null; isWhole: boolean }>(`
select to_char(r.sealed_until, 'YYYY-MM-DD') as until, r.sealed_rows as rows,
  num_nulls(r.sealed_until, r.sealed_rows, r.sealed_checksum) in (0, 3) as "isWhole"
from rollup_shops r
order by r.shop_id`);
  for (const seal of seals) expect(seal, "a seal is there wholly or not at all").toMatchObject({ isWhole: true });
  return seals.map(({ until, rows }) => ({ until, rows }));
}

/** Four days of each shop, none of which is the writer's. */
const toSeal = { before: "2025-01-05" };

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
    complete: (scene) => completeSweep(scene, "rebuild", () => postRebuild(scene.server, toRebuild)),
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
  seal: {
    async prepare({ server }) {
      expect((await postRollup(server)).body).toMatchObject({ status: "ok", remaining: 0 });
    },
    start: (scene) => postSeal(scene.server, toSeal),
    readable: allShops,
    async expectHalf(scene) {
      const isKnown = new Set(["null", JSON.stringify({ until: toSeal.before, rows: 4 })]);
      for (const seal of await readSeals(scene))
        expect(isKnown).toContain((seal.until && JSON.stringify(seal)) || "null");
    },
    async complete(scene) {
      await completeSweep(scene, "seal", () => postSeal(scene.server, toSeal));
      expect(await readSeals(scene)).toEqual(Array(3).fill({ until: toSeal.before, rows: 4 }));
      expect((await postVerify(scene)).body).toMatchObject({
        status: "ok",
        drifted: 0,
        sealedDays: 12,
        brokenSeals: [],
      });
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
