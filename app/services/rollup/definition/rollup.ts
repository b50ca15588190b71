import { checkDefinition } from "./check";
import type { Condition } from "./condition";

/** The types that a key may have. Keys are texts in the code whatever they are in the database. */
export type KeyType = "text" | "uuid" | "integer" | "bigint";

/**
 * A table whose rows are counted. `shop`: the column that says whose a row is. `parent`: the source whose row, in the
 * same shop, may decide whether rows count; `column` holds its key.
 */
export type Source = {
  table: string;
  key: string;
  /** "text" without it. */
  keyType?: KeyType;
  shop: string;
  parent?: { source: string; column: string };
};

/**
 * Rows of one source, on the UTC day of the instant `at`. With `where` a row counts only if it fulfils that condition,
 * with `parent` only if its parent does.
 */
export type Scan = { source: string; at: string; where?: Condition; parent?: Condition };

/** What the rows of one day are added up to. All of it is additive or, for a distinct count, of the day alone. */
export type Aggregate =
  | { kind: "count"; where: Condition }
  | { kind: "countDistinct"; column: string; where: Condition }
  | { kind: "sum"; column: string; where: Condition };

/** A metric's stored column, what it is called, what it counts in words, and its share from each scan. */
export type Metric<ScanName extends string = string> = {
  column: string;
  label: string;
  counts: string;
  from: Partial<Record<ScanName, Aggregate>>;
};

/** How the instants of the sources are stored: in UTC without a zone, or with one. */
export type InstantType = "timestamp" | "timestamptz";

/** All that a rollup is: what is counted, from where, and into which columns. */
export type Definition<
  Sources extends Record<string, Source> = Record<string, Source>,
  Scans extends Record<string, Scan> = Record<string, Scan>,
  Metrics extends Record<string, Metric> = Record<string, Metric>,
  CohortMetrics extends Record<string, Metric> = Record<string, Metric>,
> = {
  /** The daily table. */
  table: string;
  /** What the rollup's own tables and functions begin with: "rollup" without it. Several in one database need one each. */
  prefix?: string;
  /** The host's table of tenants. `installed`: which of them are recounted. */
  shops: { table: string; key: string; keyType?: KeyType; installed: Condition };
  instants: InstantType;
  sources: Sources;
  scans: Scans;
  /** What happened on a day: the totals of a range. */
  metrics: Metrics;
  /** What has become so far of the rows that began on a day: the cohort of a range. No name or column of `metrics`. */
  cohortMetrics?: CohortMetrics;
  /** What a read can be narrowed to, by name. Nothing is stored by it: such a read counts its days on the spot. */
  filters?: Record<string, Filter>;
};

/**
 * By source, the column that a row must have the asked value in. A source that is not named goes by its parent's; it must
 * have one that is.
 */
export type Filter = Record<string, string>;

/** All metrics with their names, in the order of their columns: those of totals first. */
export function listMetrics({ metrics, cohortMetrics = {} }: Definition): [name: string, metric: Metric][] {
  return [...Object.entries(metrics), ...Object.entries(cohortMetrics)];
}

/** Rows, all of them or those that fulfil the condition. */
export function count(where: Condition = {}): Aggregate {
  return { kind: "count", where };
}

/** Different values of a column, in all rows of the day or in those that fulfil the condition. */
export function countDistinct(column: string, where: Condition = {}): Aggregate {
  return { kind: "countDistinct", column, where };
}

/** The sum of a column of whole numbers, zero or more, over all rows of the day or those that fulfil the condition. */
export function sum(column: string, where: Condition = {}): Aggregate {
  return { kind: "sum", column, where };
}

/**
 * Checks a definition as far as its text tells, and returns it.
 *
 * @throws Error that names the part, its value and what is allowed.
 */
export function defineRollup<
  const Sources extends Record<string, Source>,
  const Scans extends Record<string, Scan>,
  const Metrics extends Record<string, Metric<keyof Scans & string>>,
  const CohortMetrics extends Record<string, Metric<keyof Scans & string>> = Record<never, never>,
>(
  definition: Definition<Sources, Scans, Metrics, CohortMetrics>,
): Definition<Sources, Scans, Metrics, CohortMetrics> & { cohortMetrics: CohortMetrics } {
  checkDefinition(definition);
  return { ...definition, cohortMetrics: definition.cohortMetrics ?? ({} as CohortMetrics) };
}
