import { toStartSql } from "../definition/instant";
import { listDaysOfRows } from "../definition/marking-sql";
import type { Engine } from "../engine.server";
import { toRedundantFilter } from "../recount/count-sql";

/** True in SQL where the day of `alias` (shop_id, date) is marked, by itself or as one of a marked row. */
export function isMarked(engine: Engine, alias: string): string {
  const date = `${alias}.date`;
  return hasMarks(engine, `${alias}.shop_id`, { days: `m.date = ${date}`, from: date, until: `(${date} + 1)` });
}

/** Days in SQL: as a condition on those of marks `m`, and as a first day and the day after the last. */
type Days = { days: string; from: string; until: string };

/**
 * True in SQL where any of these days of a shop is marked, by itself or as one of a marked row. Looked up shop by shop or day by
 * day ("offset 0"): what the planner knows of the change log is always old, and of a join it could make nested loops.
 */
export function hasMarks(engine: Engine, shopId: string, { days, from, until }: Days): string {
  const { definition, names } = engine;
  const alsoOfShops = toRedundantFilter(engine);
  const ofRows = listDaysOfRows(definition, names.marks, {
    within: (instant, shop) => [
      `m.shop_id = ${shopId}`,
      "m.date is null",
      ...(engine.settings.isSharded ? ["m.shop_id = :shopId", `${shop} = :shopId`] : []),
      `${instant} >= ${toStartSql(definition.instants, from)}`,
      `${instant} < ${toStartSql(definition.instants, until)}`,
    ],
  });
  const marks = [
    `select
        from ${names.marks} m
        where m.shop_id = ${shopId}
          and ${days}
          ${alsoOfShops("m")}
        offset 0`,
    ...ofRows.map((ofRow) => `${ofRow}\n        offset 0`),
  ];
  return `(${marks.map((mark) => `exists (${mark})`).join(" or ")})`;
}
