import { countByDay, countEachDay as countEachDayOf, type ShopFilter, toActivity } from "./definition/count-sql";
import { settings } from "./host.server";
import { metricNames, metrics, rollup } from "./metrics";

// The counts of this app's definition. In every statement $1 is the text[] of shops.

const columns = metricNames.map((name) => metrics[name].column);

/** The metric columns of `alias`, each wrapped by `wrap`, as a comma-separated list. */
export function listColumns(
  alias: string,
  wrap: (column: string, name: string) => string = (column) => column,
): string {
  return metricNames.map((name) => wrap(`${alias}.${metrics[name].column}`, name)).join(", ");
}

/** The bare metric columns, as an insert names them. */
export const columnList = columns.join(", ");

/** True in SQL where any metric of `alias` is above zero: the row of an active day. */
export function isActive(alias: string): string {
  return toActivity(rollup, alias);
}

/** A JSON object of the metrics of `alias`, keyed by metric name. */
export function toJson(alias: string, wrap?: (column: string) => string): string {
  return `json_build_object(${listJson(alias, wrap)})`;
}

/** The same with the row's date. */
export function toDatedJson(alias: string): string {
  return `json_build_object('date', to_char(${alias}.date, 'YYYY-MM-DD'), ${listJson(alias)})`;
}

function listJson(alias: string, wrap: (column: string) => string = (column) => column): string {
  return listColumns(alias, (column, name) => `'${name}', ${wrap(column)}`);
}

/**
 * The shop filter of a table reference that another condition binds to these shops already. A sharded PostgreSQL wants
 * it on each, to route the whole statement to one shard. On one server it would do harm: the planner takes it for an
 * index condition, thinks the right index dear because of the array, and reads the days of all shops instead.
 */
export function alsoOfShops(alias: string, column = "shop_id"): string {
  return settings.isSharded ? `and ${ofShops(alias, column)}` : "";
}

/** Counts for each row of `days` (shop_id, date): one index range for each scan. For scattered days. */
export function countEachDay(days: string): string {
  return countEachDayOf(rollup, days, alsoOfShops);
}

/**
 * Counts of all active days from $2 up to $3 (dates, the end excluded): one grouped pass for each scan. For dense
 * ranges, where it is two to three times as fast as going day by day.
 */
export function countRange(): string {
  return countByDay(rollup, ofShops, alsoOfShops);
}

/**
 * The same for every shop there is: read by time alone, so that the cost follows the rows of the range and not the
 * number of shops. For the window, and only where all shops are in one database.
 */
export function countRangeOfAll(): string {
  return countByDay(rollup, () => "true", alsoOfShops);
}

/** The stored rows of the days from $2 up to $3 (the end excluded): what `countRange` is compared with. */
export function storedRange(): string {
  return selectStored(ofShops);
}

/** The same for every shop there is, beside `countRangeOfAll`. */
export function storedRangeOfAll(): string {
  return selectStored(() => "true");
}

function ofShops(alias: string, column: string): string {
  return `${alias}.${column} = any($1::text[])`;
}

function selectStored(filter: ShopFilter): string {
  return `select a.*
  from ${rollup.table} a
  where ${filter("a", "shop_id")}
    and a.date >= $2::date
    and a.date < $3::date`;
}
