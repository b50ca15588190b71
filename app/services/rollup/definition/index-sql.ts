import { listConditionColumns } from "./condition";
import type { Definition } from "./rollup";
import { listScans } from "./scan";

/** An index that a scan's count goes along. */
export type ScanIndex = { name: string; sql: string };

/** PostgreSQL keeps so many characters of a name. */
const maxNameLength = 63;

/**
 * Two indexes for each instant that a scan counts by: the days of one shop, and the recent days of all shops. Columns that
 * the scan's condition asks for one value of come before the instant.
 */
export function listScanIndexes(definition: Definition): ScanIndex[] {
  const indexes = listScans(definition).flatMap(({ scan, source }) => {
    const fixed = listConditionColumns(scan.where).filter((column) => isOneValue(scan.where?.[column]));
    return [
      toIndex(source.table, [source.shop, ...fixed, scan.at]),
      toIndex(source.table, [...fixed, scan.at, source.shop]),
    ];
  });
  return [...new Map(indexes.map((index) => [index.name, index])).values()];
}

function toIndex(table: string, columns: string[]): ScanIndex {
  const name = `${`${table}_${columns.join("_")}`.slice(0, maxNameLength - "_idx".length)}_idx`;
  return { name, sql: `create index ${name} on ${table} (${columns.join(", ")});` };
}

function isOneValue(test: unknown): boolean {
  return test !== undefined && (test === null || typeof test !== "object");
}
