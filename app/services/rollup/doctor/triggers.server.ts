import { z } from "zod";
import type { Trigger } from "../definition/app-part";
import { listFollowShopsTriggers } from "../definition/follow-shops-sql";
import { toLiteral } from "../definition/literal";
import { listMarkTriggers, toRowMarkTriggers } from "../definition/mark-trigger-sql";
import type { Definition } from "../definition/rollup";
import type { Engine } from "../engine.server";
import { queryRows } from "../query.server";
import { type Finding, type Mend, ok, problem } from "./finding";

const stateSchema = z.object({ name: z.string(), enabled: z.string().nullable() });

/** The triggers that write the change log, and those that follow the shops. */
export function listTriggers({ definition, settings }: Pick<Engine, "definition" | "settings">): Trigger[] {
  const sources = Object.keys(definition.sources);
  const marking = settings.isSharded
    ? sources.map((name) => toRowTrigger(definition, name))
    : sources.flatMap((name) => listMarkTriggers(definition, name));
  return [...marking, ...listFollowShopsTriggers(definition)];
}

function toRowTrigger(definition: Definition, sourceName: string): Trigger {
  const sql = toRowMarkTriggers(definition, sourceName);
  const [, name = ""] = /create trigger (\w+)/.exec(sql) ?? [];
  return { name, table: definition.sources[sourceName]?.table ?? "", sql };
}

/** Whether all of these triggers are there and fire, one finding for each table. */
export async function examineTriggers(engine: Engine, triggers: Trigger[]): Promise<Finding[]> {
  const tables = [...new Set(triggers.map(({ table }) => table))];
  return Promise.all(
    tables.map(async (table) => {
      const own = triggers.filter((trigger) => trigger.table === table);
      const states = await queryRows(engine, stateSchema, toStateSelect(table, own));
      return judge(table, own, new Map(states.map(({ name, enabled }) => [name, enabled])));
    }),
  );
}

function toStateSelect(table: string, triggers: Trigger[]): string {
  return `
select n.name, t.tgenabled::text as enabled
from unnest(array[${triggers.map(({ name }) => toLiteral(name)).join(", ")}]::text[]) as n (name)
left join pg_trigger t on t.tgrelid = to_regclass(${toLiteral(table)}) and t.tgname = n.name`;
}

/** A disabled one is "D", and one that fires for replication alone "R". */
function judge(table: string, triggers: Trigger[], states: Map<string, string | null>): Finding {
  const check = `triggers of ${table}`;
  const faults = triggers.flatMap((trigger): { text: string; mend: Mend }[] => {
    const enabled = states.get(trigger.name);
    if (enabled === "O" || enabled === "A") return [];
    if (!enabled) return [{ text: `${trigger.name} is missing`, mend: { sql: trigger.sql } }];
    const text = `${trigger.name} ${enabled === "D" ? "is disabled" : "fires for replication alone"}`;
    return [{ text, mend: { sql: `alter table ${table} enable trigger ${trigger.name};` } }];
  });
  if (faults.length === 0) return ok(check, `${triggers.length} there, all of them fire`);
  const sentence = `${faults.map(({ text }) => text).join("; ")}. What was written meanwhile has left no mark: only a verification finds it.`;
  return problem(check, sentence, ...faults.map(({ mend }) => mend), { action: "verify" });
}
