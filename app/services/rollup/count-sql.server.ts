import { settings } from "./host.server";
import { type Metric, metricNames, metrics, type Scan, type ScanName, scans } from "./metrics";

// SQL text made of the metric table alone: no value enters it. In every statement $1 is the text[] of shops.

const scanNames = Object.keys(scans) as ScanName[];
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
export function alsoOfShops(alias: string): string {
  return settings.isSharded ? `and ${ofShops(alias)}` : "";
}

/** Counts for each row of `days` (shop_id, date): one index range for each scan. For scattered days. */
export function countEachDay(days: string): string {
  const laterals = scanNames.map((scanName) => {
    const counts = metricsOf(scanName).map(([metric, aggregate]) => `${aggregate} as ${metric.column}`);
    return `cross join lateral (
      select ${counts.join(", ")}
      from ${fromClause(scanName)}
      where x.shop_id = d.shop_id
        ${alsoOfShops("x")}
        and x.${scans[scanName].at} >= d.date
        and x.${scans[scanName].at} < d.date + 1${andWhere(scanName)}
    ) as ${toSqlName(scanName)}`;
  });
  const sums = metricNames.map((name) => {
    const parts = Object.keys(metrics[name].from).map(
      (scanName) => `${toSqlName(scanName as ScanName)}.${metrics[name].column}`,
    );
    return `(${parts.join(" + ")})::int as ${metrics[name].column}`;
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

type ShopFilter = (alias: string) => string;

const ofShops: ShopFilter = (alias) => `${alias}.shop_id = any($1::text[])`;

function selectStored(filter: ShopFilter): string {
  return `select a.*
  from testimonial_daily_analytics a
  where ${filter("a")}
    and a.date >= $2::date
    and a.date < $3::date`;
}

function groupByDay(filter: ShopFilter): string {
  const groups = scanNames.map((scanName) => {
    // All of one type: otherwise each level of the union converts all rows below it, and sums are of slow numerics.
    const own = new Map(metricsOf(scanName).map(([metric, aggregate]) => [metric.column, `(${aggregate})::int`]));
    const counts = columns.map((column) => `${own.get(column) ?? "0"} as ${column}`);
    return `select x.shop_id, x.${scans[scanName].at}::date as date, ${counts.join(", ")}
      from ${fromClause(scanName)}
      where ${filter("x")}
        and x.${scans[scanName].at} >= $2::date
        and x.${scans[scanName].at} < $3::date${andWhere(scanName)}
      group by 1, 2`;
  });
  const sums = columns.map((column) => `sum(u.${column})::int as ${column}`);
  return `select u.shop_id, u.date, ${sums.join(", ")}
    from (
      ${groups.join("\n      union all\n      ")}
    ) u
    group by u.shop_id, u.date`;
}

function metricsOf(scanName: ScanName): [Metric, string][] {
  return metricNames.flatMap((name) => {
    const metric: Metric = metrics[name];
    const aggregate = metric.from[scanName];
    return aggregate ? [[metric, aggregate]] : [];
  });
}

function fromClause(scanName: ScanName): string {
  const scan: Scan = scans[scanName];
  if (!scan.request) return `${scan.table} x`;
  return `${scan.table} x
      join testimonial_requests r
        on r.id = x.request_id
        and r.shop_id = x.shop_id
        ${alsoOfShops("r")}
        and ${scan.request}`;
}

function andWhere(scanName: ScanName): string {
  const scan: Scan = scans[scanName];
  return scan.where ? `\n        and ${scan.where}` : "";
}

function toSqlName(scanName: ScanName): string {
  return scanName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
