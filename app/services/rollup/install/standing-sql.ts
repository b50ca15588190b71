import type { Trigger } from "../definition/app-part";
import { toFingerprint } from "../definition/fingerprint";
import { toLiteral } from "../definition/literal";
import { toNames } from "../definition/names";
import type { Definition } from "../definition/rollup";
import { toProgressTable } from "./progress-sql";

// What is there already, as SQL expressions.

export function toIsTable(name: string): string {
  return `to_regclass(${toLiteral(name)}) is not null`;
}

export function toIsColumn(table: string, column: string): string {
  return `exists (
  select
  from pg_attribute a
  where a.attrelid = to_regclass(${toLiteral(table)})
    and a.attname = ${toLiteral(column)}
    and not a.attisdropped
)`;
}

/** True when all of the triggers are there. */
export function toAreTriggers(triggers: Trigger[]): string {
  return triggers.map((trigger) => `exists (${selectTrigger(trigger)})`).join("\nand ");
}

function selectTrigger({ name, table }: Trigger): string {
  return `select from pg_trigger t where t.tgrelid = to_regclass(${toLiteral(table)}) and t.tgname = ${toLiteral(name)}`;
}

export function toIsIndex(name: string, { isValid }: { isValid: boolean }): string {
  return `exists (
  select
  from pg_index i
  where i.indexrelid = to_regclass(${toLiteral(name)})
    and ${isValid ? "" : "not "}i.indisvalid
)`;
}

/** True when the definition is the one that the database has now. */
export function toIsDefinition(definition: Definition): string {
  return `(
  select d.fingerprint
  from ${toNames(definition).definitions} d
  where d.rollup = ${toLiteral(definition.table)}
  order by d.applied_at desc
  limit 1
) is not distinct from '${toFingerprint(definition)}'`;
}

/** Selects whether the table of definitions is there, and whether an install has begun. */
export function toStandingSelect(definition: Definition): string {
  return `select ${toIsTable(toNames(definition).definitions)} as "hasDefinitions",
  ${toIsTable(toProgressTable(definition))} as "hasBegun"`;
}

/** Selects, as `name`, triggers of the host's own that have the name of one of these. */
export function toTakenTriggersSelect(triggers: Trigger[]): string {
  return triggers
    .map(
      (trigger) =>
        `select ${toLiteral(`${trigger.name} on ${trigger.table}`)} as name where exists (${selectTrigger(trigger)})`,
    )
    .join("\nunion all\n");
}
