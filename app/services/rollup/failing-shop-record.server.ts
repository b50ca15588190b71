import type { Prisma } from "@prisma/client";
import { alsoOfShops } from "./count-sql.server";
import { db, settings } from "./host.server";
import { toBatches } from "./shop.server";
import type { Failure, Tally } from "./tally.server";

// The rows of rollup_shops that say which shops are failing.

export type FailingShop = { shopId: string; since: Date; reason: string };
/** All that are failing: how many, since when the first of them, and some of them by name. */
export type FailingShops = { count: number; since: Date | null; shops: FailingShop[] };

/** Records that these shops fail, and in what. One that failed already keeps its instant. */
export async function recordFailures(failures: Map<string, Failure>): Promise<void> {
  for (const batch of toBatches([...failures], settings.batchShops)) {
    await db.$executeRawUnsafe(
      recordStatement,
      batch.map(([shopId]) => shopId),
      batch.map(([, { error }]) => error),
      batch.map(([, { step }]) => step),
    );
  }
}

/**
 * Records which shops are right again: those that the run has recounted, and those that it could compare and that have
 * nothing marked. What began to fail during it, in another run, it has not mended.
 */
export async function recordMended(runId: string, tally: Tally): Promise<void> {
  const right = (await listFailingIds()).filter((shopId) => !tally.failures.has(shopId));
  const compared = right.filter((shopId) => tally.comparedShopIds.has(shopId));
  const recounted = right.filter((shopId) => tally.shopIds.has(shopId));
  for (const shopIds of toBatches(compared, settings.batchShops)) {
    await db.$executeRawUnsafe(passComparisonStatement, shopIds, runId);
    await db.$executeRawUnsafe(mendUnmarkedStatement, shopIds, runId);
  }
  for (const shopIds of toBatches(recounted, settings.batchShops)) {
    await db.$executeRawUnsafe(mendRecountedStatement, shopIds, runId);
  }
}

/** Installed shops that are failing and have nothing marked, or could not be compared: no recount will tell of them. */
export async function listSilentFailures(limit: number): Promise<string[]> {
  const rows = await db.$queryRawUnsafe<{ shopId: string }[]>(
    `
select r.shop_id as "shopId"
from rollup_shops r
join shops s on s.id = r.shop_id
where r.failing_since is not null
  and s.uninstalled_at is null
  and (r.failing_in = 'comparison' or not exists (select from rollup_marks i where i.shop_id = r.shop_id))
order by random()
limit $1::int`,
    limit,
  );
  return rows.map(({ shopId }) => shopId);
}

/** How many installed shops are failing, since when the first of them, and the first `limit`. */
export async function readRecordedFailures(client: Prisma.TransactionClient, limit: number): Promise<FailingShops> {
  const [sum] = await client.$queryRawUnsafe<{ count: number; since: Date | null }[]>(
    `select count(*)::int as count, min(f.failing_since) as since from (${failingInstalled}) f`,
  );
  if (!sum || sum.count === 0) return { count: 0, since: null, shops: [] };
  const shops = await client.$queryRawUnsafe<FailingShop[]>(
    `
select f.shop_id as "shopId", f.failing_since as since, f.failing_reason as reason
from (${failingInstalled}) f
order by f.failing_since, f.shop_id
limit $1::int`,
    limit,
  );
  return { ...sum, shops };
}

/** Drops what is known of those shops that have no row in shops any more. */
export async function forgetGoneShops(shopIds: string[]): Promise<void> {
  await db.$executeRawUnsafe(
    `
delete from rollup_shops r
where r.shop_id = any($1::text[])
  and not exists (select from shops s where s.id = r.shop_id and s.id = any($1::text[]))`,
    shopIds,
  );
}

const failingInstalled = `
  select r.shop_id, r.failing_since, r.failing_reason
  from rollup_shops r
  join shops s on s.id = r.shop_id
  where r.failing_since is not null
    and s.uninstalled_at is null`;

/** All shops that are failing, installed or not. */
export async function listFailingIds(): Promise<string[]> {
  const rows = await db.$queryRawUnsafe<{ shopId: string }[]>(
    'select r.shop_id as "shopId" from rollup_shops r where r.failing_since is not null order by r.shop_id',
  );
  return rows.map(({ shopId }) => shopId);
}

/**
 * $1 shops, $2 errors, $3 steps. Nothing is kept of a shop that is gone by now. One that failed already keeps its
 * instant, and stays in the harder of its steps.
 */
const recordStatement = `
insert into rollup_shops (shop_id, failing_since, failing_reason, failing_in)
select s.id, timezone('utc', now()), f.error, f.step
from shops s
join unnest($1::text[], $2::text[], $3::text[]) as f (shop_id, error, step) on f.shop_id = s.id
where s.id = any($1::text[])
order by s.id
on conflict (shop_id) do update
set failing_since = coalesce(rollup_shops.failing_since, excluded.failing_since),
  failing_reason = excluded.failing_reason,
  failing_in = case when rollup_shops.failing_in = 'comparison' then 'comparison' else excluded.failing_in end`;

/** $2 the run: true for a shop that was failing when it began, or whose row a clock that was ahead has timed. */
const beforeRun = `not exists (
    select
    from rollup_runs u
    where u.id = $2::text
      and r.failing_since between u.started_at and timezone('utc', now())
  )`;

const mended = "failing_since = null, failing_reason = null, failing_in = null";

const mendRecountedStatement = `
update rollup_shops r
set ${mended}
where r.shop_id = any($1::text[])
  and r.failing_in = 'recount'
  and ${beforeRun}`;

/** Its days can all be counted again. What is marked of it has yet to be recounted. */
const passComparisonStatement = `
update rollup_shops r
set failing_in = 'recount'
where r.shop_id = any($1::text[])
  and r.failing_in = 'comparison'
  and ${beforeRun}`;

const mendUnmarkedStatement = `
update rollup_shops r
set ${mended}
where r.shop_id = any($1::text[])
  and r.failing_in = 'recount'
  and not exists (
    select from rollup_marks i where i.shop_id = r.shop_id ${alsoOfShops("i")}
  )
  and ${beforeRun}`;
