import { listMetricColumns } from "./count-sql";
import { toNames } from "./names";
import { type Definition, listMetrics } from "./rollup";

// A shop's days before its `sealed_until` stay as stored, whatever becomes of their source rows.

/** True in SQL where the day `alias` (shop_id, date) is sealed. */
export function isSealedDay(definition: Definition, alias: string): string {
  return `exists (
      select
      from ${toNames(definition).shops} k
      where k.shop_id = ${alias}.shop_id
        and k.sealed_until > ${alias}.date
    )`;
}

/**
 * A checksum over all daily rows of `a` that are summed up, in the order of their days: the same on every server, whatever
 * its settings, in whatever order the definition has its metrics, and with one more that counts nothing there, too.
 * `filter` chooses rows.
 */
export function toChecksum(definition: Definition, filter = "true"): string {
  const counts = listMetricColumns(definition)
    .sort()
    .map((column) => `case when a.${column} <> 0 then '${column}=' || a.${column} end`);
  const row = `concat_ws(' ', a.date - date '1970-01-01', ${counts.join(", ")})`;
  return `encode(sha256(convert_to(coalesce(string_agg(${row}, E'\\n' order by a.date) filter (where ${filter}), ''), 'UTF8')), 'hex')`;
}

/**
 * Takes the checksums of sealed days to a definition with fewer metrics, before their columns go. What was not as sealed
 * before is not afterwards. Nobody seals a shop meanwhile.
 */
export function toChecksumChange(before: Definition, after: Definition): string {
  const { daily, shops } = toNames(after);
  const kept = { ...before, metrics: Object.fromEntries(keepMetrics(before, after)), cohortMetrics: {} };
  return `lock table ${shops} in exclusive mode;
update ${shops} r
set sealed_checksum = d.after
from (
  select a.shop_id, ${toChecksum(before)} as before, ${toChecksum(kept)} as after
  from ${daily} a
  join ${shops} k on k.shop_id = a.shop_id and a.date < k.sealed_until
  group by a.shop_id
) d
where d.shop_id = r.shop_id
  and d.before = r.sealed_checksum;`;
}

function keepMetrics(before: Definition, after: Definition) {
  const columns = listMetricColumns(after);
  return listMetrics(before).filter(([, { column }]) => columns.includes(column));
}
