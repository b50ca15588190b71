import { toConditionSql } from "./condition";
import { toNames } from "./names";
import type { Definition } from "./rollup";
import { listDecisions, type RowSet } from "./row-mark-sql";
import { listCountedColumns, listScansOf, requireSource, toCountedDay } from "./scan";

// An update of one row, which is what an app does all day: its old and its new row can be compared as they are, which takes
// a fraction of the time that it takes to compare many as two bags.

/** Marks what one updated row counted by and counts by now, where that has changed. */
export function toMarksOfOneRow(definition: Definition, sourceName: string, rows: RowSet): string[] {
  const marks = [...listDayMarks(definition, sourceName), ...listRowMarks(definition, sourceName)];
  if (marks.length === 0) return [];
  return [
    `insert into ${toNames(definition).marks} (shop_id, date, parent_id)
select m.shop_id, m.date, m.parent_id
from ${rows.old}
cross join ${rows.new}
cross join lateral (
  values
${marks.map((mark) => `    ${mark}`).join(",\n")}
) as m (shop_id, date, parent_id, is_changed)
where m.is_changed
  and m.shop_id is not null
  and (isfinite(m.date) or m.parent_id is not null);`,
  ];
}

function listDayMarks(definition: Definition, sourceName: string): string[] {
  return listScansOf(definition, sourceName).flatMap((scan) => {
    const toDay = (alias: string) => [`${alias}.${scan.source.shop}`, toCountedDay(definition, scan, alias)];
    const toParts = (alias: string) => [
      ...toDay(alias),
      ...listCountedColumns(scan).map((column) => `${alias}.${column}`),
    ];
    return listBothSides(toParts, (alias) => [...toDay(alias), "null::text"]);
  });
}

function listRowMarks(definition: Definition, sourceName: string): string[] {
  const { shop } = requireSource(definition, sourceName);
  return listDecisions(definition, sourceName).flatMap(({ column, conditions }) => {
    const toHolds = (alias: string) => conditions.map((condition) => `(${toConditionSql(alias, condition)}) is true`);
    const toParts = (alias: string) => [`${alias}.${shop}`, `${alias}.${column}`, ...toHolds(alias)];
    return listBothSides(toParts, (alias) => [
      `${alias}.${shop}`,
      "null::date",
      `case when ${toHolds(alias).join(" or ")} then ${alias}.${column}::text end`,
    ]);
  });
}

/**
 * A mark for the old row where the parts by which the rows count differ, and one for the new row where it is another mark.
 */
function listBothSides(toParts: (alias: string) => string[], toMark: (alias: string) => string[]): string[] {
  const differ = (of: (alias: string) => string[]) =>
    `(${of("o").join(", ")}) is distinct from (${of("n").join(", ")})`;
  return [`(${[...toMark("o"), differ(toParts)].join(", ")})`, `(${[...toMark("n"), differ(toMark)].join(", ")})`];
}
