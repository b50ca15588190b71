import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { call, operator } from "../call";
import { waitFor } from "../wait";
import { type App, type BatchPlan, closeApp, openApp } from "./app";
import { expectSame, unchanged } from "./check";
import { anyItem } from "./insert-steps";
import { listPlannedRanges, shiftDay } from "./instants";
import { type Context, type Outcome, toAppStep } from "./step";
import { countShop, listShops, type ModelShop, pick } from "./world";

const rebuildPlan = fc.record({
  /** One shop, installed or not; or all. */
  shop: fc.option(anyItem),
  range: fc.constantFrom(0, 0, 0, 1, 2),
  skipFirst: fc.nat(20),
  skipLast: fc.nat(4),
});

export type Scope = { shops: ModelShop[]; isMeant: (day: string) => boolean; body: Record<string, unknown> };
type Progress = {
  runId: string;
  status: string;
  rowsWritten: number;
  rowsDeleted: number;
  changed?: number;
  failedShops: { shopId: string }[];
};

export const rebuild = toAppStep("rebuild", rebuildPlan, async (context, plan) => {
  const scope = toScope(context, plan);
  const runId = await start(context, scope);
  return runId === null ? { change: unchanged } : settle(context, runId, scope, ["ok"]);
});

/** Cancelled at once. What it did by then stays, and all of it is told. */
export const cancelRebuild = toAppStep("cancel a rebuild", rebuildPlan, async (context, plan) => {
  const runId = await start(context, toScope(context, plan));
  if (runId === null) return { change: unchanged };
  context.lines.push("  DELETE /jobs/rebuild/:runId");
  await call(context.app.rebuild, `/jobs/rebuild/${runId}`, {
    method: "DELETE",
    headers: operator,
    params: { runId },
  });
  return settle(context, runId, null, ["cancelled", "ok"]);
});

export const dryRun = toAppStep("dry run", rebuildPlan, async (context, plan) => {
  const scope = toScope(context, plan);
  const { shops, isMeant } = scope;
  const runId = await start(context, { ...scope, body: { ...scope.body, dryRun: true } });
  if (runId === null) return { change: unchanged };
  await settle(context, runId, null, ["ok"]);
  const { changed } = await getProgress(context.app, runId);
  const wrong = shops.flatMap((shop) => listWrongDays(context, shop).filter(isMeant));
  expectSame("the days that a dry run would change", changed, wrong.length, context.figures);
  return { change: unchanged };
});

const batchPlan: fc.Arbitrary<BatchPlan> = fc.record({
  days: fc.constantFrom(2000, 1, 3),
  shops: fc.constantFrom(100, 1, 2),
});

/**
 * The app stops as a signal stops it, with a rebuild under way or without, and starts again: the database client, or the
 * embedded database, is closed and every module of the app is loaded anew. The rebuild is continued to its end.
 */
export const restart = toAppStep(
  "restart",
  fc.record({ batch: batchPlan, rebuild: fc.option(rebuildPlan) }),
  async (context, { batch, rebuild: underWay }) => {
    const scope = underWay && toScope(context, underWay);
    const runId = scope && (await start(context, scope));
    context.lines.push(`  stop, and start with batches of ${batch.days} days and ${batch.shops} shops`);
    await closeApp(context.app);
    context.app = await openApp(batch);
    return runId ? settle(context, runId, scope, ["ok"]) : { change: unchanged };
  },
);

function toScope(
  { world }: Context,
  plan: { shop: number | null; range: number; skipFirst: number; skipLast: number },
) {
  const shops = listShops(world);
  const shop = plan.shop === null ? undefined : pick(shops, plan.shop);
  const range = listPlannedRanges(world.today)[plan.range] ?? { from: "", to: "" };
  const isNear = plan.range === 0;
  const fromDate = isNear ? shiftDay(range.from, plan.skipFirst) : range.from;
  const toDate = isNear ? shiftDay(range.to, -plan.skipLast) : range.to;
  return {
    shops: shop ? [shop] : shops,
    isMeant: (day: string) => day >= fromDate && day <= toDate,
    body: { ...(shop && { shopId: shop.id }), fromDate, toDate },
  };
}

/** Null: some of its days are sealed, and the rebuild is refused. */
async function start({ app, world, lines, figures }: Context, { shops, body }: Scope): Promise<string | null> {
  lines.push(`  POST /jobs/rebuild ${JSON.stringify(body)}`);
  const init = { method: "POST", headers: operator, body: JSON.stringify(body) };
  const response = await call(app.rebuilds, "/jobs/rebuild", init);
  const seals = shops.map((shop) => world.seals.get(shop.key)?.until ?? "");
  if (seals.some((until) => until > String(body.fromDate))) {
    const { error } = await response.json();
    expectSame("the answer to a rebuild of sealed days", [response.status, error.code], [409, "sealed"], figures);
    return null;
  }
  const progress = (await response.json()) as Progress;
  if (response.status !== 202) throw new Error(`A rebuild was refused: ${JSON.stringify(progress)}`);
  return progress.runId;
}

export async function getProgress(app: App, runId: string): Promise<Progress> {
  const response = await call(app.rebuild, `/jobs/rebuild/${runId}`, { headers: operator, params: { runId } });
  return (await response.json()) as Progress;
}

/** Waits for the rebuild to end, in whichever life of the app. */
export async function settle(context: Context, runId: string, scope: Scope | null, ends: string[]): Promise<Outcome> {
  const progress = await waitFor("a rebuild to end", async () => {
    await context.app.instance.settle();
    const now = await getProgress(context.app, runId);
    return now.status !== "running" && now;
  });
  const isExpected = ends.includes(progress.status);
  expectSame(`a rebuild that ended as ${progress.status} did so as ${ends}`, isExpected, true, context.figures);
  return {
    change: { written: progress.rowsWritten, deleted: progress.rowsDeleted },
    ...(scope && { exact: scope }),
  };
}

/** Days on which the stored row of the shop is not what the oracle counts. */
function listWrongDays({ world, stored }: Context, shop: ModelShop): string[] {
  const rows = new Map(
    [...stored.values()].filter((row) => row.shopId === shop.id).map((row) => [row.date, row.counts]),
  );
  const counted = countShop(world, shop);
  const days = [...new Set([...rows.keys(), ...counted.keys()])];
  return days.filter((day) => !isDeepStrictEqual(rows.get(day), counted.get(day)));
}
