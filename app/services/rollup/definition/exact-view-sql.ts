import { countEachDay, listMetricColumns, toActivity } from "./count-sql";
import { listDaysOfRows } from "./marking-sql";
import { toNames } from "./names";
import type { Definition } from "./rollup";
import { isSealedDay } from "./seal-sql";

/**
 * The daily rows as a view that is exact in the snapshot of each statement that reads it, for whoever speaks SQL: stored
 * rows of clean and of sealed days, and live counts of marked ones. Conditions on shop_id and date reach the tables below.
 */
export function toExactView(definition: Definition): string {
  const { daily, exactView } = toNames(definition);
  const list = (alias: string) =>
    listMetricColumns(definition)
      .map((column) => `${alias}.${column}`)
      .join(", ");
  const marked = listMarkedDays(definition).join("\n      union all\n      ");
  const live = countEachDay(
    definition,
    `(
    select distinct m.shop_id, m.date
    from (
      ${marked}
    ) m
    where not ${isSealedDay(definition, "m")}
  )`,
    () => "",
  );
  const view = `create view ${exactView} as
select a.shop_id, a.date, ${list("a")}
from ${daily} a
where not exists (
    select
    from (
      ${marked}
    ) m
    where m.shop_id = a.shop_id
      and m.date = a.date
      and not ${isSealedDay(definition, "m")}
  )
union all
select l.shop_id, l.date, ${list("l")}
from (
  ${live}
) l
where ${toActivity(definition, "l")};`;
  // Shop filters that one server needs none of leave their lines empty.
  return view.replaceAll(/\n\s*(?=\n)/g, "");
}

/** Selects of all marked days, shop_id and date, some of them more than once. */
function listMarkedDays(definition: Definition): string[] {
  const { marks } = toNames(definition);
  return [
    `select d.shop_id, d.date from ${marks} d where d.date is not null`,
    ...listDaysOfRows(definition, marks, { within: () => ["m.date is null"] }),
  ];
}
