/** Lists the one column `text` of a query's rows. */
export type ListTexts = (sql: string) => Promise<string[]>;

/** All that a migration makes in the schema public, as texts to compare. */
export async function describeSchema(list: ListTexts): Promise<Record<string, string[]>> {
  return {
    columns: await list(`
      select concat_ws(' ', c.relname, c.reloptions, c.relreplident, a.attname, format_type(a.atttypid, a.atttypmod),
        a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) as text
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
      order by c.relname, a.attnum`),
    constraints: await list(`
      select concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) as text
      from pg_constraint where connamespace = 'public'::regnamespace order by 1`),
    indexes: await list(`
      select concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready) as text
      from pg_index i join pg_class c on c.oid = i.indexrelid
      where c.relnamespace = 'public'::regnamespace order by 1`),
    functions: await list(`
      select pg_get_functiondef(p.oid) || coalesce(p.proacl::text, '') as text
      from pg_proc p where p.pronamespace = 'public'::regnamespace order by p.proname`),
    triggers: await list(`
      select concat_ws(' ', pg_get_triggerdef(oid), tgenabled) as text from pg_trigger where not tgisinternal order by 1`),
    views: await list("select definition as text from pg_views where schemaname = 'public' order by viewname"),
  };
}
