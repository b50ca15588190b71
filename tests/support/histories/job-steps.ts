import fc from "fast-check";
import type { Day } from "~/services/rollup/day";
import { call, cron } from "../call";
import { expectSame, unchanged } from "./check";
import { type Context, type Outcome, toAppStep } from "./step";

export const runRollup = toAppStep("run", fc.constantFrom("", "?window=7", "?window=31"), drain);

/** The second of two runs over the same data has nothing to do. */
export const runTwice = toAppStep("run twice", fc.constant(""), async (context, query) => {
  const outcome = await drain(context, query);
  const again = await postRollup(context, query);
  const idle = { days: again.days, written: again.rowsWritten, deleted: again.rowsDeleted };
  expectSame("a second run", idle, { days: 0, written: 0, deleted: 0 }, context.figures);
  return outcome;
});

/** With no time at all, a run does a batch, and says truly what is left. */
export const runInHaste = toAppStep("run out of time", fc.constant(0), async (context, budgetMs) => {
  const { app, world, figures, lines } = context;
  lines.push(`  runRollup with a budget of ${budgetMs} ms`);
  const result = await app.instance.run({ trigger: "cron", today: world.today as Day, budgetMs });
  const installed = new Set(world.shops.filter((shop) => shop.state === "installed").map((shop) => shop.id));
  const left = (await listMarks(context)).filter((mark) => installed.has(mark.shopId));
  expectSame("what a run without time leaves", result?.remaining, left.length, figures);
  return { change: { written: result?.rowsWritten ?? 0, deleted: result?.rowsDeleted ?? 0 } };
});

export const verify = toAppStep("verify", fc.constantFrom("", "", "?sample=2"), async (context, query) => {
  context.lines.push(`  POST /jobs/verify${query}`);
  const response = await call(context.app.verify, `/jobs/verify${query}`, { method: "POST", headers: cron });
  const { status, drifted, driftedAfter, alert } = await response.json();
  const clean = { status: "ok", drifted: 0, driftedAfter: 0, alert: false };
  expectSame("a verification", { status, drifted, driftedAfter, alert }, clean, context.figures);
  return { change: unchanged };
});

async function drain(context: Context, query: string): Promise<Outcome> {
  const { world, figures } = context;
  const answer = await postRollup(context, query);
  const end = { status: answer.status, remaining: answer.remaining, failedShops: answer.failedShops };
  expectSame("the end of a run", end, { status: "ok", remaining: 0, failedShops: [] }, figures);
  const waiting = new Set(world.shops.filter((shop) => shop.state === "uninstalled").map((shop) => shop.id));
  const left = (await listMarks(context)).filter((mark) => !waiting.has(mark.shopId));
  expectSame("the marks that a run leaves", left, [], figures);
  return {
    change: { written: answer.rowsWritten, deleted: answer.rowsDeleted },
    exact: { shops: world.shops.filter((shop) => shop.state === "installed"), isMeant: () => true },
  };
}

type RollupAnswer = {
  status: string;
  days: number;
  rowsWritten: number;
  rowsDeleted: number;
  remaining: number;
  failedShops: unknown[];
};

export async function postRollup({ app, lines }: Context, query = ""): Promise<RollupAnswer> {
  lines.push(`  POST /jobs/rollup${query}`);
  const response = await call(app.rollup, `/jobs/rollup${query}`, { method: "POST", headers: cron });
  return (await response.json()) as RollupAnswer;
}

function listMarks({ app }: Context): Promise<{ shopId: string; date: string | null; request: string | null }[]> {
  return app.db.$queryRawUnsafe(
    `select distinct shop_id as "shopId", date::text as date, parent_id as request from rollup_marks order by 1, 2, 3`,
  );
}
