import type { Definition } from "../../app/services/rollup/definition/rollup";
import { toSearchPaths } from "../../app/services/rollup/definition/search-path-sql";
import { section } from "../../app/services/rollup/definition/section";
import { ownTenantsTable } from "./tenants";

/**
 * The migration that comes before the rollup's own where the app has no table of shops: one that the sources fill. Null
 * where the definition names a table of the app's, or `migrations` have done it for all of its sources.
 *
 * Marks of a shop that has no row there are dropped as a gone shop's. So the database itself keeps the rows, and no code of
 * the app has to.
 */
export function toTenantsMigration({ shops, sources }: Definition, migrations: string[]): string | null {
  if (shops.table !== ownTenantsTable) return null;
  const written = migrations.join("\n");
  const has = (statement: string) => written.includes(statement);
  const creation = toCreation(shops.keyType ?? "text");
  const added = Object.values(sources).filter(({ table }) => !has(`function ${toFunctionName(table)}()`));
  if (added.length === 0) return null;
  const isFirst = !has(`create table ${ownTenantsTable} (`);
  const sections = [
    isFirst
      ? section("One row for each shop that has rows of its own. Delete it with the shop's data: the numbers follow.", [
          creation,
        ])
      : "",
    section(
      "A shop's first row in a source brings it. Shops that are known already cost one look at an index, and no lock.",
      added.flatMap((source) => [toFunction(source), toTriggers(source)]),
    ),
    section("They find their tables in any session, with the rights of their owner.", [
      toSearchPaths(added.map(({ table }) => toFunctionName(table))),
    ]),
    section("The shops of the rows that are there.", [
      `insert into ${ownTenantsTable} (shop)\n${added
        .map(({ table, shop }) => `select ${shop} from ${table} where ${shop} is not null`)
        .join("\nunion\n")}\non conflict do nothing;`,
    ]),
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}

function toCreation(type: string): string {
  return `create table ${ownTenantsTable} (
  shop ${type} not null,
  created_at timestamp(3) not null default timezone('utc', now()),
  constraint ${ownTenantsTable}_pkey primary key (shop)
);`;
}

function toFunctionName(table: string): string {
  return `rollup_keep_tenants_of_${table}`.slice(0, 63);
}

function toFunction({ table, shop }: { table: string; shop: string }): string {
  return `create function ${toFunctionName(table)}() returns trigger
language plpgsql
security definer
as $$
begin
  insert into ${ownTenantsTable} (shop)
  select distinct n.${shop}
  from new_rows n
  where n.${shop} is not null
    and not exists (select from ${ownTenantsTable} t where t.shop = n.${shop})
  on conflict do nothing;
  return null;
end
$$;`;
}

function toTriggers({ table }: { table: string }): string {
  return ["insert", "update"]
    .map(
      (event) => `create trigger rollup_keep_tenants_on_${event} after ${event} on ${table}
referencing new table as new_rows for each statement execute function ${toFunctionName(table)}();`,
    )
    .join("\n");
}
