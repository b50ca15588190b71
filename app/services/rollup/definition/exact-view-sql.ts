import { countEachDay, listMetricColumns, toActivity } from "./count-sql";
import { toStartSql } from "./instant";
import { listDaysOfRows } from "./marking-sql";
import { toNames } from "./names";
import type { Definition } from "./rollup";

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

/** Selects of all marked days that are open, shop_id and date, some of them more than once. */
function listMarkedDays(definition: Definition): string[] {
  const { marks, shops } = toNames(definition);
  const withSeals = `${marks} m left join ${shops} k on k.shop_id = m.shop_id`;
  const isOpen = (instant: string, sealedUntil = "k.sealed_until") =>
    `(k.sealed_until is null or ${instant} >= ${sealedUntil})`;
  return [
    `select m.shop_id, m.date from ${withSeals} where m.date is not null and ${isOpen("m.date")}`,
    ...listDaysOfRows(definition, withSeals, {
      within: (instant) => ["m.date is null", isOpen(instant, toStartSql(definition.instants, "k.sealed_until"))],
    }),
  ];
}
