import { listConditionColumns } from "./condition";
import type { Definition } from "./rollup";
import { listScans, looksAtChildren } from "./scan";

/** An index that counts go along. They need no row of it in which its instant, where it has one, is null. */
export type ScanIndex = { name: string; table: string; columns: string[]; instant: string | null; sql: string };

/** PostgreSQL keeps so many characters of a name. */
const maxNameLength = 63;

/**
 * Two indexes for each instant that a scan counts by: the days of one shop, and the recent days of all shops. Columns that
 * the scan's condition asks for one value of come before the instant. A host may have one of them already. A row without
 * the instant is in the first index of its source alone, by which all rows of a shop are found: most rows have not all of
 * their instants when they are written.
 */
export function listScanIndexes(definition: Definition): ScanIndex[] {
  const whole = new Set<string>();
  const indexes = listScans(definition).flatMap(({ scan, source }) => {
    const fixed = listConditionColumns(scan.where).filter((column) => isOneValue(scan.where?.[column]));
    const isWhole = !whole.has(source.table);
    whole.add(source.table);
    return [
      toIndex(source.table, [source.shop, ...fixed, scan.at], { instant: scan.at, isWhole }),
      toIndex(source.table, [...fixed, scan.at, source.shop], { instant: scan.at }),
    ];
  });
  return listOnce(indexes);
}

/** Indexes to find the children of a row by, where either decides over the other. Most hosts have them already. */
export function listChildIndexes(definition: Definition): ScanIndex[] {
  const scans = listScans(definition);
  const indexes = Object.values(definition.sources).flatMap(({ table, parent }) => {
    const isUsed = scans.some(
      (scan) =>
        (scan.parent && scan.source.table === table) || (scan.scan.source === parent?.source && looksAtChildren(scan)),
    );
    return parent && isUsed ? [toIndex(table, [parent.column])] : [];
  });
  return listOnce(indexes);
}

/** The first of each name, which is the whole one where there is one. */
function listOnce(indexes: ScanIndex[]): ScanIndex[] {
  return indexes.filter(({ name }, place) => indexes.findIndex((index) => index.name === name) === place);
}

type Rows = { instant?: string | null; isWhole?: boolean };

/** An index, named after its table and columns: of all rows where it is whole, or of those that have its instant. */
export function toIndex(
  table: string,
  columns: string[],
  { instant = null, isWhole = instant === null }: Rows = {},
): ScanIndex {
  const name = `${`${table}_${columns.join("_")}`.slice(0, maxNameLength - "_idx".length)}_idx`;
  const where = isWhole ? "" : ` where ${instant} is not null`;
  const sql = `create index if not exists ${name} on ${table} (${columns.join(", ")})${where};`;
  return { name, table, columns, instant, sql };
}

function isOneValue(test: unknown): boolean {
  return test !== undefined && (test === null || typeof test !== "object");
}
