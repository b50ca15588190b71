import { z } from "zod";
import type { Day, DayRange } from "../day";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { isMarked } from "../marks/marked-sql";
import { queryRow } from "../query.server";
import { countRange, isActive, listColumns, storedRange, toJson, toShopFilter } from "../recount/count-sql";
import { markDays } from "../recount/on-shards.server";

const countsSchema = z.record(z.string(), z.number()).nullable();

const comparisonSchema = z.object({
  compared: z.number(),
  drifted: z.number(),
  driftedShopIds: z.array(z.string()),
  examples: z.array(
    z.object({
      shopId: z.string(),
      date: z.string().transform((date) => date as Day),
      stored: countsSchema,
      live: countsSchema,
    }),
  ),
});

/** `compared` days were active on either side; `drifted` of them differ, the first of which are in `examples`. */
export type Comparison = z.infer<typeof comparisonSchema>;

/** A day whose stored row is not what the source tables say. Null: no row, or no data. */
export type Drift = Comparison["examples"][number];

/** How many drifted days are reported one by one. */
const maxExamples = 1_000;
/** More days than a shop can have. */
const allExamples = 2_147_483_647;

/** All days that a finite timestamp can lie on; the first is the earliest of PostgreSQL. */
export const allDays = { from: "4714-11-24 BC" as Day, until: "infinity" as Day } satisfies DayRange;

/**
 * Compares the daily rows of these shops with live counts in one snapshot and in both directions: missing, extra and
 * differing rows. A marked day is no drift, since reads count it live, and neither is a sealed one, which stays as stored.
 * Each drifted day is marked, in the same statement or, on shards, right after it, for the next recount: a mark more does no
 * harm.
 */
export async function markDrift(engine: Engine, shopIds: string[], range: DayRange): Promise<Comparison> {
  const [shopId] = shopIds;
  if (!engine.settings.isSharded || shopId === undefined) {
    return compare(engine, markDriftStatement(engine), shopIds, range);
  }
  const found = await compare(engine, findDriftStatement(engine), shopIds, range, allExamples);
  const drifted = found.examples.map(({ date }) => date);
  await markDays(engine, engine.db, shopId, drifted);
  return { ...found, examples: found.examples.slice(0, maxExamples) };
}

/** The same comparison, which marks nothing. */
export function findDrift(engine: Engine, shopIds: string[], range: DayRange): Promise<Comparison> {
  return compare(engine, findDriftStatement(engine), shopIds, range);
}

type ChangesOptions = {
  /** Whether sealed days are compared, too, as if they were open. */
  withSealed?: boolean;
  /** Whether each day is among the examples, however many there are. */
  ofAll?: boolean;
  client?: Statements | undefined;
};

/** Every day that a recount of the range would change, marked ones among them. Writes nothing. */
export function findChanges(
  engine: Engine,
  shopIds: string[],
  range: DayRange,
  { withSealed = false, ofAll = false, client }: ChangesOptions = {},
): Promise<Comparison> {
  const statement = withSealed ? findSealedChangesStatement(engine) : findChangesStatement(engine);
  return compare(engine, statement, shopIds, range, ofAll ? allExamples : maxExamples, client);
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

function compare(
  engine: Engine,
  sql: string,
  shopIds: string[],
  { from, until }: DayRange,
  limit = maxExamples,
  client?: Statements,
): Promise<Comparison> {
  return queryRow(engine, comparisonSchema, sql, { shopIds, from, until, limit }, client);
}

/** The relation `compared`, of :shopIds from :from up to :until: of their open days, or of sealed ones, too. */
export function compareCounts(engine: Engine, { withSealed = false } = {}): string {
  const differs = `(${listColumns(engine, "l")}) is distinct from (${listColumns(engine, "a")})`;
  return `
with live as (
  select l.* from (${countRange(engine)}) l where ${isActive(engine, "l")}
),
stored as (
  ${storedRange(engine)}
),
compared as materialized (
  select
    shop_id,
    date,
    ${differs} as differs,
    case when ${differs} and a.shop_id is not null then ${toJson(engine, "a")} end as stored,
    case when ${differs} and l.shop_id is not null then ${toJson(engine, "l")} end as live
  from live l
  full join stored a using (shop_id, date)${withSealed ? "" : onlyOpen(engine)}
)`;
}

/** Shops are few beside their days: joined, and not looked up for each day. */
function onlyOpen(engine: Engine): string {
  const ofShops = toShopFilter(engine)("r");
  return `
  left join (select r.shop_id, r.sealed_until from ${engine.names.shops} r where ${ofShops}) k using (shop_id)
  where (k.sealed_until is null or date >= k.sealed_until)`;
}

function report(differing: string): string {
  return `
select
  (select count(*) from compared)::int as compared,
  (select count(*) from ${differing})::int as drifted,
  coalesce((select array_agg(distinct d.shop_id::text) from ${differing} d), '{}') as "driftedShopIds",
  coalesce(
    (
      select json_agg(
        json_build_object(
          'shopId', e.shop_id::text,
          'date', e.date,
          'stored', e.stored,
          'live', e.live
        )
        order by e.shop_id, e.date
      )
      from (select * from ${differing} order by shop_id, date limit :limit::int) e
    ),
    '[]'
  ) as examples`;
}

function driftOf(engine: Engine): string {
  return `drift as materialized (
  select c.*
  from compared c
  where c.differs
    and not ${isMarked(engine, "c")}
)`;
}

const findDriftStatement = perEngine((engine) => `${compareCounts(engine)}, ${driftOf(engine)} ${report("drift")}`);

const markDriftStatement = perEngine(
  (engine) => `${compareCounts(engine)}, ${driftOf(engine)},
repair as (
  insert into ${engine.names.marks} (shop_id, date) select d.shop_id, d.date from drift d
)
${report("drift")}`,
);

const findChangesStatement = perEngine((engine) => toChanges(compareCounts(engine)));

const findSealedChangesStatement = perEngine((engine) => toChanges(compareCounts(engine, { withSealed: true })));

function toChanges(compared: string): string {
  return `${compared}, changes as materialized (select * from compared where differs)
${report("changes")}`;
}
