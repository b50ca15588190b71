import { toConditionSql } from "./condition";
import { toDaySql } from "./instant";
import { toNames } from "./names";
import type { Definition, Source } from "./rollup";
import { listScans, looksAtChildren } from "./scan";

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

/**
 * Selects of the days, shop_id and date, that marked rows contribute to: by their children, whose count they decide, or
 * by themselves, where they count by what children they have. `marks` is a relation with shop_id and parent_id, `m` in
 * what follows; `more` lists further columns of it. `within` are conditions on it and on the counted rows `x`, of which it
 * is given the instant and the column of the shop.
 */
export function listDaysOfRows(
  definition: Definition,
  marks: string,
  { more = [], within = () => [] }: { more?: string[]; within?: (instant: string, shop: string) => string[] } = {},
): string[] {
  const relation = / /.test(marks) ? marks : `${marks} m`;
  return listScans(definition).flatMap((resolved) => {
    const { source, scan, parent } = resolved;
    const links = [
      ...(parent ? [`x.${parent.column} = ${toKeySql(definition, parent.source)}`] : []),
      ...(looksAtChildren(resolved) ? [`x.${source.key} = ${toKeySql(definition, source)}`] : []),
    ];
    const conditions = [
      `isfinite(x.${scan.at})`,
      ...(scan.where ? [toConditionSql("x", scan.where)] : []),
      ...within(`x.${scan.at}`, `x.${source.shop}`),
    ];
    return links.map(
      (link) => `select ${["m.shop_id", `${toDaySql(definition.instants, `x.${scan.at}`)} as date`, ...more].join(", ")}
    from ${relation}
    join ${source.table} x on ${link} and x.${source.shop} = m.shop_id
    where ${conditions.join("\n      and ")}`,
    );
  });
}

/** Sources whose rows marks may name. */
function listMarkedSources(definition: Definition): Source[] {
  return listScans(definition).flatMap((resolved) => [
    ...(resolved.parent ? [resolved.parent.source] : []),
    ...(looksAtChildren(resolved) ? [resolved.source] : []),
  ]);
}

/**
 * The key that a mark names, in its source's own type, so that the index on it serves. Marks don't say of which source
 * their row is: where keys of several types are marked, one that can't be of this source is null.
 */
function toKeySql(definition: Definition, { keyType = "text" }: Source): string {
  if (keyType === "text") return "m.parent_id";
  const key = `m.parent_id::${keyType}`;
  const isOnlyType = listMarkedSources(definition).every((source) => (source.keyType ?? "text") === keyType);
  if (isOnlyType) return key;
  if (keyType === "uuid") {
    return `case when m.parent_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then ${key} end`;
  }
  const range = { integer: "-2147483648 and 2147483647", bigint: "-9223372036854775808 and 9223372036854775807" };
  const isWithin = `m.parent_id::numeric between ${range[keyType]}`;
  return `case when m.parent_id ~ '^-?[0-9]{1,19}$' then case when ${isWithin} then ${key} end end`;
}
