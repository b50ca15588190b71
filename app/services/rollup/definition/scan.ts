import { type Condition, listChildTests, listConditionColumns, type ToChildSql, toConditionSql } from "./condition";
import { toDaySql } from "./instant";
import { type Aggregate, type Definition, listMetrics, type Metric, type Scan, type Source } from "./rollup";

/** A scan with all that the definition says of it. */
export type ResolvedScan = {
  name: string;
  scan: Scan;
  source: Source;
  /** The parent's source, where the parent decides. */
  parent: { source: Source; column: string } | null;
  /** The metrics that have a share of it, with that share. */
  shares: { metric: Metric; aggregate: Aggregate }[];
};

/** All scans that a metric counts in, in the definition's order. */
export function listScans(definition: Definition): ResolvedScan[] {
  return Object.entries(definition.scans).flatMap(([name, scan]) => {
    const source = requireSource(definition, scan.source);
    const shares = listMetrics(definition).flatMap(([, metric]) => {
      const aggregate = metric.from[name];
      return aggregate ? [{ metric, aggregate }] : [];
    });
    const parent =
      scan.parent && source.parent
        ? { source: requireSource(definition, source.parent.source), column: source.parent.column }
        : null;
    return shares.length === 0 ? [] : [{ name, scan, source, parent, shares }];
  });
}

/** The scans of one source that a metric counts in. */
export function listScansOf(definition: Definition, sourceName: string): ResolvedScan[] {
  return listScans(definition).filter(({ scan }) => scan.source === sourceName);
}

/** The UTC day that a row `alias` counts on in a scan, in SQL: null where its own condition does not hold. */
export function toCountedDay({ instants }: Definition, { scan }: ResolvedScan, alias: string): string {
  const day = toDaySql(instants, `${alias}.${scan.at}`);
  return scan.where ? `case when ${toConditionSql(alias, scan.where)} then ${day} end` : day;
}

/**
 * The columns of a scan's own rows, beside the shop, the instant and what its condition looks at, on which a count
 * depends: a row in which one of these changes counts otherwise on its day.
 */
export function listCountedColumns(scan: ResolvedScan): string[] {
  const columns = scan.shares.flatMap(({ aggregate }) => [
    ...(aggregate.kind === "count" ? [] : [aggregate.column]),
    ...listConditionColumns(aggregate.where),
  ]);
  const links = [...(scan.parent ? [scan.parent.column] : []), ...(looksAtChildren(scan) ? [scan.source.key] : [])];
  return [...new Set([...columns, ...links])];
}

/** True where a row counts by what children it has. */
export function looksAtChildren({ shares }: ResolvedScan): boolean {
  return shares.some(({ aggregate }) => listChildTests(aggregate.where).length > 0);
}

/** What is asked of a source's rows by scans of their parents, each condition once. */
export function listTestsOfChild(definition: Definition, sourceName: string): Condition[] {
  const parent = definition.sources[sourceName]?.parent?.source;
  const conditions = listScans(definition)
    .filter(({ scan }) => scan.source === parent)
    .flatMap(({ shares }) => shares.flatMap(({ aggregate }) => listChildTests(aggregate.where)))
    .filter(({ source }) => source === sourceName)
    .map(({ condition }) => condition);
  return [...new Map(conditions.map((condition) => [JSON.stringify(condition), condition])).values()];
}

/** How a scan's rows are asked for a child. `alsoOfShops` narrows the child's table to the statement's shops. */
export function toChildLookup(
  definition: Definition,
  { source }: ResolvedScan,
  alsoOfShops: (alias: string, column: string) => string,
): ToChildSql {
  return (alias, { source: childName, condition }) => {
    const child = requireSource(definition, childName);
    const terms = [
      `c.${child.parent?.column} = ${alias}.${source.key}`,
      `c.${child.shop} = ${alias}.${source.shop}`,
      alsoOfShops("c", child.shop).replace(/^and /, ""),
      Object.keys(condition).length === 0 ? "" : toConditionSql("c", condition),
    ];
    return `exists (select from ${child.table} c where ${terms.filter(Boolean).join(" and ")})`;
  };
}

/** An aggregate in SQL over the rows `alias`: a whole number, zero where there is none. */
export function toAggregateSql(alias: string, aggregate: Aggregate, toChildSql: ToChildSql): string {
  const filter =
    Object.keys(aggregate.where).length === 0
      ? ""
      : ` filter (where ${toConditionSql(alias, aggregate.where, toChildSql)})`;
  if (aggregate.kind === "count") return `count(*)${filter}`;
  if (aggregate.kind === "countDistinct") return `count(distinct ${alias}.${aggregate.column})${filter}`;
  return `coalesce(sum(${alias}.${aggregate.column})${filter}, 0)`;
}

/** @throws Error where the definition has no such source. */
export function requireSource({ sources }: Definition, name: string): Source {
  const source = sources[name];
  if (!source) throw new Error(`The definition has no source ${JSON.stringify(name)}.`);
  return source;
}
