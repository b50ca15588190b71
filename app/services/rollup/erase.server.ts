import { type Engine, perEngine, type Statements } from "./engine.server";
import { execute } from "./query.server";
import { shopKey, shopTable } from "./shop-sql";

/** Where a run's report lists days by shop. */
const reportLists = ["before", "after", "examples", "dropped", "brokenSeals"];

/**
 * Erases what the rollup's own tables still know of a shop whose row in the host's table this transaction has deleted: runs
 * of the shop alone, its entries in other runs, why it fails, and its marks. Its daily rows went with the shop. Twice is as
 * good as once.
 */
export async function eraseShop(engine: Engine, tx: Statements, shopId: string): Promise<void> {
  const { marks, runs, shops } = engine.names;
  await execute(engine, `delete from ${runs} r where r.shop_id = :erasedId::text`, { erasedId: shopId }, tx);
  await execute(engine, eraseFromRunsStatement(engine), { erasedId: shopId, shopId, lists: reportLists }, tx);
  await execute(engine, `delete from ${shops} r where r.shop_id = :shopId`, { shopId }, tx);
  // Last, since deleting the shop's source rows has marked their days.
  await execute(engine, `delete from ${marks} m where m.shop_id = :shopId`, { shopId }, tx);
}

/** Keeps the entries of the JSON array `list` that are not about the shop. */
function keepOthers(list: string): string {
  return `jsonb_path_query_array(${list}, '$[*] ? (!(@.shopId == $shop))', jsonb_build_object('shop', :erasedId::text))`;
}

const aboutShop = "jsonb_build_array(jsonb_build_object('shopId', :erasedId::text))";

/** The shop before the erased one is the same place for a run that continues after its cursor. */
function keepPlace(engine: Engine, cursor: string): string {
  const key = shopKey(engine);
  return `case
    when ${cursor} = :erasedId::text then (
      select ${key}::text from ${shopTable(engine)} where ${key} < :shopId order by ${key} desc limit 1
    )
    else ${cursor}
  end`;
}

/** The ledger holds ids as text: :erasedId there, and :shopId among the host's own. :lists are the report's. */
const eraseFromRunsStatement = perEngine(
  (engine) => `
update ${engine.names.runs} r
set cursor = ${keepPlace(engine, "r.cursor")},
  heal_cursor = ${keepPlace(engine, "r.heal_cursor")},
  failed_shops = ${keepOthers("r.failed_shops")},
  report = r.report || coalesce(
    (
      select jsonb_object_agg(l.name, ${keepOthers("r.report -> l.name")})
      from unnest(:lists::text[]) as l (name)
      where jsonb_typeof(r.report -> l.name) = 'array'
    ),
    '{}'
  )
where r.cursor = :erasedId::text
  or r.heal_cursor = :erasedId::text
  or r.failed_shops @> ${aboutShop}
  or exists (select from unnest(:lists::text[]) as l (name) where r.report -> l.name @> ${aboutShop})`,
);
