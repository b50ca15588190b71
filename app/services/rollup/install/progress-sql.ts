import { toFingerprint } from "../definition/fingerprint";
import { toLiteral } from "../definition/literal";
import type { Definition } from "../definition/rollup";

// Where an install stands, in a table that lives as long as the install: it comes with the rollup's own tables and goes
// with the last step.

/** The name of that table. */
export function toProgressTable({ prefix = "rollup" }: Pick<Definition, "prefix">): string {
  return `${prefix}_install`;
}

/** Creates it. One row is of the definition that is being installed, the others of steps that work in slices. */
export function toProgressCreation(definition: Definition): string {
  const table = toProgressTable(definition);
  return `create table ${table} (
  step text not null,
  after_key text,
  is_done boolean not null default false,
  constraint ${table}_pkey primary key (step)
);

insert into ${table} (step, after_key) values ('definition', '${toFingerprint(definition)}');`;
}

/** Whether a step that works in slices has done the last one. */
export function toIsSlicesDone(definition: Definition, step: string): string {
  return `exists (select from ${toProgressTable(definition)} p where p.step = ${toLiteral(step)} and p.is_done)`;
}

/** Keeps how far such a step has come: `afterKey` is a text expression. */
export function toProgressUpsert(definition: Definition, step: string, afterKey: string | null): string {
  return `insert into ${toProgressTable(definition)} (step, after_key, is_done)
values (${toLiteral(step)}, ${afterKey ?? "null"}, ${afterKey === null})
on conflict (step) do update set after_key = excluded.after_key, is_done = excluded.is_done;`;
}

/** Lets such steps begin again. */
export function toProgressReset(definition: Definition, steps: string[]): string {
  return `delete from ${toProgressTable(definition)} where step in (${steps.map(toLiteral).join(", ")});`;
}

/** How far a step has come: `key`, no row before its first slice. */
export function toProgressSelect(definition: Definition, step: string): string {
  return `select p.after_key as key from ${toProgressTable(definition)} p where p.step = ${toLiteral(step)}`;
}
