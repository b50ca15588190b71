import { type Engine, perEngine } from "../engine.server";
import { toBatches } from "../jobs/shops.server";
import type { Failure, ShopStep, Tally } from "../jobs/tally.server";
import { deleteOfGoneShops } from "../marks/marked-shops.server";
import { execute } from "../query.server";
import { toRedundantFilter } from "../recount/count-sql";
import { shopKey, shopTable } from "../shop-sql";
import { listFailingIds } from "./failing-shop-list.server";

// Writes the engine's rows of shops that say which are failing.

/** Records that these shops fail, and in what. One that failed already keeps its instant. */
export async function recordFailures(engine: Engine, failures: Map<string, Failure>): Promise<void> {
  for (const batch of toBatches([...failures], engine.settings.batchShops)) {
    await execute(engine, recordStatement(engine), {
      shopIds: batch.map(([shopId]) => shopId),
      errors: batch.map(([, { error }]) => error),
      steps: batch.map(([, { step }]) => step),
    });
  }
}

/**
 * :shopIds, :errors and :steps side by side. Nothing is kept of a shop that is gone by now. One that failed already keeps
 * its instant, and stays in the harder of its steps.
 */
const recordStatement = perEngine((engine) => {
  const { shops } = engine.names;
  const key = shopKey(engine);
  return `
insert into ${shops} (shop_id, failing_since, failing_reason, failing_in)
select ${key}, timezone('utc', now()), f.error, f.step
from ${shopTable(engine)}
join unnest(:shopIds, :errors::text[], :steps::text[]) as f (shop_id, error, step) on f.shop_id = ${key}
where ${key} = any(:shopIds)
order by ${key}
on conflict (shop_id) do update
set failing_since = coalesce(${shops}.failing_since, excluded.failing_since),
  failing_reason = excluded.failing_reason,
  failing_in = case when ${shops}.failing_in = 'comparison' then 'comparison' else excluded.failing_in end`;
});

/**
 * Records which shops are right again: those that the run has recounted, and those that it could compare and that have
 * nothing marked. What began to fail during it, in another run, it has not mended.
 */
export async function recordMended(engine: Engine, runId: string, tally: Tally): Promise<void> {
  const { batchShops } = engine.settings;
  const right = (await listFailingIds(engine)).filter((shopId) => !tally.failures.has(shopId));
  const compared = right.filter((shopId) => tally.comparedShopIds.has(shopId));
  const recounted = right.filter((shopId) => tally.shopIds.has(shopId));
  for (const shopIds of toBatches(compared, batchShops)) {
    await execute(engine, passComparisonStatement(engine), { shopIds, runId });
    await execute(engine, mendUnmarkedStatement(engine), { shopIds, runId });
  }
  for (const shopIds of toBatches(recounted, batchShops)) {
    await execute(engine, mendRecountedStatement(engine), { shopIds, runId });
  }
}

/** True for a shop that was failing when the run began, or whose row a clock that was ahead has timed. */
const beforeRun = ({ names }: Engine) => `not exists (
    select
    from ${names.runs} u
    where u.id = :runId::text
      and r.failing_since between u.started_at and timezone('utc', now())
  )`;

/** Changes, by `set`, what is known of those of :shopIds that were failing in the step `from` when the run began. */
function toChange(engine: Engine, from: ShopStep, set: string, condition = "true"): string {
  return `
update ${engine.names.shops} r
set ${set}
where r.shop_id = any(:shopIds)
  and r.failing_in = '${from}'
  and ${condition}
  and ${beforeRun(engine)}`;
}

const mended = "failing_since = null, failing_reason = null, failing_in = null";

const mendRecountedStatement = perEngine((engine) => toChange(engine, "recount", mended));

/** Its days can all be counted again. What is marked of it has yet to be recounted. */
const passComparisonStatement = perEngine((engine) => toChange(engine, "comparison", "failing_in = 'recount'"));

const mendUnmarkedStatement = perEngine((engine) => {
  const marks = `select from ${engine.names.marks} m where m.shop_id = r.shop_id ${toRedundantFilter(engine)("m")}`;
  return toChange(engine, "recount", mended, `not exists (${marks})`);
});

/** Drops what is known of those shops that have no row in the host's table any more. */
export async function forgetGoneShops(engine: Engine, shopIds: string[]): Promise<void> {
  await execute(engine, deleteOfGoneShops(engine, engine.names.shops), { shopIds });
}
