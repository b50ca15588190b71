import type { ScanIndex } from "./index-sql";
import { toRows } from "./values-sql";

// Parts of the check of the host's schema that are about names of tables, indexes and functions.

/** Tables that are missing. */
export function checkTables(names: string[]): string {
  return `
  for need in
    select t.name
    from (values${toRows(names.map((name) => [name]))}
    ) as t (name)
    where to_regclass(t.name) is null
  loop
    wrong := wrong || format('There is no table %s.', need.name);
  end loop;`;
}

/**
 * Names of indexes that something else has: an index on other columns, or one that no query can use. `mayBeInvalid`:
 * whoever asks makes invalid ones anew.
 */
export function checkIndexes(indexes: ScanIndex[], mayBeInvalid = false): string {
  const rows = indexes.map(({ name, table, columns, instant }) => [name, table, columns.join(", "), instant ?? ""]);
  return `
  for need in
    select n.*, i.on_table, i.on_columns, i.is_plain
    from (values${toRows(rows)}
    ) as n (name, tab, cols, instant)
    join pg_class c on c.oid = to_regclass(n.name)
    left join lateral (
      select
        i.indrelid::regclass::text as on_table,
        (
          select string_agg(coalesce(a.attname, 'an expression'), ', ' order by k.nth)
          from unnest(i.indkey::int2[]) with ordinality as k (number, nth)
          left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number and k.number <> 0
        ) as on_columns,
        coalesce(pg_get_expr(i.indpred, i.indrelid), '') in ('', format('(%I IS NOT NULL)', n.instant))${
          mayBeInvalid ? "" : " and i.indisvalid"
        } as is_plain
      from pg_index i
      where i.indexrelid = c.oid
    ) i on true
    where to_regclass(n.tab) is not null
      and (to_regclass(n.tab)::text, n.cols, true) is distinct from (i.on_table, i.on_columns, i.is_plain)
  loop
    wrong := wrong || case
      when need.on_table is null then format(
        '%s is the name of something else than an index; the rollup needs an index of that name on %s (%s).',
        need.name, need.tab, need.cols
      )
      else format(
        'The index %s is on %s (%s)%s; the rollup needs an index of that name on %s (%s): rename the one that is there.',
        need.name, need.on_table, need.on_columns, case when not need.is_plain then ' and partial or invalid' end,
        need.tab, need.cols
      )
    end;
  end loop;`;
}

/** Names of the rollup's own tables and functions that are taken. */
export function checkOwnNames(names: string[]): string {
  return `
  for need in
    select n.name
    from (values${toRows(names.map((name) => [name]))}
    ) as n (name)
    where to_regclass(n.name) is not null
      or exists (
        select
        from pg_proc p
        where p.proname = n.name
          and p.pronamespace = (select s.oid from pg_namespace s where s.nspname = current_schema())
          and p.pronargs = 0
      )
  loop
    wrong := wrong || format(
      'There is a %s already: state another prefix in the definition, or another table.',
      need.name
    );
  end loop;`;
}
