import { countByDay, countEachDay as countEachDayOf, type ShopFilter, toActivity } from "../definition/count-sql";
import { listMetrics } from "../definition/rollup";
import type { Engine } from "../engine.server";

// The counts of an engine's definition, as text of its statements. Each of them has the parameter :shopIds or, on shards,
// where a statement is about one shop, :shopId.

/** The metric columns of `alias`, each wrapped by `wrap`, as a comma-separated list. */
export function listColumns(
  { definition }: Engine,
  alias: string,
  wrap: (column: string, name: string) => string = (column) => column,
): string {
  return listMetrics(definition)
    .map(([name, { column }]) => wrap(`${alias}.${column}`, name))
    .join(", ");
}

/** True in SQL where any metric of `alias` is above zero: the row of an active day. */
export function isActive({ definition }: Engine, alias: string): string {
  return toActivity(definition, alias);
}

/** A JSON object of all metrics of `alias`, keyed by metric name. */
export function toJson(engine: Engine, alias: string): string {
  return `json_build_object(${listColumns(engine, alias, (column, name) => `'${name}', ${column}`)})`;
}

/** Narrows rows to the statement's shops. On shards those are one shop, and an equality is what is routed and planned best. */
export function toShopFilter({ settings }: Engine) {
  const shops = settings.isSharded ? ":shopId" : "any(:shopIds)";
  return (alias: string, column = "shop_id") => `${alias}.${column} = ${shops}`;
}

/**
 * The shop filter of a table reference that another condition binds to these shops already. A sharded PostgreSQL wants
 * it on each, to route the whole statement to one shard. On one server it would do harm: the planner takes it for an
 * index condition, thinks the right index dear because of the array, and reads the days of all shops instead.
 */
export function toRedundantFilter(engine: Engine) {
  const filter = toShopFilter(engine);
  return (alias: string, column = "shop_id") => (engine.settings.isSharded ? `and ${filter(alias, column)}` : "");
}

/** Counts for each row of `days` (shop_id, date): one index range for each scan. For scattered days. */
export function countEachDay(engine: Engine, days: string): string {
  return countEachDayOf(engine.definition, days, toRedundantFilter(engine));
}

/**
 * Counts of all active days from :from up to :until (the end excluded): one grouped pass for each scan. For dense ranges,
 * where it is two to three times as fast as going day by day.
 */
export function countRange(engine: Engine): string {
  return countByDay(engine.definition, toShopFilter(engine), toRedundantFilter(engine));
}

/**
 * The same for every shop there is: read by time alone, so that the cost follows the rows of the range and not the
 * number of shops. For the window, and only where all shops are in one database.
 */
export function countRangeOfAll({ definition, settings }: Engine): string {
  return countByDay(
    definition,
    () => "true",
    () => "",
    { parents: settings.isSharded ? "joined" : "lookedUp" },
  );
}

/** The stored rows of the days from :from up to :until (the end excluded): what `countRange` is compared with. */
export function storedRange(engine: Engine): string {
  return selectStored(engine, toShopFilter(engine));
}

/** The same for every shop there is, beside `countRangeOfAll`. */
export function storedRangeOfAll(engine: Engine): string {
  return selectStored(engine, () => "true");
}

function selectStored({ names }: Engine, filter: ShopFilter): string {
  return `select a.*
  from ${names.daily} a
  where ${filter("a", "shop_id")}
    and a.date >= :from::date
    and a.date < :until::date`;
}
