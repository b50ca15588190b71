import type { Prisma } from "@prisma/client";

/** What a run does to each table. `for no key update`, by which it locks shops, wants the right to update them. */
const needs: Record<string, string[]> = {
  testimonial_daily_analytics: ["select", "insert", "update", "delete"],
  rollup_invalidations: ["select", "insert", "delete"],
  rollup_runs: ["select", "insert", "update", "delete"],
  rollup_shops: ["select", "insert", "update", "delete"],
  rollup_troubles: ["select", "insert", "delete"],
  shops: ["select", "update"],
};

type State = { isStandby: boolean; isReadOnly: boolean; role: string; missing: string[] };

/**
 * Why this session can't write what a run writes, as a sentence that says what mends it, or null when it can. Asks for
 * what is allowed instead of trying, so that it writes no row.
 */
export async function findWriteObstacle(tx: Prisma.TransactionClient): Promise<string | null> {
  const [state] = await tx.$queryRawUnsafe<State[]>(stateStatement);
  if (!state) throw new Error("The database did not say what this session may do.");
  const { isStandby, isReadOnly, role, missing } = state;
  if (isStandby)
    return "The server is a standby: it takes no writes. Point DATABASE_URL at the primary, or promote this one.";
  if (isReadOnly) {
    return `Transactions are read-only: default_transaction_read_only is on. "alter role ${role} set default_transaction_read_only = off" mends it, unless the database or the server sets it for a reason.`;
  }
  if (missing.length === 0) return null;
  return `The role ${role} lacks ${missing.join(", ")}. Grant what is missing, or run "npm run setup" where a table is.`;
}

const rights = Object.entries(needs).flatMap(([table, privileges]) =>
  privileges.map((privilege) => `('${table}', '${privilege}')`),
);

// A right to some columns only is not asked for but of shops, which are the host's. A table that is not there has none.
const stateStatement = `
select
  pg_is_in_recovery() as "isStandby",
  current_setting('transaction_read_only') = 'on' as "isReadOnly",
  current_user::text as role,
  array(
    select n.privilege || ' on ' || n.relation
    from (values ${rights.join(", ")}) as n (relation, privilege)
    where case
      when n.relation = 'shops' then has_any_column_privilege(to_regclass(n.relation)::oid, n.privilege)
      else has_table_privilege(to_regclass(n.relation)::oid, n.privilege)
    end is not true
  ) as missing`;
