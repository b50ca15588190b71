import type { Trigger } from "../definition/app-part";
import type { KeyType } from "../definition/rollup";

/** A range of keys as SQL expressions: above `from` and up to `to`. Null: no end on that side. */
export type KeyRange = { from: string | null; to: string | null };

/**
 * One step of an install. `isDone` is an SQL expression that is true in a database that needs it no more; for all but the
 * first step it expects that the steps before it are done.
 */
export type Step = { name: string; isDone: string } & (
  | StatementsStep
  | ColumnStep
  | TriggersStep
  | IndexStep
  | SlicesStep
);

/** What locks no table of the host's against reads or writes: one transaction. `isLast`: nothing is left to be done. */
type StatementsStep = { kind: "statements"; sql: string; isLast?: boolean };

/** A column of one host table. Its lock keeps readers out, for as long as the catalog is written. */
type ColumnStep = { kind: "column"; table: string; sql: string };

/** Triggers of one host table. Their lock keeps writers out, for as long as the catalog is written. */
type TriggersStep = { kind: "triggers"; table: string; triggers: Trigger[]; sql: string };

/** An index of one host table, made beside readers and writers. `drop` removes one that is there and invalid. */
type IndexStep = { kind: "index"; table: string; isInvalid: string; drop: string; sql: string };

/**
 * Work on all rows, in ranges of the key of `table`, `size` keys each, one transaction a range. `toSql` is one statement.
 * One that passes over rows that other transactions hold selects how many it has `written` and `left`: its range is done
 * when none is left.
 */
export type SlicesStep = {
  kind: "slices";
  table: string;
  key: string;
  keyType: KeyType;
  size: number;
  maxSize: number;
  passesOver: boolean;
  toSql: (range: KeyRange) => string;
};

/** The condition that a key lies in the range. */
export function toRangeSql(key: string, { from, to }: KeyRange): string {
  const ends = [...(from === null ? [] : [`${key} > ${from}`]), ...(to === null ? [] : [`${key} <= ${to}`])];
  return ends.length === 0 ? `${key} is not null` : ends.join(" and ");
}

/** The last key of the next range of `size` keys; no row where fewer are left. */
export function toNextKeySql({ table, key }: SlicesStep, from: string | null, size: number): string {
  return `select x.${key}::text as key
from ${table} x
where ${toRangeSql(`x.${key}`, { from, to: null })}
order by x.${key}
offset ${size - 1}
limit 1`;
}
