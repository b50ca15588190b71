import { Prisma } from "@prisma/client";
import type { ClientBase } from "pg";
import { quoteName } from "./session-settings";

/** A session that would give wrong numbers, or fail for its settings. The message says what is wrong and what mends it. */
export class WrongSession extends Error {
  override name = "WrongSession";
}

type State = {
  settings: Record<string, string>;
  role: string;
  database: string;
  seesAllRows: boolean;
  hidden: string[];
  guarded: string[];
};

type Need = { name: string; value: string; isMet: (value: string, state: State) => boolean };

const utcNames = [
  "utc",
  "etc/utc",
  "gmt",
  "etc/gmt",
  "uct",
  "etc/uct",
  "zulu",
  "etc/zulu",
  "universal",
  "etc/universal",
];

/** What decides over numbers, each with the value that `alter role` sets. */
const needs: Need[] = [
  { name: "TimeZone", value: "'UTC'", isMet: (value) => utcNames.includes(value.toLowerCase()) },
  { name: "DateStyle", value: "'ISO'", isMet: (value) => value.startsWith("ISO") },
  { name: "standard_conforming_strings", value: "on", isMet: (value) => value === "on" },
  { name: "row_security", value: "off", isMet: (value, { seesAllRows }) => value === "off" || seesAllRows },
  {
    name: "default_transaction_isolation",
    value: "'read committed'",
    isMet: (value) => value === "read committed",
  },
  // In any other no trigger marks what this app itself writes.
  { name: "session_replication_role", value: "origin", isMet: (value) => value === "origin" },
];

/** What decides over time only. */
const wishes: Need[] = [
  { name: "jit", value: "off", isMet: (value) => value === "off" },
  { name: "idle_in_transaction_session_timeout", value: "'60s'", isMet: (value) => value !== "0" },
];

const tables = Object.values(Prisma.dmmf.datamodel.models).map((model) => model.dbName ?? model.name);

/** Sessions of one schema: undefined where the URL names none, and Prisma takes "public". */
export type SessionCheck = {
  client: Pick<ClientBase, "query">;
  schema: string | undefined;
  limitMs: number;
};

/** What is wrong with a session, and what only makes it slow: sentences that say what mends it, or null. */
export type SessionFinding = { problem: string | null; advice: string | null };

/**
 * Looks at a session: at what it has, for what it was given with its connection a pooler may have dropped.
 *
 * @throws when the database does not answer in time.
 */
export async function checkSession(check: SessionCheck): Promise<SessionFinding> {
  const state = await readState(check);
  return { problem: describeProblem(state, quoteName(check.schema ?? "public")), advice: describeAdvice(state) };
}

function describeProblem(state: State, schema: string): string | null {
  const unmet = needs.filter((need) => !isMet(need, state));
  const faults = unmet.map((need) => toFault(need, state));
  const cures = unmet.map((need) => toCure(need, state));
  if (state.hidden.length > 0) {
    faults.push(`${list(state.hidden)} of the schema ${schema} can't be seen without naming it`);
    cures.push(toCure({ name: "search_path", value: schema }, state));
  }
  if (state.guarded.length > 0) {
    faults.push(`row-level security hides rows of ${list(state.guarded)} from the role ${state.role}`);
    cures.push(`alter role ${quoteName(state.role)} bypassrls`);
  }
  if (faults.length === 0) return null;
  return (
    `The database's sessions are not as this app needs them: ${faults.join("; ")}. So it serves no numbers. ` +
    `This mends it for new sessions: ${cures.join("; ")};`
  );
}

function describeAdvice(state: State): string | null {
  const unmet = wishes.filter((wish) => !isMet(wish, state));
  if (unmet.length === 0) return null;
  const faults = unmet.map((wish) => toFault(wish, state));
  const cures = unmet.map((wish) => toCure(wish, state));
  return `The database's sessions could be set better: ${faults.join("; ")}. This does it for new sessions: ${cures.join("; ")};`;
}

function isMet({ name, isMet }: Need, state: State): boolean {
  const value = state.settings[name];
  return value === undefined || isMet(value, state);
}

function toFault({ name }: Need, { settings }: State): string {
  return `${name} is ${JSON.stringify(settings[name])}`;
}

/** In this database alone, which is stronger than what is set for the role or the database. */
function toCure({ name, value }: Pick<Need, "name" | "value">, { role, database }: State): string {
  return `alter role ${quoteName(role)} in database ${quoteName(database)} set ${name} = ${value}`;
}

function list(names: string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}

async function readState({ client, schema = "public", limitMs }: SessionCheck): Promise<State> {
  const names = [...needs, ...wishes].map(({ name }) => name);
  const query = { text: stateStatement, values: [names, schema, tables], query_timeout: limitMs };
  const { rows } = await client.query<State>(query);
  if (!rows[0]) throw new Error("The database did not say how its session is set.");
  return rows[0];
}

// Tables that another schema hides are looked for only where that schema comes first.
const stateStatement = `
select
  (
    select json_object_agg(n.name, current_setting(n.name, true)) filter (where current_setting(n.name, true) is not null)
    from unnest($1::text[]) as n (name)
  ) as settings,
  current_user::text as role,
  current_database()::text as database,
  (select r.rolsuper or r.rolbypassrls from pg_roles r where r.rolname = current_user) as "seesAllRows",
  case
    when current_schema() = $2::text then array[]::text[]
    else array(
      select c.relname::text
      from pg_class c
      where c.relnamespace = (select n.oid from pg_namespace n where n.nspname = $2::text)
        and c.relkind in ('r', 'p', 'v')
        and (c.relname = any($3::text[]) or c.relname like 'rollup\\_%')
        and not pg_table_is_visible(c.oid)
      order by 1
    )
  end as hidden,
  array(
    select c.relname::text
    from pg_class c
    where c.relnamespace = (select n.oid from pg_namespace n where n.nspname = $2::text)
      and c.relrowsecurity
      and (c.relname = any($3::text[]) or c.relname like 'rollup\\_%')
      and row_security_active(c.oid)
    order by 1
  ) as guarded`;
