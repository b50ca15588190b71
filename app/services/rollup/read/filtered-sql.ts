import { countByDay } from "../definition/count-sql";
import type { Filter } from "../definition/rollup";
import { type ResolvedScan, requireSource } from "../definition/scan";
import type { Engine } from "../engine.server";
import { listColumns } from "../recount/count-sql";

/**
 * The active days to read, counted on the spot from the rows that a filter lets through: those whose column, or their
 * parent's, has the value :filterValue.
 */
export function countFiltered(engine: Engine, filter: Filter): string {
  const { definition, settings } = engine;
  const ofShop = (alias: string, column: string) => `${alias}.${column} = :shopId`;
  const alsoOfShop = (alias: string, column: string) => (settings.isSharded ? `and ${ofShop(alias, column)}` : "");
  const counted = countByDay(definition, ofShop, alsoOfShop, {
    bounds: [":start::date", ":end::date"],
    narrow: (scan) => `\n        and ${toFilter(engine, filter, scan)}`,
  });
  return `select l.date, ${listColumns(engine, "l")}
  from (${counted}) l
  where l.date <@ :days::datemultirange`;
}

/** Keys of products are of whatever type the host has: the value is compared as a text. */
function toFilter({ definition }: Engine, filter: Filter, { scan, source }: ResolvedScan): string {
  const own = filter[scan.source];
  if (own) return `x.${own}::text = :filterValue::text`;
  if (!source.parent) throw new Error(`A filter names no column of ${scan.source}.`);
  const parent = requireSource(definition, source.parent.source);
  return `exists (
          select
          from ${parent.table} f
          where f.${parent.key} = x.${source.parent.column}
            and f.${parent.shop} = :shopId
            and f.${filter[source.parent.source]}::text = :filterValue::text
        )`;
}
