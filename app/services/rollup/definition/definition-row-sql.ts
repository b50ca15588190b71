import { toFingerprint, toMeaning } from "./fingerprint";
import { toLiteral } from "./literal";
import { toNames } from "./names";
import type { Definition } from "./rollup";

/** The statement that leaves a definition in the database. */
export function toDefinitionInsert(definition: Definition): string {
  return `insert into ${toNames(definition).definitions} (rollup, fingerprint, definition)
values ('${definition.table}', '${toFingerprint(definition)}', ${toLiteral(JSON.stringify(toMeaning(definition)))});`;
}

/** The fingerprint that the database's last migration of this rollup left, as an SQL expression. */
export function toStoredFingerprint(definition: Definition): string {
  return `(
    select d.fingerprint
    from ${toNames(definition).definitions} d
    where d.rollup = '${definition.table}'
    order by d.applied_at desc
    limit 1
  )`;
}

/**
 * The last definition that a migration leaves, of the table, or null where none does.
 *
 * @param migrations the texts of all migrations, oldest first.
 */
export function findLastDefinition(migrations: string[], table: string): Definition | null {
  const insert = new RegExp(
    `insert into \\w+_definitions \\(rollup, fingerprint, definition\\)\\nvalues \\('${table}', '\\w+', '(.*)'\\);`,
    "g",
  );
  const found = migrations.flatMap((text) => [...text.matchAll(insert)].map(([, json]) => json ?? ""));
  const last = found.at(-1);
  return last === undefined ? null : (JSON.parse(last.replaceAll("''", "'")) as Definition);
}
