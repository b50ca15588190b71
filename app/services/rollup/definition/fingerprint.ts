import { createHash } from "node:crypto";
import type { Definition, Metric } from "./rollup";

/**
 * Tells one meaning of the daily table from another: two definitions have the same fingerprint when they count the same.
 * Names for people are left out, and so are filters, by which nothing is stored, and the order in which things are named.
 */
export function toFingerprint(definition: Definition): string {
  return createHash("sha256")
    .update(JSON.stringify(sortKeys(toMeaning(definition))))
    .digest("hex")
    .slice(0, 32);
}

/** What of a definition is counted, as plain data. */
export function toMeaning(definition: Definition): object {
  const { metrics, cohortMetrics = {}, filters: _filters, ...rest } = definition;
  const hasCohort = Object.keys(cohortMetrics).length > 0;
  return { ...rest, metrics: toColumns(metrics), ...(hasCohort && { cohortMetrics: toColumns(cohortMetrics) }) };
}

function toColumns(metrics: Record<string, Metric>): object {
  return Object.fromEntries(Object.entries(metrics).map(([name, { column, from }]) => [name, { column, from }]));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sortKeys(part)]));
}
