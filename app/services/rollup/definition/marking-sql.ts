import { toConditionSql } from "./condition";
import { toDaySql } from "./instant";
import type { Definition, Source } from "./rollup";
import { listCountedColumns, listScans, type ResolvedScan } from "./scan";

// The functions that write the change log, one for each source table, made of the definition: a column that a count
// depends on can't be left out of them. They read the rows of the statement and nothing else, and take no lock.
//
// An update compares the old and the new rows of a statement as two bags: a group of equal rows that has as many on both
// sides counts as before. Rows need not be matched with each other for it, and an update of a column that nothing counts
// by leaves no mark.

/** Where a trigger finds the rows of its statement, or of its one row. */
export type RowSet = { old: string; new: string };

/** Of triggers that are called once a statement: their transition tables. */
export const statementRows: RowSet = { old: "old_rows o", new: "new_rows n" };

/** Of triggers that are called once a row, as shards want them. */
export const singleRow: RowSet = { old: "(select old.*) o", new: "(select new.*) n" };

/** The name of the function that marks what a write to the source changes. */
export function toMarkFunctionName(sourceName: string): string {
  return `rollup_mark_${sourceName}`;
}

/** The function of one source: days that its rows count on, and rows whose children count otherwise. */
export function toMarkFunction(definition: Definition, sourceName: string, rows: RowSet = statementRows): string {
  const parts = toParts(definition, sourceName);
  return `create or replace function ${toMarkFunctionName(sourceName)}() returns trigger
language plpgsql
security definer
as $$
begin
  if tg_op = 'INSERT' then
${indent(toDayMarks(parts, rows.new, "n"))}
  elsif tg_op = 'DELETE' then
${indent([toDayMarks(parts, rows.old, "o"), toParentMarksOfDeleted(parts, rows)].filter(Boolean).join("\n\n"))}
  elsif tg_op = 'UPDATE' then
${indent([toDayMarksOfUpdate(parts, rows), toParentMarksOfUpdate(parts, rows)].filter(Boolean).join("\n\n"))}
  else
${indent(toDayMarks(parts, `${parts.source.table} x`, "x"))}
  end if;
  return null;
end
$$;`;
}

/** The triggers of one source that call its function once a statement. */
export function toMarkTriggers(definition: Definition, sourceName: string): string {
  const { source } = toParts(definition, sourceName);
  const trigger = (event: string, when: string, referencing: string) =>
    `create trigger rollup_mark_on_${event} ${when} ${event} on ${source.table}
${referencing}for each statement execute function ${toMarkFunctionName(sourceName)}();`;
  return [
    trigger("insert", "after", "referencing new table as new_rows "),
    trigger("update", "after", "referencing old table as old_rows new table as new_rows "),
    trigger("delete", "after", "referencing old table as old_rows "),
    trigger("truncate", "before", ""),
  ].join("\n");
}

/** The triggers of one source that call its function once a row. Nothing marks a truncate there. */
export function toRowMarkTriggers(definition: Definition, sourceName: string): string {
  const { source } = toParts(definition, sourceName);
  return `create trigger rollup_mark after insert or update or delete on ${source.table}
for each row execute function ${toMarkFunctionName(sourceName)}();`;
}

/** Marks for every day that the sources have data on. */
export function toFirstMarks(definition: Definition): string {
  const days = listScans(definition).map(
    ({ source, scan }) => `select x.${source.shop}, ${toDaySql(definition.instants, `x.${scan.at}`)}
from ${source.table} x
where isfinite(x.${scan.at})${scan.where ? `\n  and ${toConditionSql("x", scan.where)}` : ""}`,
  );
  return `insert into rollup_marks (shop_id, date)\n${days.join("\nunion\n")};`;
}

/**
 * Selects of the days, shop_id and date, that marked rows contribute to, one for each scan with a parent. `marks` is a
 * relation with shop_id and parent_id, `m` in what follows; `more` lists further columns of it. `within` are conditions
 * on it and on a scan's rows `x`, of which it is given the instant.
 */
