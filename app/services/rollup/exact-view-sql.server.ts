import { countEachDay, isActive, listColumns } from "./count-sql.server";
import { listDaysOfParents } from "./definition/marking-sql";
import { rollup } from "./metrics";

/**
 * The daily rows as a view that is exact in the snapshot of each statement that reads it, for whoever speaks SQL: stored
 * rows of clean days, and live counts of marked ones. Conditions on shop_id and date reach the tables below.
 */
export function toExactView(): string {
  const view = `create view ${rollup.table}_exact as
select a.shop_id, a.date, ${listColumns("a")}
from ${rollup.table} a
where not exists (
    select
    from (
      ${unionOf(listMarkedDays())}
    ) m
    where m.shop_id = a.shop_id
      and m.date = a.date
  )
union all
select l.shop_id, l.date, ${listColumns("l")}
from (
  ${countEachDay(`(
    select distinct m.shop_id, m.date
    from (
      ${unionOf(listMarkedDays())}
    ) m
  )`)}
) l
where ${isActive("l")};`;
  // Shop filters that one server needs none of leave their lines empty.
  return view.replaceAll(/\n\s*(?=\n)/g, "");
}

/** Selects of all marked days, shop_id and date, some of them more than once. */
function listMarkedDays(): string[] {
  return [
    "select d.shop_id, d.date from rollup_marks d where d.date is not null",
    ...listDaysOfParents(rollup, "rollup_marks", { within: () => ["m.date is null"] }),
  ];
}

function unionOf(selects: string[]): string {
  return selects.join("\n      union all\n      ");
}
