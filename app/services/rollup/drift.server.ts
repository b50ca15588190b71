import { countRange, isActive, listColumns, storedRange, toJson } from "./count-sql.server";
import type { Day, DayRange } from "./day";
import { db } from "./host.server";
import { isMarked } from "./marked-sql.server";
import type { Counts } from "./metrics";

/** A day whose stored row is not what the source tables say. Null: no row, or no data. */
export type Drift = { shopId: string; date: Day; stored: Counts | null; live: Counts | null };

/** `compared` days were active on either side; `drifted` of them differ, the first of which are in `examples`. */
export type Comparison = { compared: number; drifted: number; driftedShopIds: string[]; examples: Drift[] };

/** How many drifted days are reported one by one. */
const maxExamples = 1_000;

/** All days that a finite timestamp can lie on; the first is the earliest of PostgreSQL. */
export const allDays = { from: "4714-11-24 BC" as Day, until: "infinity" as Day } satisfies DayRange;

/**
 * Compares the daily rows of these shops with live counts in one snapshot and in both directions: missing, extra and
 * differing rows. A marked day is no drift, since reads count it live. Each drifted day is marked, in the same
 * statement, for the next recount.
 */
export function markDrift(shopIds: string[], range: DayRange): Promise<Comparison> {
  return compare(markDriftStatement, shopIds, range);
}

/** The same comparison, which marks nothing. */
export function findDrift(shopIds: string[], range: DayRange): Promise<Comparison> {
  return compare(findDriftStatement, shopIds, range);
}

/** Every day that a recount of the range would change, marked ones among them. Writes nothing. */
export function findChanges(shopIds: string[], range: DayRange): Promise<Comparison> {
  return compare(findChangesStatement, shopIds, range);
}

export function emptyComparison(): Comparison {
  return { compared: 0, drifted: 0, driftedShopIds: [], examples: [] };
}

export function addComparisons(a: Comparison, b: Comparison): Comparison {
  return {
    compared: a.compared + b.compared,
    drifted: a.drifted + b.drifted,
    driftedShopIds: [...a.driftedShopIds, ...b.driftedShopIds],
    examples: [...a.examples, ...b.examples].slice(0, maxExamples),
  };
}

async function compare(statement: string, shopIds: string[], range: DayRange): Promise<Comparison> {
  const [comparison] = await db.$queryRawUnsafe<Comparison[]>(statement, shopIds, range.from, range.until, maxExamples);
  return comparison ?? emptyComparison();
}

const differs = `(${listColumns("l")}) is distinct from (${listColumns("a")})`;

/** The relation `compared`. $1 the shops, $2 the first day, $3 the day after the last. */
const compareCounts = `
with live as (
  select l.* from (${countRange()}) l where ${isActive("l")}
),
stored as (
  ${storedRange()}
),
compared as materialized (
  select
    shop_id,
    date,
    ${differs} as differs,
    case when ${differs} and a.shop_id is not null then ${toJson("a")} end as stored,
    case when ${differs} and l.shop_id is not null then ${toJson("l")} end as live
  from live l
  full join stored a using (shop_id, date)
)`;

function report(differing: string): string {
  return `
select
  (select count(*) from compared)::int as compared,
  (select count(*) from ${differing})::int as drifted,
  coalesce((select array_agg(distinct d.shop_id) from ${differing} d), '{}') as "driftedShopIds",
  coalesce(
    (
      select json_agg(
        json_build_object(
          'shopId', e.shop_id,
          'date', to_char(e.date, 'YYYY-MM-DD'),
          'stored', e.stored,
          'live', e.live
        )
        order by e.shop_id, e.date
      )
      from (select * from ${differing} order by shop_id, date limit $4::int) e
    ),
    '[]'
  ) as examples`;
}

const drift = `drift as materialized (
  select c.*
  from compared c
  where c.differs
    and not ${isMarked("c")}
)`;

const findDriftStatement = `${compareCounts}, ${drift} ${report("drift")}`;

const markDriftStatement = `${compareCounts}, ${drift},
repair as (
  insert into rollup_marks (shop_id, date) select d.shop_id, d.date from drift d
)
${report("drift")}`;

const findChangesStatement = `${compareCounts}, changes as materialized (select * from compared where differs)
${report("changes")}`;
