import type { AppPart, Trigger } from "./app-part";
import { toLiteral } from "./literal";
import type { Definition } from "./rollup";

/**
 * An instant that the database stamps when a row reaches a status and nobody has set it: `column` of `table`, on rows whose
 * `status.column` has `status.value`. Rows that have reached it already get the first of `known` that is set; a row that is
 * written with the status, the first of `known` or now.
 */
export type Stamp = {
  table: string;
  column: string;
  status: { column: string; value: string };
  /** Columns that tell about when it was. The last, such as the row's last change, is asked of rows that exist alone. */
  known: { whenFilled: string[]; whenInserted: string[] };
};

/** The part of an app's first migration that adds such a column, fills it, and keeps it filled. A value that is set stays. */
export function toStampPart(
  { prefix = "rollup", instants }: Pick<Definition, "prefix" | "instants">,
  stamp: Stamp,
): AppPart {
  const { table, column, status, known } = stamp;
  const name = `${prefix}_stamp_${column}`;
  const value = toLiteral(status.value);
  const now = instants === "timestamp" ? "timezone('utc', now())" : "now()";
  const trigger = (event: "insert" | "update", when: string): Trigger => ({
    name: `${name}_on_${event}`,
    table,
    sql: `create trigger ${name}_on_${event}
before ${event} on ${table}
for each row
when (${when})
execute function ${name}();`,
  });
  return {
    title: `${column}, filled for what is ${status.value.toLowerCase()} already, and the stamp. A value that the app sets stays.`,
    needs: {
      adds: [`${table}.${column}`],
      columns: known.whenFilled.map((one) => ({ table, column: one, use: "any" })),
      values: [{ table, column: status.column, value: status.value }],
    },
    columns: [{ table, column, sql: `alter table ${table} add column if not exists ${column} ${instants}(3);` }],
    fills: [
      {
        table,
        set: `${column} = coalesce(${known.whenFilled.join(", ")})`,
        where: `${status.column} = ${value} and ${column} is null`,
      },
    ],
    functions: [
      `create function ${name}() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'INSERT' then
    new.${column} := coalesce(${[...known.whenInserted.map((one) => `new.${one}`), now].join(", ")});
  else
    new.${column} := ${now};
  end if;
  return new;
end
$$;`,
    ],
    triggers: [
      trigger("insert", `new.${status.column} = ${value} and new.${column} is null`),
      trigger(
        "update",
        `new.${status.column} = ${value} and old.${status.column} is distinct from new.${status.column} and new.${column} is null`,
      ),
    ],
    indexes: [],
  };
}
