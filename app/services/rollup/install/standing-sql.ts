import type { Trigger } from "../definition/app-part";
import { toStoredFingerprint } from "../definition/definition-row-sql";
import { toFingerprint } from "../definition/fingerprint";
import { toLiteral } from "../definition/literal";
import { toNames } from "../definition/names";
import type { Definition } from "../definition/rollup";
import { toProgressTable } from "./progress-sql";
import type { Step } from "./step";

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
  return `${toStoredFingerprint(definition)} is not distinct from '${toFingerprint(definition)}'`;
}

/** Selects whether the table of definitions is there, and whether an install has begun. */
export function toStandingSelect(definition: Definition): string {
  return `select ${toIsTable(toNames(definition).definitions)} as "hasDefinitions",
  ${toIsTable(toProgressTable(definition))} as "hasBegun"`;
}

/**
 * Selects, as `problem`, a sentence for each thing in the way of the steps that is no part of the definition: rights that
 * this role lacks, indexes that can't be made beside writers and, in a host that has none of this yet, names of triggers.
 */
export function toObstacleSelect(steps: Step[], { isFirst }: { isFirst: boolean }): string {
  const tables = [...new Set(steps.flatMap((step) => ("table" in step && step.kind !== "slices" ? [step.table] : [])))];
  const triggers = steps.flatMap((step) => (step.kind === "triggers" ? step.triggers : []));
  const named = (name: string, relation: string) => `c.oid = to_regclass(${toLiteral(name)}) and ${relation}`;
  return [
    `select format('%s must own the schema %s or have the right to create in it.', current_user, current_schema()) as problem
where not has_schema_privilege(current_schema(), 'create')`,
    ...tables.map(
      (
        table,
      ) => `select format('%s must own the table ${table}, as %s does.', current_user, pg_get_userbyid(c.relowner))
from pg_class c
where ${named(table, "not pg_has_role(c.relowner, 'usage')")}`,
    ),
    ...steps.flatMap((step) =>
      step.kind === "index"
        ? [
            `select ${toLiteral(`${step.table} is partitioned, so the ${step.name} can't be made beside its writers: make it by hand first.`)}
from pg_class c
where ${named(step.table, "c.relkind = 'p'")}
  and not ${step.isDone}`,
          ]
        : [],
    ),
    ...(isFirst ? triggers : []).map(
      (trigger) => `select ${toLiteral(`There is a trigger ${trigger.name} on ${trigger.table} already.`)}
where exists (${selectTrigger(trigger)})`,
    ),
  ].join("\nunion all\n");
}
