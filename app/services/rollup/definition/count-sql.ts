import { toConditionSql } from "./condition";
import { toDaySql, toStartSql } from "./instant";
import { type Definition, listMetrics } from "./rollup";
import { listScans, type ResolvedScan, toAggregateSql, toChildLookup } from "./scan";

// SQL text made of a definition alone: no value enters it but by named parameters, ":from" for one.

/** A condition that narrows the rows `alias` to some shops by their column, or "true". */
export type ShopFilter = (alias: string, column: string) => string;

/** The same where another condition binds the rows to these shops already, as "and …", or "" where none is wanted. */
export type RedundantFilter = (alias: string, column: string) => string;

/** The stored columns of the metrics, in order. */
export function listMetricColumns(definition: Definition): string[] {
  return listMetrics(definition).map(([, { column }]) => column);
}

/** True in SQL where any metric of `alias` is above zero: the row of an active day. */
export function toActivity(definition: Definition, alias: string): string {
  return `greatest(${listMetricColumns(definition)
    .map((column) => `${alias}.${column}`)
    .join(", ")}) > 0`;
}

/** Counts for each row of `days` (shop_id, date): one index range for each scan. For scattered days. */
export function countEachDay(definition: Definition, days: string, alsoOfShops: RedundantFilter): string {
  const scans = listScans(definition);
  const laterals = scans.map((scan) => {
    const toChildSql = toChildLookup(definition, scan, alsoOfShops);
    const counts = scan.shares.map(
      ({ metric, aggregate }) => `${toAggregateSql("x", aggregate, toChildSql)} as ${metric.column}`,
    );
    return `cross join lateral (
      select ${counts.join(", ")}
      from ${toFrom(scan, alsoOfShops, "joined")}
      where x.${scan.source.shop} = d.shop_id
        ${alsoOfShops("x", scan.source.shop)}
        and ${isWithin(definition, scan, "d.date", "d.date + 1")}${toAndWhere(scan)}
    ) as ${toAlias(scan)}`;
  });
  const sums = listMetricColumns(definition).map((column) => {
    const parts = scans.filter(({ shares }) => shares.some(({ metric }) => metric.column === column));
    return `(${parts.map((scan) => `${toAlias(scan)}.${column}`).join(" + ")})::int as ${column}`;
  });
  return `select d.shop_id, d.date, ${sums.join(", ")}
    from ${days} d
    ${laterals.join("\n    ")}`;
}

/**
 * How the rows that decide over others are found: by a join, or each by its key ("offset 0"), which costs less where few are
 * asked for, and never more than their number; the planner may read the whole table for them.
 */
type Parents = "joined" | "lookedUp";

/** `bounds`: the first day and the day after the last. `narrow`: a further condition on a scan's rows `x`, as "and …". */
type Pass = { parents?: Parents; bounds?: [from: string, until: string]; narrow?: (scan: ResolvedScan) => string };

/** Counts of all active days from :from up to :until (dates, the end excluded): one grouped pass for each scan. */
export function countByDay(
  definition: Definition,
  filter: ShopFilter,
  alsoOfShops: RedundantFilter,
  { parents = "joined", bounds: [from, until] = [":from::date", ":until::date"], narrow = () => "" }: Pass = {},
): string {
  const columns = listMetricColumns(definition);
  const groups = listScans(definition).map((scan) => {
    const toChildSql = toChildLookup(definition, scan, alsoOfShops);
    // All of one type: otherwise each level of the union converts all rows below it, and sums are of slow numerics.
    const own = new Map(
      scan.shares.map(({ metric, aggregate }) => [
        metric.column,
        `(${toAggregateSql("x", aggregate, toChildSql)})::int`,
      ]),
    );
    const counts = columns.map((column) => `${own.get(column) ?? "0"} as ${column}`);
    const day = toDaySql(definition.instants, `x.${scan.scan.at}`);
    return `select x.${scan.source.shop} as shop_id, ${day} as date, ${counts.join(", ")}
      from ${toFrom(scan, alsoOfShops, parents)}
      where ${filter("x", scan.source.shop)}
        and ${isWithin(definition, scan, from, until)}${toAndWhere(scan)}${narrow(scan)}
      group by 1, 2`;
  });
  const sums = columns.map((column) => `sum(u.${column})::int as ${column}`);
  return `select u.shop_id, u.date, ${sums.join(", ")}
    from (
      ${groups.join("\n      union all\n      ")}
    ) u
    group by u.shop_id, u.date`;
}

function toFrom({ source, scan, parent }: ResolvedScan, alsoOfShops: RedundantFilter, parents: Parents): string {
  if (!parent) return `${source.table} x`;
  const isParent = `r.${parent.source.key} = x.${parent.column}
        and r.${parent.source.shop} = x.${source.shop}
        ${alsoOfShops("r", parent.source.shop)}
        and ${toConditionSql("r", scan.parent)}`;
  return parents === "joined"
    ? `${source.table} x
      join ${parent.source.table} r
        on ${isParent}`
    : `${source.table} x
      cross join lateral (
        select
        from ${parent.source.table} r
        where ${isParent}
        offset 0
      ) r`;
}

function isWithin({ instants }: Definition, { scan }: ResolvedScan, from: string, until: string): string {
  return `x.${scan.at} >= ${toStartSql(instants, from)}
        and x.${scan.at} < ${toStartSql(instants, until)}`;
}

function toAndWhere({ scan }: ResolvedScan): string {
  return scan.where ? `\n        and ${toConditionSql("x", scan.where)}` : "";
}

function toAlias({ name }: ResolvedScan): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
