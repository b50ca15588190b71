import type { Trigger } from "./app-part";
import { toNames } from "./names";
import type { Definition } from "./rollup";

/** The function that lets the rollup's rows follow the rows of the host's table of shops. */
export function toFollowShopsFunction(definition: Definition): string {
  const { key } = definition.shops;
  const { daily, marks, shops, followShops } = toNames(definition);
  return `create function ${followShops}() returns trigger
language plpgsql
security definer
as $$
begin
  -- First what a recount locks, so that the rows of one at work are found by the next statement.
  if tg_op = 'TRUNCATE' then
    delete from ${shops};
    delete from ${daily};
  elsif tg_op = 'DELETE' then
    delete from ${shops} r where r.shop_id = old.${key};
    delete from ${daily} a where a.shop_id = old.${key};
  else
    update ${shops} r set shop_id = new.${key} where r.shop_id = old.${key};
    update ${daily} a set shop_id = new.${key} where a.shop_id = old.${key};
    insert into ${marks} (shop_id, date, parent_id)
    select distinct new.${key}, m.date, m.parent_id
    from ${marks} m
    where m.shop_id = old.${key};
  end if;
  return null;
end
$$;`;
}

/** Its triggers on the host's table of shops. */
export function toFollowShopsTriggers(definition: Definition): string {
  return listFollowShopsTriggers(definition)
    .map(({ sql }) => sql)
    .join("\n");
}

/** The same one by one. */
export function listFollowShopsTriggers(definition: Definition): Trigger[] {
  const { table, key } = definition.shops;
  const { followShops } = toNames(definition);
  const trigger = (event: string, toSql: (name: string) => string): Trigger => {
    const name = `${followShops}_on_${event}`;
    return { name, table, sql: toSql(name) };
  };
  return [
    trigger(
      "delete",
      (name) => `create trigger ${name} after delete on ${table}
for each row execute function ${followShops}();`,
    ),
    trigger(
      "truncate",
      (name) => `create trigger ${name} before truncate on ${table}
for each statement execute function ${followShops}();`,
    ),
    trigger(
      "update",
      (name) => `create trigger ${name} after update of ${key} on ${table}
for each row
when (new.${key} is distinct from old.${key})
execute function ${followShops}();`,
    ),
  ];
}
