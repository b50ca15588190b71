import { toStartSql } from "../definition/instant";
import { listDaysOfRows } from "../definition/marking-sql";
import type { Engine } from "../engine.server";
import { toRedundantFilter } from "../recount/count-sql";

/**
 * True in SQL where the day of `alias` (shop_id, date) is marked, by itself or as one of a marked row. Looked up day by
 * day ("offset 0"): what the planner knows of the change log is always old, and of a join it could make nested loops.
 */
export function isMarked(engine: Engine, alias: string): string {
  const { definition, names } = engine;
  const alsoOfShops = toRedundantFilter(engine);
  const ofRows = listDaysOfRows(definition, names.marks, {
    within: (instant, shop) => [
      `m.shop_id = ${alias}.shop_id`,
      "m.date is null",
      ...(engine.settings.isSharded ? ["m.shop_id = :shopId", `${shop} = :shopId`] : []),
      `${instant} >= ${toStartSql(definition.instants, `${alias}.date`)}`,
      `${instant} < ${toStartSql(definition.instants, `(${alias}.date + 1)`)}`,
    ],
  });
  const marks = [
    `select
        from ${names.marks} m
        where m.shop_id = ${alias}.shop_id
          and m.date = ${alias}.date
          ${alsoOfShops("m")}
        offset 0`,
    ...ofRows.map((days) => `${days}\n        offset 0`),
  ];
  return `(${marks.map((mark) => `exists (${mark})`).join(" or ")})`;
}
