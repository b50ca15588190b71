import { type AllowedChildren, checkCondition } from "./check-condition";
import { requireName, requireOneOf } from "./check-name";
import { listOwnNames, toNames } from "./names";
import type { Definition, Filter, Metric, Scan, Source } from "./rollup";

const keyTypes = ["text", "uuid", "integer", "bigint"];

/** @throws Error that names the part, its value and what is allowed. */
export function checkDefinition(definition: Definition): void {
  const { shops, sources, scans, metrics, cohortMetrics = {}, instants } = definition;
  checkNames(definition);
  requireOneOf("shops.keyType", shops.keyType ?? "text", keyTypes);
  requireOneOf("instants", instants, ["timestamp", "timestamptz"]);
  checkCondition("shops.installed", shops.installed);
  for (const [name, source] of Object.entries(sources)) checkSource(name, source, sources);
  requireOwn("sources", "table", sources);
  for (const [name, scan] of Object.entries(scans)) checkScan(name, scan, sources);
  for (const [name, metric] of Object.entries(metrics)) checkMetric(`metrics.${name}`, metric, definition);
  for (const [name, metric] of Object.entries(cohortMetrics)) {
    checkMetric(`cohortMetrics.${name}`, metric, definition);
    if (name in metrics)
      throw new Error(`cohortMetrics.${name} has the name of a metric of metrics; each has its own.`);
  }
  for (const [name, filter] of Object.entries(definition.filters ?? {})) checkFilter(name, filter, sources);
  requireOwn("metrics", "column", { ...metrics, ...cohortMetrics });
}

/** Names as they are given, and those made of them. */
function checkNames(definition: Definition): void {
  const { table, prefix = "rollup", shops, sources } = definition;
  requireName("table", table);
  requireName("prefix", prefix);
  requireName("shops.table", shops.table);
  requireName("shops.key", shops.key);
  for (const name of Object.keys(sources)) requireName(`sources.${name}`, name);
  const made = [...listOwnNames(definition), `${toNames(definition).followShops}_on_truncate`];
  for (const name of made) requireName("A name made of table, prefix or a source's name", name);
}

function checkSource(name: string, source: Source, sources: Record<string, Source>): void {
  const path = `sources.${name}`;
  for (const part of ["table", "key", "shop"] as const) requireName(`${path}.${part}`, source[part]);
  requireOneOf(`${path}.keyType`, source.keyType ?? "text", keyTypes);
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

function checkMetric(path: string, metric: Metric, { scans, sources }: Definition): void {
  requireName(`${path}.column`, metric.column);
  const from = Object.entries(metric.from);
  if (from.length === 0) throw new Error(`${path}.from is empty; a metric counts in one scan or more.`);
  for (const [scanName, aggregate] of from) {
    requireOneOf(`${path}.from`, scanName, Object.keys(scans));
    if (!aggregate) continue;
    const children: AllowedChildren = {
      of: scans[scanName]?.source ?? "",
      names: Object.keys(sources).filter((child) => sources[child]?.parent?.source === scans[scanName]?.source),
    };
    checkCondition(`${path}.from.${scanName}.where`, aggregate.where, children);
    if (aggregate.kind !== "count") requireName(`${path}.from.${scanName}.column`, aggregate.column);
  }
}

const reserved = ["from", "to", "series"];

/** Every source has a column to go by: its own, or its parent's. */
function checkFilter(name: string, filter: Filter, sources: Record<string, Source>): void {
  const path = `filters.${name}`;
  requireName(path, name);
  if (reserved.includes(name)) throw new Error(`${path} has the name of a field of a range sum; it must have another.`);
  for (const [source, column] of Object.entries(filter)) {
    requireOneOf(path, source, Object.keys(sources));
    requireName(`${path}.${source}`, column);
  }
  for (const [source, { parent }] of Object.entries(sources)) {
    if (source in filter || (parent && parent.source in filter)) continue;
    throw new Error(`${path} names no column of the source "${source}", nor of a parent of it; it must name one.`);
  }
}

/** Each of `entries` has a value of its own there: no two of them the same. */
function requireOwn<Part extends string>(
  path: string,
  part: Part,
  entries: Record<string, Record<Part, string>>,
): void {
  const [kind] = path.split(/s$/);
  const taken = new Set<string>();
  for (const [name, { [part]: value }] of Object.entries(entries)) {
    if (taken.has(value)) {
      throw new Error(`${path}.${name}.${part} is "${value}", which another ${kind} has; each has its own.`);
    }
    taken.add(value);
  }
}
