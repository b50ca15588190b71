import { type Condition, toConditionSql } from "./condition";
import { toNames } from "./names";
import type { Definition, Source } from "./rollup";
import { listScans, listTestsOfChild, requireSource } from "./scan";

// Marks that name a row, written where a row decides over another's count: a parent over its children's, a child over its
// parent's. What days it is about is found by whoever takes or reads the mark, in a snapshot that sees the change.

/** Where a trigger finds the rows of its statement, or of its one row. */
export type RowSet = { old: string; new: string };

/** What decides: conditions on a source's rows, and the column of these that holds the key of the row to name. */
type Decision = { marks: string; source: Source; column: string; conditions: Condition[] };

/** What a source's rows decide over: their children's count, and their parents'. */
export function listDecisions(
  definition: Definition,
  sourceName: string,
): (Decision & { over: "children" | "parent" })[] {
  const source = requireSource(definition, sourceName);
  const { marks } = toNames(definition);
  const ofChildren = listScans(definition).flatMap(({ scan, parent }) =>
    scan.parent && parent?.source === source ? [scan.parent] : [],
  );
  const ofParent = source.parent ? listTestsOfChild(definition, sourceName) : [];
  return [
    { marks, source, column: source.key, conditions: ofChildren, over: "children" as const },
    { marks, source, column: source.parent?.column ?? "", conditions: ofParent, over: "parent" as const },
  ].filter(({ conditions }) => conditions.length > 0);
}

/** Of inserted rows. None has children yet: the host's foreign key sees to it. */
export function listRowMarksOfInsert(definition: Definition, sourceName: string, rows: RowSet): string[] {
  return listDecisions(definition, sourceName)
    .filter(({ over }) => over === "parent")
    .map((decision) => markAll(decision, rows.new, "n"));
}

/** Of deleted rows. Children that go with them are marked by their own function. */
export function listRowMarksOfDelete(definition: Definition, sourceName: string, rows: RowSet): string[] {
  return listDecisions(definition, sourceName).map((decision) => markAll(decision, rows.old, "o"));
}

/** Of all rows of the table, which is about to be truncated. Its children are truncated with it. */
export function listRowMarksOfTruncate(definition: Definition, sourceName: string): string[] {
  return listDecisions(definition, sourceName)
    .filter(({ over }) => over === "parent")
    .map((decision) => markAll(decision, `${decision.source.table} x`, "x"));
}

/** Of rows that fulfil another condition now, or have another shop or key. */
export function listRowMarksOfUpdate(definition: Definition, sourceName: string, rows: RowSet): string[] {
  return listDecisions(definition, sourceName).map((decision) => markChanged(decision, rows));
}

function markAll({ marks, source, column, conditions }: Decision, rows: string, alias: string): string {
  return `insert into ${marks} (shop_id, parent_id)
select distinct ${alias}.${source.shop}, ${alias}.${column}::text
from ${rows}
where ${alias}.${source.shop} is not null
  and ${alias}.${column} is not null${isAny(alias, conditions)}`;
}

/** An update in which a row is as it was before cancels out: rows of both sides are added up as two bags. */
function markChanged({ marks, source, column, conditions }: Decision, rows: RowSet): string {
  const holds = conditions.map((_, index) => `holds_${index}`);
  const side = (alias: string, relation: string, change: string) =>
    `  select ${[
      `${alias}.${source.shop} as shop_id`,
      `${alias}.${column}::text as parent_id`,
      ...conditions.map((condition, index) => `(${toConditionSql(alias, condition)}) is true as ${holds[index]}`),
      `${change} as change`,
    ].join(", ")}
  from ${relation}`;
  return `insert into ${marks} (shop_id, parent_id)
select distinct u.shop_id, u.parent_id
from (
${side("o", rows.old, "-1")}
  union all
${side("n", rows.new, "1")}
) u
where u.shop_id is not null
  and u.parent_id is not null
  and (${holds.map((name) => `u.${name}`).join(" or ")})
group by ${["u.shop_id", "u.parent_id", ...holds.map((name) => `u.${name}`)].join(", ")}
having sum(u.change) <> 0;`;
}

function isAny(alias: string, conditions: Condition[]): string {
  const tests = conditions.map((condition) => toConditionSql(alias, condition));
  if (tests.includes("true")) return ";";
  return `\n  and (${tests.map((test) => (tests.length > 1 ? `(${test})` : test)).join(" or ")});`;
}
