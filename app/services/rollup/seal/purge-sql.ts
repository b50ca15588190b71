import { toStartSql } from "../definition/instant";
import type { Definition, Source } from "../definition/rollup";
import { listScans, listTestsOfChild, requireSource } from "../definition/scan";
import { type Engine, perEngine } from "../engine.server";
import { toRedundantFilter } from "../recount/count-sql";

/** Rows that a host lets go: those of a source, but for those that fulfil `unless`, a condition on `x`, of the shop :shopId. */
export type Purgeable = { source: string; unless?: string };

/**
 * True in SQL of a row `x` all of whose days are sealed up to :until, and those of the rows that would go or count otherwise
 * with it: its children, and its parent, where that counts by what children it has.
 *
 * @throws Error where nothing counts by that source, so that its rows are on no day.
 */
function isOfSealedDays(engine: Engine, { source: name, unless }: Purgeable): string {
  const { definition } = engine;
  const alsoOfShops = toRedundantFilter(engine);
  const source = requireSource(definition, name);
  const terms = [isBefore(definition, name, "x")];
  for (const [childName, child] of Object.entries(definition.sources)) {
    if (child.parent?.source !== name || listInstants(definition, childName).length === 0) continue;
    terms.push(`not exists (
    select
    from ${child.table} c
    where c.${child.parent.column} = x.${source.key}
      ${alsoOfShops("c", child.shop)}
      and (${isBefore(definition, childName, "c")}) is not true
  )`);
  }
  if (source.parent && listTestsOfChild(definition, name).length > 0) {
    const parent = requireSource(definition, source.parent.source);
    terms.push(`not exists (
    select
    from ${parent.table} p
    where p.${parent.key} = x.${source.parent.column}
      ${alsoOfShops("p", parent.shop)}
      and (${isBefore(definition, source.parent.source, "p")}) is not true
  )`);
  }
  if (unless) terms.push(`(${unless}) is not true`);
  return terms.join("\n  and ");
}

/** A row's last instant decides: it is on all days of its instants. Null where it has none, so that it is on no day. */
function isBefore(definition: Definition, sourceName: string, alias: string): string {
  const last = `greatest(${listInstants(definition, sourceName)
    .map((column) => `${alias}.${column}`)
    .join(", ")})`;
  return `isfinite(${last}) and ${last} < ${toStartSql(definition.instants, ":until::date")}`;
}

function listInstants(definition: Definition, sourceName: string): string[] {
  const scans = listScans(definition).filter(({ scan }) => scan.source === sourceName);
  return [...new Set(scans.map(({ scan }) => scan.at))];
}

type Statements = { count: string; list: string; remove: string };

/** What is asked of a source's rows, and deleted, of one shop: :shopId, and those of sealed days before :until. */
export const toPurgeStatements = perEngine((engine) => (purgeable: Purgeable): Statements => {
  const { table, key, keyType, shop } = requirePurgeable(engine, purgeable.source);
  const where = `where x.${shop} = :shopId
  and ${isOfSealedDays(engine, purgeable)}`;
  return {
    count: `
select count(*)::int as rows
from ${table} x
${where}`,
    list: `
select x.${key}::text as key
from ${table} x
${where}
limit :limit::int`,
    // What has changed since it was listed is looked at once more.
    remove: `
delete from ${table} x
${where}
  and x.${key} = any(:keys::text[]::${keyType ?? "text"}[])`,
  };
});

function requirePurgeable({ definition }: Engine, name: string): Source {
  if (listInstants(definition, name).length > 0) return requireSource(definition, name);
  throw new Error(`No metric counts rows of ${JSON.stringify(name)} on a day, so none of them is of a sealed day.`);
}
