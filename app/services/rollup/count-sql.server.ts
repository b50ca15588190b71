import { toConditionSql } from "./definition/condition";
import { toDaySql, toStartSql } from "./definition/instant";
import { listScans, type ResolvedScan, toAggregateSql } from "./definition/scan";
import { settings } from "./host.server";
import { metricNames, metrics, rollup } from "./metrics";

// SQL text made of the definition alone: no value enters it. In every statement $1 is the text[] of shops.

const scans = listScans(rollup);
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
  return `greatest(${listColumns(alias)}) > 0`;
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
  const laterals = scans.map((scan) => {
    const counts = scan.shares.map(({ metric, aggregate }) => `${toAggregateSql("x", aggregate)} as ${metric.column}`);
    return `cross join lateral (
      select ${counts.join(", ")}
      from ${fromClause(scan)}
      where x.${scan.source.shop} = d.shop_id
        ${alsoOfShops("x", scan.source.shop)}
        and ${isWithin(scan, "d.date", "d.date + 1")}${andWhere(scan)}
    ) as ${toAlias(scan)}`;
  });
  const sums = metricNames.map((name) => {
    const { column } = metrics[name];
    const parts = scans.filter(({ shares }) => shares.some(({ metric }) => metric.column === column));
    return `(${parts.map((scan) => `${toAlias(scan)}.${column}`).join(" + ")})::int as ${column}`;
  });
  return `select d.shop_id, d.date, ${sums.join(", ")}
    from ${days} d
    ${laterals.join("\n    ")}`;
}

/**
 * Counts of all active days from $2 up to $3 (dates, the end excluded): one grouped pass for each scan. For dense
 * ranges, where it is two to three times as fast as going day by day.
 */
export function countRange(): string {
  return groupByDay(ofShops);
}

/**
 * The same for every shop there is: read by time alone, so that the cost follows the rows of the range and not the
 * number of shops. For the window, and only where all shops are in one database.
 */
export function countRangeOfAll(): string {
  return groupByDay(() => "true");
}

/** The stored rows of the days from $2 up to $3 (the end excluded): what `countRange` is compared with. */
export function storedRange(): string {
  return selectStored(ofShops);
}

/** The same for every shop there is, beside `countRangeOfAll`. */
export function storedRangeOfAll(): string {
  return selectStored(() => "true");
}

type ShopFilter = (alias: string, column: string) => string;

const ofShops: ShopFilter = (alias, column) => `${alias}.${column} = any($1::text[])`;

function selectStored(filter: ShopFilter): string {
  return `select a.*
  from ${rollup.table} a
  where ${filter("a", "shop_id")}
    and a.date >= $2::date
    and a.date < $3::date`;
}

function groupByDay(filter: ShopFilter): string {
  const groups = scans.map((scan) => {
    // All of one type: otherwise each level of the union converts all rows below it, and sums are of slow numerics.
    const own = new Map(
      scan.shares.map(({ metric, aggregate }) => [metric.column, `(${toAggregateSql("x", aggregate)})::int`]),
    );
    const counts = columns.map((column) => `${own.get(column) ?? "0"} as ${column}`);
    return `select x.${scan.source.shop} as shop_id, ${toDaySql(rollup.instants, `x.${scan.scan.at}`)} as date, ${counts.join(", ")}
      from ${fromClause(scan)}
      where ${filter("x", scan.source.shop)}
        and ${isWithin(scan, "$2::date", "$3::date")}${andWhere(scan)}
      group by 1, 2`;
  });
  const sums = columns.map((column) => `sum(u.${column})::int as ${column}`);
  return `select u.shop_id, u.date, ${sums.join(", ")}
    from (
      ${groups.join("\n      union all\n      ")}
    ) u
    group by u.shop_id, u.date`;
}

function fromClause({ source, scan, parent }: ResolvedScan): string {
  if (!parent) return `${source.table} x`;
  return `${source.table} x
      join ${parent.source.table} r
        on r.${parent.source.key} = x.${parent.column}
        and r.${parent.source.shop} = x.${source.shop}
        ${alsoOfShops("r", parent.source.shop)}
        and ${toConditionSql("r", scan.parent)}`;
}

function isWithin({ scan }: ResolvedScan, from: string, until: string): string {
  const { instants } = rollup;
  return `x.${scan.at} >= ${toStartSql(instants, from)}
        and x.${scan.at} < ${toStartSql(instants, until)}`;
}

function andWhere({ scan }: ResolvedScan): string {
  return scan.where ? `\n        and ${toConditionSql("x", scan.where)}` : "";
}

function toAlias({ name }: ResolvedScan): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
