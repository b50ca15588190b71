import { listMetricColumns } from "./count-sql";
import { toDefinitionInsert } from "./definition-row-sql";
import { toExactView } from "./exact-view-sql";
import { toFingerprint } from "./fingerprint";
import { toHostCheck } from "./host-check-sql";
import { listChildIndexes, listScanIndexes, type ScanIndex } from "./index-sql";
import { toMarkFunction } from "./mark-function-sql";
import { toMarkTriggers } from "./mark-trigger-sql";
import { toFirstMarks } from "./marking-sql";
import { toMarkFunctionName, toNames } from "./names";
import type { Definition } from "./rollup";
import { toChecksumChange } from "./seal-sql";
import { toSearchPaths } from "./search-path-sql";
import { section } from "./section";

/**
 * The statements that take a database from one definition to the next: columns, indexes, trigger functions and the view,
 * and marks for all days that have data, so that no day is served by its old meaning. Plain SQL, to be read and changed.
 * Null where both count the same. Indexes that one of `others`, the app's other definitions, goes along stay.
 *
 * @throws Error where the next definition would need other tables than the rollup has.
 */
export function toMigration(before: Definition, after: Definition, others: Definition[] = []): string | null {
  if (toFingerprint(before) === toFingerprint(after)) return null;
  requireSameTables(before, after);
  const { daily, exactView } = toNames(after);
  const sections = [
    section("What of the host's schema does not fit. A column that this migration adds must be added above.", [
      toHostCheck(after),
    ]),
    toColumnChanges(before, after),
    toIndexChanges(before, after, others),
    toMarkingChanges(before, after),
    section("The view for readers of SQL.", [`drop view if exists ${exactView};`, toExactView(after)]),
    section("Marks for every day that has data, or a row: each is counted by its new meaning from now on.", [
      `${toFirstMarks(after).replace(/;$/, "")}\nunion\nselect a.shop_id, a.date from ${daily} a;`,
    ]),
    section("What is counted from now on.", [toDefinitionInsert(after)]),
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}

function requireSameTables(before: Definition, after: Definition): void {
  const describe = ({ table, shops, prefix = "rollup" }: Definition) =>
    Object.entries({
      table,
      prefix,
      "shops.table": shops.table,
      "shops.key": shops.key,
      "shops.keyType": shops.keyType ?? "text",
    });
  const old = new Map(describe(before));
  for (const [part, value] of describe(after)) {
    if (old.get(part) === value) continue;
    throw new Error(
      `${part} is "${value}" and was "${old.get(part)}": no migration is written for that, since the rollup's tables are ` +
        "others. Give the new definition a table and a prefix of its own, and drop the old tables when it is in use.",
    );
  }
}

function toColumnChanges(before: Definition, after: Definition): string {
  const [old, own] = [listMetricColumns(before), listMetricColumns(after)];
  const added = own.filter((column) => !old.includes(column));
  const dropped = old.filter((column) => !own.includes(column));
  if (added.length + dropped.length === 0) return "";
  const { daily, exactView } = toNames(after);
  const changes = [
    ...added.map((column) => `add column ${column} integer not null default 0`),
    ...dropped.map((column) => `drop column ${column}`),
  ];
  // The view before has the columns that go, and so have the checksums of sealed days.
  const toDrop = dropped.length > 0 ? [`drop view if exists ${exactView};`, toChecksumChange(before, after)] : [];
  return section("The columns of the counts.", [...toDrop, `alter table ${daily}\n  ${changes.join(",\n  ")};`]);
}

/** Indexes to find children by are never dropped: nearly always they are the host's own. */
function toIndexChanges(before: Definition, after: Definition, others: Definition[]): string {
  const [old, own] = [listScanIndexes(before), listScanIndexes(after)];
  const has = (indexes: ScanIndex[], { name }: ScanIndex) => indexes.some((index) => index.name === name);
  const added = [
    ...own.filter((index) => !has(old, index)),
    ...listChildIndexes(after).filter((index) => !has(listChildIndexes(before), index)),
  ].map(({ sql }) => sql);
  const used = [after, ...others].flatMap(listScanIndexes);
  const dropped = old.filter((index) => !has(used, index)).map(({ name }) => `drop index if exists ${name};`);
  return [
    added.length > 0 ? section("The days of one shop, and the recent days of all shops.", [added.join("\n")]) : "",
    dropped.length > 0
      ? section("No count goes along these any more. Keep what the app's own queries use.", [dropped.join("\n")])
      : "",
  ]
    .filter(Boolean)
    .join("\n\n");
}

function toMarkingChanges(before: Definition, after: Definition): string {
  const names = Object.keys(after.sources);
  const isSameTable = (name: string) => before.sources[name]?.table === after.sources[name]?.table;
  const gone = Object.keys(before.sources).filter((name) => !isSameTable(name));
  const added = names.filter((name) => !isSameTable(name));
  const changed = names.filter(
    (name) => added.includes(name) || toMarkFunction(before, name) !== toMarkFunction(after, name),
  );
  const parts = [
    ...gone.map((name) => `drop function ${toMarkFunctionName(before, name)}() cascade;`),
    ...changed.map((name) => toMarkFunction(after, name)),
    ...added.map((name) => toMarkTriggers(after, name)),
    ...(changed.length > 0 ? [toSearchPaths(changed.map((name) => toMarkFunctionName(after, name)))] : []),
  ];
  return parts.length === 0 ? "" : section("The change log.", parts);
}
