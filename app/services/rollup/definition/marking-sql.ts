import { toConditionSql } from "./condition";
import { toDaySql } from "./instant";
import { toNames } from "./names";
import type { Definition, Source } from "./rollup";
import { listScans, looksAtChildren, type ResolvedScan } from "./scan";

// Which days marks are of. A mark names a day of a shop, or a row: then the days that the row contributes to.

/** Marks for every day that the sources have data on: of all shops, or of those that fulfil `ofShops`. */
export function toFirstMarks(
  definition: Definition,
  ofShops: (shop: string) => string = (shop) => `${shop} is not null`,
): string {
  const days = listScans(definition).map(
    ({ source, scan }) => `select x.${source.shop}, ${toDaySql(definition.instants, `x.${scan.at}`)}
from ${source.table} x
where isfinite(x.${scan.at})
  and ${ofShops(`x.${source.shop}`)}${scan.where ? `\n  and ${toConditionSql("x", scan.where)}` : ""}`,
  );
  return `insert into ${toNames(definition).marks} (shop_id, date)\n${days.join("\nunion\n")};`;
}

/** Further columns of the days, and conditions on the counted rows `x`: it is given their instant and column of the shop. */
type Choice = { more?: string[]; within?: (instant: string, shop: string) => string[] };

/**
 * Selects of the days, shop_id and date, that marked rows contribute to: by their children, whose count they decide, or
 * by themselves, where they count by what children they have. Each marked row is looked up. `marks` is a relation with
 * shop_id and parent_id, `m` in what is chosen.
 */
export function listDaysOfRows(
  definition: Definition,
  marks: string,
  { more = [], within = () => [] }: Choice = {},
): string[] {
  const relation = / /.test(marks) ? marks : `${marks} m`;
  return listLinks(definition).map(({ scan: { source, scan }, column, key }) => {
    const day = toDaySql(definition.instants, `x.${scan.at}`);
    return `select ${["m.shop_id", `${day} as date`, ...more].join(", ")}
    from ${relation}
    join ${source.table} x on x.${column} = ${toKeySql(definition, key)} and x.${source.shop} = m.shop_id
    where ${[...listConditions(scan), ...within(`x.${scan.at}`, `x.${source.shop}`)].join("\n      and ")}`;
  });
}

/**
 * The same days of one shop, found the other way round: the counted rows are looked through for those that the relation
 * `marks` names. Where it names many rows that costs less than to look each of them up. "is true" keeps the planner from
 * doing so all the same.
 */
export function listDaysAmongRows(
  definition: Definition,
  marks: string,
  { more = [], within = () => [] }: Choice = {},
): string[] {
  return listLinks(definition).map(({ scan: { source, scan }, column }) => {
    const day = toDaySql(definition.instants, `x.${scan.at}`);
    const isNamed = `(x.${column}::text in (select m.parent_id from ${marks} m)) is true`;
    const conditions = [...listConditions(scan), ...within(`x.${scan.at}`, `x.${source.shop}`), isNamed];
    return `select ${[`x.${source.shop} as shop_id`, `${day} as date`, ...more].join(", ")}
    from ${source.table} x
    where ${conditions.join("\n      and ")}`;
  });
}

/** By which column of a scan's rows a marked row of the source `key` finds them. */
type Link = { scan: ResolvedScan; column: string; key: Source };

function listLinks(definition: Definition): Link[] {
  return listScans(definition).flatMap((scan) => [
    ...(scan.parent ? [{ scan, column: scan.parent.column, key: scan.parent.source }] : []),
    ...(looksAtChildren(scan) ? [{ scan, column: scan.source.key, key: scan.source }] : []),
  ]);
}

function listConditions(scan: ResolvedScan["scan"]): string[] {
  return [`isfinite(x.${scan.at})`, ...(scan.where ? [toConditionSql("x", scan.where)] : [])];
}

/**
 * The key that a mark names, in its source's own type, so that the index on it serves. Marks don't say of which source
 * their row is: where keys of several types are marked, one that can't be of this source is null.
 */
function toKeySql(definition: Definition, { keyType = "text" }: Source): string {
  if (keyType === "text") return "m.parent_id";
  const key = `m.parent_id::${keyType}`;
  const isOnlyType = listLinks(definition).every(({ key: marked }) => (marked.keyType ?? "text") === keyType);
  if (isOnlyType) return key;
  if (keyType === "uuid") {
    return `case when m.parent_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then ${key} end`;
  }
  const range = { integer: "-2147483648 and 2147483647", bigint: "-9223372036854775808 and 9223372036854775807" };
  const isWithin = `m.parent_id::numeric between ${range[keyType]}`;
  return `case when m.parent_id ~ '^-?[0-9]{1,19}$' then case when ${isWithin} then ${key} end end`;
}
