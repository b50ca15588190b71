import { z } from "zod";
import { toBareSql } from "../definition/bare-sql";
import { toFollowShopsFunction } from "../definition/follow-shops-sql";
import { toLiteral } from "../definition/literal";
import { singleRow, statementRows, toMarkFunction } from "../definition/mark-function-sql";
import { toMarkFunctionName } from "../definition/names";
import { toSearchPaths } from "../definition/search-path-sql";
import type { Engine } from "../engine.server";
import { queryRows } from "../query.server";
import { type Finding, ok, problem, warning } from "./finding";

const functionSchema = z.object({
  name: z.string(),
  body: z.string().nullable(),
  isDefiner: z.boolean().nullable(),
  hasPath: z.boolean().nullable(),
});

type Wanted = { name: string; sql: string };

/** The functions of the triggers: there, by this definition, and with the rights and the search path that they need. */
export async function examineFunctions(engine: Engine): Promise<Finding> {
  const check = "trigger functions";
  const wanted = listFunctions(engine);
  const found = await queryRows(engine, functionSchema, toSelect(wanted));
  const faults = wanted.flatMap(({ name, sql }) => {
    const fault = describeFault(
      sql,
      found.find((one) => one.name === name),
    );
    return fault ? [{ ...fault, name, sql: sql.replace(/^create function/, "create or replace function") }] : [];
  });
  if (faults.length === 0) return ok(check, `${wanted.length} there, by this definition`);
  const text = faults.map(({ name, what }) => `${name} ${what}`).join("; ");
  const mend = [...faults.map(({ sql }) => ({ sql })), { sql: toSearchPaths(faults.map(({ name }) => name)) }];
  if (faults.every(({ isOther }) => isOther)) {
    return warning(check, `${text}. If nobody did so on purpose, marks may be missing.`, ...mend, { action: "verify" });
  }
  return problem(check, `${text}.`, ...mend, { action: "verify" });
}

function listFunctions({ definition, settings, names }: Engine): Wanted[] {
  const rows = settings.isSharded ? singleRow : statementRows;
  const marking = Object.keys(definition.sources).map((source) => ({
    name: toMarkFunctionName(definition, source),
    sql: toMarkFunction(definition, source, rows),
  }));
  return [...marking, { name: names.followShops, sql: toFollowShopsFunction(definition) }];
}

function toSelect(wanted: Wanted[]): string {
  return `
select
  n.name,
  p.prosrc as body,
  p.prosecdef as "isDefiner",
  coalesce(p.proconfig::text like '%search_path%', false) as "hasPath"
from unnest(array[${wanted.map(({ name }) => toLiteral(name)).join(", ")}]::text[]) as n (name)
left join pg_proc p on p.oid = to_regproc(n.name)`;
}

function describeFault(sql: string, found: z.infer<typeof functionSchema> | undefined) {
  if (!found?.body) return { what: "is missing", isOther: false };
  if (!found.isDefiner) return { what: "does not run with the rights of its owner", isOther: false };
  if (!found.hasPath) return { what: "has no search path of its own", isOther: false };
  return toBareSql(found.body) === toBareSql(toBody(sql))
    ? null
    : { what: "is not the one of this definition", isOther: true };
}

function toBody(sql: string): string {
  return sql.slice(sql.indexOf("$$") + 2, sql.lastIndexOf("$$"));
}