export function listDaysOfParents(
  definition: Definition,
  marks: string,
  { more = [], within = () => [] }: { more?: string[]; within?: (instant: string) => string[] } = {},
): string[] {
  return listScans(definition).flatMap(({ source, scan, parent }) => {
    if (!parent) return [];
    const conditions = [
      `isfinite(x.${scan.at})`,
      ...(scan.where ? [toConditionSql("x", scan.where)] : []),
      ...within(`x.${scan.at}`),
    ];
    const relation = / /.test(marks) ? marks : `${marks} m`;
    return [
      `select ${["m.shop_id", `${toDaySql(definition.instants, `x.${scan.at}`)} as date`, ...more].join(", ")}
    from ${relation}
    join ${source.table} x on x.${parent.column} = m.parent_id and x.${source.shop} = m.shop_id
    where ${conditions.join("\n      and ")}`,
    ];
  });
}

/** What one source's function is made of. `children`: the scans whose rows count by what this source's rows say. */
type Parts = { definition: Definition; source: Source; own: ResolvedScan[]; children: ResolvedScan[] };

function toParts(definition: Definition, sourceName: string): Parts {
  const source = definition.sources[sourceName];
  if (!source) throw new Error(`The definition has no source ${JSON.stringify(sourceName)}.`);
  const scans = listScans(definition);
  return {
    definition,
    source,
    own: scans.filter(({ scan }) => scan.source === sourceName),
    children: scans.filter((child) => child.parent?.source === source),
  };
}

function toDayMarks({ definition, source, own }: Parts, rows: string, alias: string): string {
  const days = own.map(({ scan }) => {
    const day = toDaySql(definition.instants, `${alias}.${scan.at}`);
    return scan.where ? `(case when ${toConditionSql(alias, scan.where)} then ${day} end)` : `(${day})`;
  });
  return `insert into rollup_marks (shop_id, date)
select distinct ${alias}.${source.shop}, d.date
from ${rows}
cross join lateral (values ${days.join(", ")}) as d (date)
where isfinite(d.date);`;
}

function toDayMarksOfUpdate({ definition, source, own }: Parts, rows: RowSet): string {
  const changes = own.map((resolved) => {
    const { scan } = resolved;
    const counted = listCountedColumns(resolved);
    const side = (alias: string, relation: string, change: string) =>
      `  select ${[
        `${alias}.${source.shop} as shop_id`,
        `${toDaySql(definition.instants, `${alias}.${scan.at}`)} as date`,
        ...counted.map((column) => `${alias}.${column}`),
        `${change} as change`,
      ].join(", ")}
  from ${relation}${scan.where ? `\n  where ${toConditionSql(alias, scan.where)}` : ""}`;
    return `select u.shop_id, u.date
from (
${side("o", rows.old, "-1")}
  union all
${side("n", rows.new, "1")}
) u
where isfinite(u.date)
group by ${["u.shop_id", "u.date", ...counted.map((column) => `u.${column}`)].join(", ")}
having sum(u.change) <> 0`;
  });
  return `insert into rollup_marks (shop_id, date)\n${changes.join("\nunion\n")};`;
}

/** A row whose children count otherwise now, since it fulfils another condition, or is another shop's. */
function toParentMarksOfUpdate(parts: Parts, rows: RowSet): string {
  const { source } = parts;
  const conditions = listChildConditions(parts);
  if (conditions.length === 0) return "";
  const side = (alias: string, relation: string, change: string) =>
    `  select ${[
      `${alias}.${source.shop} as shop_id`,
      `${alias}.${source.key}::text as parent_id`,
      ...conditions.map((condition, index) => `(${toConditionSql(alias, condition)}) is true as holds_${index}`),
      `${change} as change`,
    ].join(", ")}
  from ${relation}`;
  const holds = conditions.map((_, index) => `u.holds_${index}`);
  return `insert into rollup_marks (shop_id, parent_id)
select distinct u.shop_id, u.parent_id
from (
${side("o", rows.old, "-1")}
  union all
${side("n", rows.new, "1")}
) u
group by ${["u.shop_id", "u.parent_id", ...holds].join(", ")}
having sum(u.change) <> 0;`;
}

/** Children that stay when their parent goes count no more. Those that go with it are marked by their own function. */
function toParentMarksOfDeleted(parts: Parts, rows: RowSet): string {
  const { source } = parts;
  const conditions = listChildConditions(parts);
  if (conditions.length === 0) return "";
  return `insert into rollup_marks (shop_id, parent_id)
select o.${source.shop}, o.${source.key}::text
from ${rows.old}
where ${conditions.map((condition) => toConditionSql("o", condition)).join("\n  or ")};`;
}

function listChildConditions({ children }: Parts) {
  return children.flatMap(({ scan }) => (scan.parent ? [scan.parent] : []));
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "    ");
}
