import { toConditionSql } from "./condition";
import { toDaySql } from "./instant";
import { toMarkFunctionName, toNames } from "./names";
import { toMarksOfOneRow } from "./one-row-mark-sql";
import type { Definition, Source } from "./rollup";
import {
  listRowMarksOfDelete,
  listRowMarksOfInsert,
  listRowMarksOfTruncate,
  listRowMarksOfUpdate,
  type RowSet,
} from "./row-mark-sql";
import { listCountedColumns, listScansOf, type ResolvedScan, requireSource, toCountedDay } from "./scan";

// The functions that write the change log, one for each source table, made of the definition: a column that a count
// depends on can't be left out of them. They read the rows of the statement and nothing else, and take no lock.
//
// An update of many rows compares the old and the new ones as two bags: a group of equal rows that has as many on both
// sides counts as before. Rows need not be matched with each other for it, and an update of a column that nothing counts
// by leaves no mark.

/** Of triggers that are called once a statement: their transition tables. */
export const statementRows: RowSet = { old: "old_rows o", new: "new_rows n" };

/** Of triggers that are called once a row, as shards want them. */
export const singleRow: RowSet = { old: "(select old.*) o", new: "(select new.*) n" };

/** The function of one source: days that its rows count on, and rows over whose count they decide. */
export function toMarkFunction(definition: Definition, sourceName: string, rows: RowSet = statementRows): string {
  const parts = toParts(definition, sourceName);
  const ofInsert = [...toDayMarks(parts, rows.new, "n"), ...listRowMarksOfInsert(definition, sourceName, rows)];
  const ofDelete = [...toDayMarks(parts, rows.old, "o"), ...listRowMarksOfDelete(definition, sourceName, rows)];
  const ofOneUpdated = toMarksOfOneRow(definition, sourceName, rows);
  const ofUpdated = [...toDayMarksOfUpdate(parts, rows), ...listRowMarksOfUpdate(definition, sourceName, rows)];
  const ofTruncate = [
    ...toDayMarks(parts, `${parts.source.table} x`, "x"),
    ...listRowMarksOfTruncate(definition, sourceName),
  ];
  return `create or replace function ${toMarkFunctionName(definition, sourceName)}() returns trigger
language plpgsql
security definer
as $$
begin
  if tg_op = 'INSERT' then
${toBlock(ofInsert)}
  elsif tg_op = 'DELETE' then
${toBlock(ofDelete)}
  elsif tg_op = 'UPDATE' then
${rows === singleRow ? toBlock(ofOneUpdated) : toChoice(ofOneUpdated, ofUpdated)}
  else
${toBlock(ofTruncate)}
  end if;
  return null;
end
$$;`;
}

type Parts = { definition: Definition; marks: string; source: Source; own: ResolvedScan[] };

function toParts(definition: Definition, sourceName: string): Parts {
  const source = requireSource(definition, sourceName);
  const own = listScansOf(definition, sourceName);
  return { definition, marks: toNames(definition).marks, source, own };
}

function toDayMarks({ definition, marks, source, own }: Parts, rows: string, alias: string): string[] {
  if (own.length === 0) return [];
  const days = own.map((scan) => `(${toCountedDay(definition, scan, alias)})`);
  return [
    `insert into ${marks} (shop_id, date)
select distinct ${alias}.${source.shop}, d.date
from ${rows}
cross join lateral (values ${days.join(", ")}) as d (date)
where isfinite(d.date)
  and ${alias}.${source.shop} is not null;`,
  ];
}

function toDayMarksOfUpdate({ definition, marks, source, own }: Parts, rows: RowSet): string[] {
  if (own.length === 0) return [];
  // The union of several is distinct itself.
  const isOne = own.length === 1;
  const changes = own.map((resolved) => {
    const { scan } = resolved;
    const counted = listCountedColumns(resolved).map((column) => ({ column, name: toOwnName(column) }));
    const side = (alias: string, relation: string, change: string) =>
      `  select ${[
        `${alias}.${source.shop} as shop_id`,
        `${toDaySql(definition.instants, `${alias}.${scan.at}`)} as date`,
        ...counted.map(({ column, name }) => `${alias}.${column}${name === column ? "" : ` as ${name}`}`),
        `${change} as change`,
      ].join(", ")}
  from ${relation}${scan.where ? `\n  where ${toConditionSql(alias, scan.where)}` : ""}`;
    return `select ${isOne ? "distinct " : ""}u.shop_id, u.date
from (
${side("o", rows.old, "-1")}
  union all
${side("n", rows.new, "1")}
) u
where isfinite(u.date)
  and u.shop_id is not null
group by ${["u.shop_id", "u.date", ...counted.map(({ name }) => `u.${name}`)].join(", ")}
having sum(u.change) <> 0`;
  });
  return [`insert into ${marks} (shop_id, date)\n${changes.join("\nunion\n")};`];
}

/** A column of the host's that is called as one of the statement's own gets another name there. */
function toOwnName(column: string): string {
  return ["shop_id", "date", "change"].includes(column) ? `own_${column}` : column;
}

/** Most updates are of one row. */
function toChoice(ofOne: string[], ofMany: string[]): string {
  return `    if (select count(*) = 1 from (select from new_rows limit 2) r) then
${indent(toBlock(ofOne))}
    else
${indent(toBlock(ofMany))}
    end if;`;
}

function toBlock(statements: string[]): string {
  return statements.length === 0 ? "    null;" : indent(indent(statements.join("\n\n")));
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}
