import { alsoOfShops } from "./count-sql.server";
import { toStartSql } from "./definition/instant";
import { listDaysOfParents } from "./definition/marking-sql";
import { rollup } from "./metrics";

/** The shop filters that a sharded PostgreSQL wants, as conditions of their own. */
function alsoOfShopsEach(...aliases: string[]): string[] {
  return aliases.map((alias) => alsoOfShops(alias).replace(/^and /, "")).filter(Boolean);
}

/**
 * True in SQL where the day of `alias` (shop_id, date) is marked, by itself or as one of a marked row. Looked up day by
 * day ("offset 0"): what the planner knows of the change log is always old, and of a join it could make nested loops.
 */
export function isMarked(alias: string): string {
  const { instants } = rollup;
  const ofRows = listDaysOfParents(rollup, "rollup_marks", {
    within: (instant) => [
      `m.shop_id = ${alias}.shop_id`,
      "m.date is null",
      ...alsoOfShopsEach("m", "x"),
      `${instant} >= ${toStartSql(instants, `${alias}.date`)}`,
      `${instant} < ${toStartSql(instants, `(${alias}.date + 1)`)}`,
    ],
  });
  const marks = [
    `select
        from rollup_marks m
        where m.shop_id = ${alias}.shop_id
          and m.date = ${alias}.date
          ${alsoOfShops("m")}
        offset 0`,
    ...ofRows.map((days) => `${days}\n        offset 0`),
  ];
  return `(${marks.map((mark) => `exists (${mark})`).join(" or ")})`;
}
