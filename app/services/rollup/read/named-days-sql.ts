import { toStartSql } from "../definition/instant";
import { listDaysAmongRows, listDaysOfRows } from "../definition/marking-sql";
import type { Engine } from "../engine.server";

/** Above so many marked rows of a shop the rows of the range are looked through for them. */
const lookedUpRows = 200;

/**
 * The days from :start up to :end that marked rows contribute to, and when each row was marked: of many rows, when the
 * first of them was.
 */
export function namedDays({ definition: { instants }, definition }: Engine): string {
  const within = (count: string) => (instant: string, shop: string) => [
    `(select count(*) from marked_rows) ${count}`,
    `${shop} = :shopId`,
    `${instant} >= ${toStartSql(instants, ":start::date")}`,
    `${instant} < ${toStartSql(instants, ":end::date")}`,
  ];
  const first = "(select min(r.marked_at) from marked_rows r) as marked_at";
  const days = [
    ...listDaysOfRows(definition, "marked_rows", { more: ["m.marked_at"], within: within(`<= ${lookedUpRows}`) }),
    ...listDaysAmongRows(definition, "marked_rows", { more: [first], within: within(`> ${lookedUpRows}`) }),
  ];
  return days.length === 0
    ? "select null as shop_id, null::date as date, null::timestamp as marked_at where false"
    : days.join("\n  union all\n  ");
}
