import type { ColumnNeed, ValueNeed } from "./host-needs";
import { toRows } from "./values-sql";

// Parts of the check of the host's schema that are about its columns.

/** A domain counts as the type below it. */
const typeOf = "(case when t.typtype = 'd' then t.typbasetype else t.oid end)";

/** Columns that are missing, or of a type that does not fit. */
export function checkColumns(needs: ColumnNeed[]): string {
  const rows = needs.map(({ table, column, use, want = "", of = "", mayMiss = false }) => [
    table,
    column,
    use,
    want,
    of,
    mayMiss,
  ]);
  return `
  for need in
    select
      n.*,
      format('%s.%s', n.tab, n.col) as name,
      t.type,
      case
        when t.type in ('text', 'character varying') then 'text'
        when t.type in ('smallint', 'integer') then 'integer'
        when t.type in ('uuid', 'bigint') then t.type
      end as key_type
    from (values${toRows(rows)}
    ) as n (tab, col, use, want, part, may_miss)
    left join lateral (
      select format_type(${typeOf}, null) as type
      from pg_attribute a
      join pg_type t on t.oid = a.atttypid
      where a.attrelid = to_regclass(n.tab)
        and a.attname = n.col
        and a.attnum > 0
        and not a.attisdropped
    ) t on true
    where to_regclass(n.tab) is not null
  loop
    if need.type is null then
      if not need.may_miss then
        wrong := wrong || format('%s has no column %s.', need.tab, need.col);
      end if;
    elsif need.use in ('key', 'keyOf') and need.key_type is null then
      wrong := wrong || format('%s is of type %s; a key is of type text, uuid, integer or bigint.', need.name, need.type);
    elsif need.use = 'key' and need.key_type <> need.want then
      wrong := wrong || format(
        '%s is of type %s, and the definition says %s: state %s.keyType: "%s".',
        need.name, need.type, need.want, need.part, need.key_type
      );
    elsif need.use = 'keyOf' and need.key_type <> need.want then
      wrong := wrong || format(
        '%s is of type %s, and holds keys of %s, which the definition says are of type %s: both must be the same, as %s.keyType states.',
        need.name, need.type, need.part, need.want, need.part
      );
    elsif need.use = 'instant' and need.type not in ('timestamp without time zone', 'timestamp with time zone') then
      wrong := wrong || format('%s is of type %s; an instant is of type timestamp or timestamptz.', need.name, need.type);
    elsif need.use = 'instant' and need.type <> need.want then
      wrong := wrong || format(
        '%s is of type %s, and the definition says %s: state instants: "%s", which all its instants must be of.',
        need.name, need.type, need.want, case when need.type like '%without%' then 'timestamp' else 'timestamptz' end
      );
    elsif need.use = 'number' and need.type not in ('smallint', 'integer', 'bigint') then
      wrong := wrong || format('%s is of type %s; a sum is of whole numbers: smallint, integer or bigint.', need.name, need.type);
    end if;
  end loop;`;
}

/** Values that an enum has not, or that a text column has in another case alone. */
export function checkValues(needs: ValueNeed[]): string {
  const rows = needs.map(({ table, column, value }) => [table, column, value]);
  return `
  for need in
    select n.*, format('%s.%s', n.tab, n.col) as name, t.type, t.kind
    from (values${toRows(rows)}
    ) as n (tab, col, val)
    join lateral (
      select b.oid as type, b.typtype::text as kind, b.typcategory
      from pg_attribute a
      join pg_type t on t.oid = a.atttypid
      join pg_type b on b.oid = ${typeOf}
      where a.attrelid = to_regclass(n.tab)
        and a.attname = n.col
        and not a.attisdropped
        and (b.typtype = 'e' or b.typname in ('text', 'varchar'))
    ) t on true
  loop
    if need.kind = 'e' then
      select min(e.enumlabel::text) filter (where lower(e.enumlabel) = lower(need.val))
      into other
      from pg_enum e
      where e.enumtypid = need.type
      having not coalesce(bool_or(e.enumlabel = need.val), false);
      if found and other is not null then
        wrong := wrong || format('%s has no value %L, but %L: write it so in the definition.', need.name, need.val, other);
      elsif found then
        wrong := wrong || format(
          '%s has no value %L; it has %s.', need.name, need.val,
          (
            select string_agg(quote_literal(e.enumlabel::text), ', ' order by e.enumsortorder)
            from pg_enum e
            where e.enumtypid = need.type
          )
        );
      end if;
    else
      -- One that is there, as nearly always, is found before all rows are looked at.
      execute format('select x.%1$I from %2$I x where x.%1$I = $1 limit 1', need.col, need.tab) into other using need.val;
      if other is null then
        execute format('select min(x.%1$I) from %2$I x where lower(x.%1$I) = lower($1)', need.col, need.tab)
        into other
        using need.val;
        if other is not null then
          wrong := wrong || format('%s holds no %L, but %L: write it so in the definition.', need.name, need.val, other);
        end if;
      end if;
    end if;
  end loop;`;
}
