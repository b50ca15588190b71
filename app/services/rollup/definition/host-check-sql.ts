import { checkColumns, checkValues } from "./host-columns-sql";
import { checkIndexes, checkOwnNames, checkTables } from "./host-names-sql";
import { type HostNeeds, listColumnNeeds, listValueNeeds } from "./host-needs";
import { listChildIndexes, listScanIndexes } from "./index-sql";
import { toLiteral } from "./literal";
import { listOwnNames } from "./names";
import type { Definition } from "./rollup";

/**
 * A block that raises one exception with a sentence for each thing of the host's schema that does not fit the definition.
 * `isFirst`: none of the rollup's own tables and functions may be there yet. `makesIndexesAnew`: an index that an
 * interrupted build has left invalid fits.
 */
export function toHostCheck(
  definition: Definition,
  needs: HostNeeds & { isFirst?: boolean; makesIndexesAnew?: boolean } = {},
): string {
  const columns = listColumnNeeds(definition, needs);
  const checks = [
    checkTables([...new Set(columns.map(({ table }) => table))]),
    checkColumns(columns),
    checkValues(listValueNeeds(definition, needs)),
    checkIndexes([...listScanIndexes(definition), ...listChildIndexes(definition)], needs.makesIndexesAnew),
    needs.isFirst ? checkOwnNames(listOwnNames(definition)) : "",
  ];
  return `do $$
declare
  wrong text[] := '{}';
  need record;
  other text;
begin${checks.filter(Boolean).join("\n")}

  if wrong <> '{}' then
    raise exception using message =
      ${toLiteral(`The host's schema does not fit the definition of ${definition.table}:`)}
      || chr(10) || array_to_string(wrong, chr(10));
  end if;
end
$$;`;
}
