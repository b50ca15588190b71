import { listConditionColumns, toConditionSql } from "./condition";
import type { Aggregate, Definition, Metric, Scan, Source } from "./rollup";

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

/** All scans, in the definition's order. */
export function listScans(definition: Definition): ResolvedScan[] {
  return Object.entries(definition.scans).map(([name, scan]) => {
    const source = requireEntry(definition.sources, scan.source);
    const shares = Object.values(definition.metrics).flatMap((metric) => {
      const aggregate = metric.from[name];
      return aggregate ? [{ metric, aggregate }] : [];
    });
    const parent =
      scan.parent && source.parent
        ? { source: requireEntry(definition.sources, source.parent.source), column: source.parent.column }
        : null;
    return { name, scan, source, parent, shares };
  });
}

/**
 * The columns of a scan's own rows, beside the shop, the instant and what its condition looks at, on which a count
 * depends: a row in which one of these changes counts otherwise on its day.
 */
export function listCountedColumns({ shares, parent }: ResolvedScan): string[] {
  const columns = shares.flatMap(({ aggregate }) => [
    ...(aggregate.kind === "count" ? [] : [aggregate.column]),
    ...listConditionColumns(aggregate.where),
  ]);
  return [...new Set([...columns, ...(parent ? [parent.column] : [])])];
}

/** An aggregate in SQL over the rows `alias`: a whole number, zero where there is none. */
export function toAggregateSql(alias: string, aggregate: Aggregate): string {
  const filter =
    listConditionColumns(aggregate.where).length === 0
      ? ""
      : ` filter (where ${toConditionSql(alias, aggregate.where)})`;
  if (aggregate.kind === "count") return `count(*)${filter}`;
  if (aggregate.kind === "countDistinct") return `count(distinct ${alias}.${aggregate.column})${filter}`;
  return `coalesce(sum(${alias}.${aggregate.column})${filter}, 0)`;
}

function requireEntry<T>(entries: Record<string, T>, name: string): T {
  const entry = entries[name];
  if (entry === undefined) throw new Error(`The definition has no ${JSON.stringify(name)}.`);
  return entry;
}
