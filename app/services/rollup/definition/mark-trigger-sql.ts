import type { Trigger } from "./app-part";
import { toMarkFunctionName } from "./names";
import type { Definition } from "./rollup";
import { requireSource } from "./scan";

// The triggers that call the functions which write the change log.

/** The triggers of one source that call its function once a statement. */
export function toMarkTriggers(definition: Definition, sourceName: string): string {
  return listMarkTriggers(definition, sourceName)
    .map(({ sql }) => sql)
    .join("\n");
}

/** The same one by one. */
export function listMarkTriggers(definition: Definition, sourceName: string): Trigger[] {
  const { table } = requireSource(definition, sourceName);
  const trigger = (event: string, when: string, referencing: string): Trigger => {
    const name = `${toTriggerName(definition)}_on_${event}`;
    return {
      name,
      table,
      sql: `create trigger ${name} ${when} ${event} on ${table}
${referencing}for each statement execute function ${toMarkFunctionName(definition, sourceName)}();`,
    };
  };
  return [
    trigger("insert", "after", "referencing new table as new_rows "),
    trigger("update", "after", "referencing old table as old_rows new table as new_rows "),
    trigger("delete", "after", "referencing old table as old_rows "),
    trigger("truncate", "before", ""),
  ];
}

/** The triggers of one source that call its function once a row. Nothing marks a truncate there. */
export function toRowMarkTriggers(definition: Definition, sourceName: string): string {
  const { table } = requireSource(definition, sourceName);
  return `create trigger ${toTriggerName(definition)} after insert or update or delete on ${table}
for each row execute function ${toMarkFunctionName(definition, sourceName)}();`;
}

function toTriggerName({ prefix = "rollup" }: Definition): string {
  return `${prefix}_mark`;
}
