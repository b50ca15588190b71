import { toLiteral } from "./definition/condition";
import { listMetricColumns } from "./definition/count-sql";
import { toExactView } from "./definition/exact-view-sql";
import { listScanIndexes, type ScanIndex } from "./definition/index-sql";
import { toFirstMarks, toMarkFunction, toMarkFunctionName, toMarkTriggers } from "./definition/marking-sql";
import type { Definition } from "./definition/rollup";
import { toFingerprint, toMeaning } from "./fingerprint";

/**
 * The statements that take a database from one definition to the next: columns, indexes, trigger functions and the view,
 * and marks for all days that have data, so that no day is served by its old meaning. Plain SQL, to be read and changed.
 * Null where both count the same.
 */
export function toMigration(before: Definition, after: Definition): string | null {
  if (toFingerprint(before) === toFingerprint(after)) return null;
  const sections = [
    toColumnChanges(before, after),
    toIndexChanges(before, after),
    toMarkingChanges(before, after),
    section("The view for readers of SQL.", `drop view if exists ${after.table}_exact;\n\n${toExactView(after)}`),
    section(
      "Marks for every day that has data, or a row: each is counted by its new meaning from now on.",
      `${toFirstMarks(after).replace(/;$/, "")}\nunion\nselect a.shop_id, a.date from ${after.table} a;`,
    ),
    section("What is counted from now on.", toDefinitionInsert(after)),
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}

/** The statement that leaves a definition in the database. */
export function toDefinitionInsert(definition: Definition): string {
  return `insert into rollup_definitions (rollup, fingerprint, definition)
values ('${definition.table}', '${toFingerprint(definition)}', ${toLiteral(JSON.stringify(toMeaning(definition)))});`;
}

/**
 * The last definition that a migration leaves, of the table, or null where none does.
 *
 * @param migrations the texts of all migrations, oldest first.
 */
export function findLastDefinition(migrations: string[], table: string): Definition | null {
  const insert = new RegExp(
    `insert into rollup_definitions \\(rollup, fingerprint, definition\\)\\nvalues \\('${table}', '\\w+', '(.*)'\\);`,
    "g",
  );
  const found = migrations.flatMap((text) => [...text.matchAll(insert)].map(([, json]) => json ?? ""));
  const last = found.at(-1);
  return last === undefined ? null : (JSON.parse(last.replaceAll("''", "'")) as Definition);
}

/** Gives each function its search path: this schema and, last, temporary tables. Creating one anew takes it away. */
export function toSearchPaths(functionNames: string[]): string {
  return `do $$
declare
  name text;
begin
  foreach name in array array[
    ${functionNames.map((name) => `'${name}'`).join(",\n    ")}
  ] loop
    execute format('alter function %I() set search_path = %I, pg_temp', name, current_schema());
    execute format('revoke all on function %I() from public', name);
  end loop;
end
$$;`;
}

function toColumnChanges(before: Definition, after: Definition): string {
  const [old, own] = [listMetricColumns(before), listMetricColumns(after)];
  const added = own.filter((column) => !old.includes(column));
  const dropped = old.filter((column) => !own.includes(column));
  if (added.length + dropped.length === 0) return "";
  const changes = [
    ...added.map((column) => `add column ${column} integer not null default 0`),
    ...dropped.map((column) => `drop column ${column}`),
  ];
  // The view before has the columns that go.
  const dropView = dropped.length > 0 ? `drop view if exists ${before.table}_exact;\n\n` : "";
  return section("The columns of the counts.", `${dropView}alter table ${after.table}\n  ${changes.join(",\n  ")};`);
}

function toIndexChanges(before: Definition, after: Definition): string {
  const [old, own] = [listScanIndexes(before), listScanIndexes(after)];
  const has = (indexes: ScanIndex[], { name }: ScanIndex) => indexes.some((index) => index.name === name);
  const changes = [
    ...own.filter((index) => !has(old, index)).map(({ sql }) => sql),
    ...old.filter((index) => !has(own, index)).map(({ name }) => `drop index if exists ${name};`),
  ];
  return changes.length === 0
    ? ""
    : section("The days of one shop, and the recent days of all shops.", changes.join("\n"));
}

function toMarkingChanges(before: Definition, after: Definition): string {
  const names = Object.keys(after.sources);
  const changed = names.filter(
    (name) => !before.sources[name] || toMarkFunction(before, name) !== toMarkFunction(after, name),
  );
  const gone = Object.keys(before.sources).filter((name) => !after.sources[name]);
  const parts = [
    ...changed.map((name) => toMarkFunction(after, name)),
    ...changed.filter((name) => !before.sources[name]).map((name) => toMarkTriggers(after, name)),
    ...(changed.length > 0 ? [toSearchPaths(changed.map(toMarkFunctionName))] : []),
    ...gone.map((name) => `drop function ${toMarkFunctionName(name)}() cascade;`),
  ];
  return parts.length === 0 ? "" : section("The change log.", parts.join("\n\n"));
}

function section(title: string, sql: string): string {
  return `-- ${title}\n\n${sql}`;
}
