import { z } from "zod";
import { type Engine, perEngine, type Statements } from "../engine.server";
import { queryRow } from "../query.server";

/** What a run does to each table. */
function listNeeds({ names, definition }: Engine): Record<string, string[]> {
  return {
    [names.daily]: ["select", "insert", "update", "delete"],
    [names.marks]: ["select", "insert", "delete"],
    [names.runs]: ["select", "insert", "update", "delete"],
    [names.shops]: ["select", "insert", "update", "delete"],
    [names.troubles]: ["select", "insert", "delete"],
    [definition.shops.table]: ["select", "update"],
  };
}

const stateSchema = z.object({
  isStandby: z.boolean(),
  isReadOnly: z.boolean(),
  role: z.string(),
  missing: z.array(z.string()),
});

/**
 * Why this session can't write what a run writes, as a sentence that says what mends it, or null when it can. Asks for
 * what is allowed instead of trying, so that it writes no row.
 */
export async function findWriteObstacle(engine: Engine, client: Statements): Promise<string | null> {
  const state = await queryRow(engine, stateSchema, stateStatement(engine), {}, client);
  const { isStandby, isReadOnly, role, missing } = state;
  if (isStandby)
    return "The server is a standby: it takes no writes. Point DATABASE_URL at the primary, or promote this one.";
  if (isReadOnly) {
    return `Transactions are read-only: default_transaction_read_only is on. "alter role ${role} set default_transaction_read_only = off" mends it, unless the database or the server sets it for a reason.`;
  }
  if (missing.length === 0) return null;
  return `The role ${role} lacks ${missing.join(", ")}. Grant what is missing, or run "npm run setup" where a table is.`;
}

// A right to some columns only is not asked for but of shops, which are the host's. A table that is not there has none.
const stateStatement = perEngine((engine) => {
  const rights = Object.entries(listNeeds(engine)).flatMap(([table, privileges]) =>
    privileges.map((privilege) => `('${table}', '${privilege}')`),
  );
  return `
select
  pg_is_in_recovery() as "isStandby",
  current_setting('transaction_read_only') = 'on' as "isReadOnly",
  current_user::text as role,
  array(
    select n.privilege || ' on ' || n.relation
    from (values ${rights.join(", ")}) as n (relation, privilege)
    where case
      when n.relation = '${engine.definition.shops.table}'
        then has_any_column_privilege(to_regclass(n.relation)::oid, n.privilege)
      else has_table_privilege(to_regclass(n.relation)::oid, n.privilege)
    end is not true
  ) as missing`;
});
