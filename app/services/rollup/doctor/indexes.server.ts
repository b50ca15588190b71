import { z } from "zod";
import type { AppPart } from "../definition/app-part";
import { listChildIndexes, listScanIndexes, type ScanIndex } from "../definition/index-sql";
import { toLiteral } from "../definition/literal";
import type { Engine } from "../engine.server";
import { queryRows } from "../query.server";
import { type Finding, type Mend, ok, warning } from "./finding";

const indexSchema = z.object({ name: z.string(), isValid: z.boolean().nullable() });

/** The indexes that counts go along. Without one all numbers are right, and come late. */
export async function examineIndexes(engine: Engine, app?: AppPart): Promise<Finding> {
  const { definition } = engine;
  const wanted = [...listScanIndexes(definition), ...listChildIndexes(definition), ...(app?.indexes ?? [])];
  const found = await queryRows(engine, indexSchema, toSelect(wanted));
  const faults = wanted.flatMap((index) => {
    const isValid = found.find(({ name }) => name === index.name)?.isValid ?? null;
    return isValid ? [] : [{ index, isMissing: isValid === null }];
  });
  if (faults.length === 0) return ok("indexes", `${wanted.length} there, all of them valid`);
  const names = faults.map(({ index, isMissing }) => `${index.name} is ${isMissing ? "missing" : "invalid"}`);
  const text = `${names.join("; ")}. Counts are right without, and slow. One that you have under another name does as well.`;
  return warning("indexes", text, ...faults.flatMap(({ index, isMissing }) => toMend(index, isMissing)));
}

/** An interrupted "create index concurrently" leaves one that writers keep and nobody reads. */
function toMend({ name, sql }: ScanIndex, isMissing: boolean): Mend[] {
  const creation = { sql: sql.replace(/^create index if not exists/, "create index concurrently") };
  return isMissing ? [creation] : [{ sql: `drop index concurrently ${name};` }, creation];
}

function toSelect(wanted: ScanIndex[]): string {
  return `
select n.name, i.indisvalid as "isValid"
from unnest(array[${wanted.map(({ name }) => toLiteral(name)).join(", ")}]::text[]) as n (name)
left join pg_index i on i.indexrelid = to_regclass(n.name)`;
}
