import type { Fill } from "../definition/app-part";
import type { Definition } from "../definition/rollup";
import { toIsSlicesDone } from "./progress-sql";
import { type KeyRange, type Step, toRangeSql } from "./step";

/** The step that fills a column of an app's own, in slices of `size` rows. */
export function toFillStep(definition: Definition, { table, set, where }: Fill, size: number): Step {
  const source = Object.values(definition.sources).find((other) => other.table === table);
  if (!source) throw new Error(`${table} is filled in the first migration and is no source of the definition.`);
  const { key, keyType = "text" } = source;
  const name = `fill of ${table}: ${set}`;
  const within = (range: KeyRange) => `from ${table} x\n  where ${toRangeSql(`x.${key}`, range)}\n    and (${where})`;
  return {
    ...{ kind: "slices", name, table, key, keyType, size, maxSize: 10_000, isDone: toIsSlicesDone(definition, name) },
    // Waits for no row, so that no transaction of the host's can wait for it in a circle.
    passesOver: true,
    toSql: (range) => `with wanted as (
  select count(*) as rows
  ${within(range)}
), free as materialized (
  select x.${key}
  ${within(range)}
  for no key update skip locked
), filled as (
  update ${table} x
  set ${set}
  from free
  where x.${key} = free.${key}
  returning 1
)
select f.rows::int as written, (w.rows - (select count(*) from free))::int as left
from wanted w, (select count(*) as rows from filled) f;`,
  };
}
