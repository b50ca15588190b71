import type { Condition, Test } from "./condition";

/**
 * A table whose rows are counted. `shop`: the column that says whose a row is. `parent`: the source whose row, in the
 * same shop, may decide whether rows count; `column` holds its key.
 */
export type Source = {
  table: string;
  key: string;
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
> = {
  /** The daily table. */
  table: string;
  /** The host's table of tenants. `installed`: which of them are recounted. */
  shops: { table: string; key: string; installed: Condition };
  instants: InstantType;
  sources: Sources;
  scans: Scans;
  metrics: Metrics;
};

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

const nameAllowed = "must be a lower-case SQL name of at most 63 letters, digits and underscores";

/**
 * Checks a definition as far as its text tells, and returns it.
 *
 * @throws Error that names the part, its value and what is allowed.
 */
export function defineRollup<
  const Sources extends Record<string, Source>,
  const Scans extends Record<string, Scan>,
  const Metrics extends Record<string, Metric<keyof Scans & string>>,
>(definition: Definition<Sources, Scans, Metrics>): Definition<Sources, Scans, Metrics> {
  requireName("table", definition.table);
  requireName("shops.table", definition.shops.table);
  requireName("shops.key", definition.shops.key);
  for (const [name, source] of Object.entries(definition.sources)) checkSource(name, source, definition.sources);
  for (const [name, scan] of Object.entries(definition.scans)) checkScan(name, scan, definition.sources);
  const columns = new Set<string>();
  for (const [name, metric] of Object.entries(definition.metrics)) {
    checkMetric(name, metric, definition.scans);
    if (columns.has(metric.column)) {
      throw new Error(`metrics.${name}.column is "${metric.column}", which another metric has; each has its own.`);
    }
    columns.add(metric.column);
  }
  return definition;
}

function checkSource(name: string, source: Source, sources: Record<string, Source>): void {
  const path = `sources.${name}`;
  requireName(path, name);
  for (const part of ["table", "key", "shop"] as const) requireName(`${path}.${part}`, source[part]);
  if (!source.parent) return;
  requireName(`${path}.parent.column`, source.parent.column);
  requireOneOf(`${path}.parent.source`, source.parent.source, Object.keys(sources));
}

function checkScan(name: string, scan: Scan, sources: Record<string, Source>): void {
  const path = `scans.${name}`;
  requireOneOf(`${path}.source`, scan.source, Object.keys(sources));
  requireName(`${path}.at`, scan.at);
  checkCondition(`${path}.where`, scan.where);
  checkCondition(`${path}.parent`, scan.parent);
  if (scan.parent && !sources[scan.source]?.parent) {
    throw new Error(`${path}.parent is given, but the source "${scan.source}" has no parent.`);
  }
}

function checkMetric(name: string, metric: Metric, scans: Record<string, Scan>): void {
  const path = `metrics.${name}`;
  requireName(`${path}.column`, metric.column);
  const from = Object.entries(metric.from);
  if (from.length === 0) throw new Error(`${path}.from is empty; a metric counts in one scan or more.`);
  for (const [scan, aggregate] of from) {
    requireOneOf(`${path}.from`, scan, Object.keys(scans));
    if (!aggregate) continue;
    checkCondition(`${path}.from.${scan}.where`, aggregate.where);
    if (aggregate.kind !== "count") requireName(`${path}.from.${scan}.column`, aggregate.column);
  }
}

function checkCondition(path: string, condition: Condition = {}): void {
  for (const [column, test] of Object.entries(condition) as [string, Test][]) {
    requireName(`${path}, a column,`, column);
    if (Array.isArray(test) && test.length === 0) {
      throw new Error(`${path}.${column} is an empty list; it must list one value or more.`);
    }
  }
}

function requireName(path: string, name: string): void {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(name)) return;
  throw new Error(`${path} is ${JSON.stringify(name)}; it ${nameAllowed}.`);
}

function requireOneOf(path: string, name: string, names: string[]): void {
  if (names.includes(name)) return;
  throw new Error(`${path} is ${JSON.stringify(name)}; it must be one of ${names.join(", ")}.`);
}
