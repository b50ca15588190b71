import { toStartSql } from "../definition/instant";
import type { Definition } from "../definition/rollup";
import { listScansOf, listTestsOfChild, requireSource } from "../definition/scan";
import { type Engine, perEngine } from "../engine.server";
import { toRedundantFilter } from "../recount/count-sql";

/** Rows that a host lets go: those of a source, but for those that fulfil `unless`, a condition on `x`, of the shop :shopId. */
export type Purgeable = { source: string; unless?: string };

type PurgeStatements = { count: string; list: string; lock: string; remove: string };

/**
 * What is asked of a source's rows, and deleted, of the shop :shopId: rows of sealed days before :until.
 *
 * @throws Error where no metric counts rows of the source, so that they are on no day.
 */
export const toPurgeStatements = perEngine((engine) => (purgeable: Purgeable): PurgeStatements => {
  const { definition } = engine;
  const { table, key, keyType = "text", shop } = requireSource(definition, purgeable.source);
  if (listInstants(definition, purgeable.source).length === 0) {
    throw new Error(`No metric counts rows of "${purgeable.source}" on a day, so none of them is of a sealed day.`);
  }
  const where = `where x.${shop} = :shopId
  and ${isOfSealedDays(engine, purgeable)}`;
  const isNamed = `x.${key} = any(:keys::text[]::${keyType}[])`;
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
    // Who adds a child of a row holds it, and so does who erases it.
    lock: `
select x.${key}::text as key
from ${table} x
where x.${shop} = :shopId
  and ${isNamed}
for update skip locked`,
    // What has changed since it was listed is looked at once more, in a snapshot taken with the locks held.
    remove: `
delete from ${table} x
${where}
  and ${isNamed}`,
  };
});

/**
 * True in SQL of a row `x` all of whose days are sealed up to :until, and those of the rows that would go or count otherwise
 * with it: its children, and its parent, where that counts by what children it has.
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
  const instants = listInstants(definition, sourceName).map((column) => `${alias}.${column}`);
  const last = instants.length === 1 ? instants[0] : `greatest(${instants.join(", ")})`;
  return `isfinite(${last}) and ${last} < ${toStartSql(definition.instants, ":until::date")}`;
}

function listInstants(definition: Definition, sourceName: string): string[] {
  return [...new Set(listScansOf(definition, sourceName).map(({ scan }) => scan.at))];
}
