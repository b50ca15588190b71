import type { Prisma } from "@prisma/client";

/** Where a run's report lists days by shop. */
const reportLists = ["before", "after", "examples"];

/**
 * Erases what the rollup's own tables still know of a shop whose row in shops this transaction has deleted: runs of the
 * shop alone, its entries in other runs, why it fails, and its marks. Its daily rows went with the shop. Twice is as good as once.
 */
export async function eraseRollup(tx: Prisma.TransactionClient, shopId: string): Promise<void> {
  await tx.rollupRun.deleteMany({ where: { shopId } });
  await tx.$executeRawUnsafe(eraseFromRunsStatement, shopId, reportLists);
  await tx.rollupShop.deleteMany({ where: { shopId } });
  // Last, since deleting the shop's source rows has marked their days.
  await tx.rollupInvalidation.deleteMany({ where: { shopId } });
}

/** $1 the shop. Keeps the entries of the JSON array `list` that are not about it. */
function keepOthers(list: string): string {
  return `jsonb_path_query_array(${list}, '$[*] ? (!(@.shopId == $shop))', jsonb_build_object('shop', $1::text))`;
}

const aboutShop = "jsonb_build_array(jsonb_build_object('shopId', $1::text))";

/** The shop before the erased one is the same place for a run that continues after its cursor. */
function keepPlace(cursor: string): string {
  return `case when ${cursor} = $1::text then (select max(s.id) from shops s where s.id < $1::text) else ${cursor} end`;
}

/** $1 the shop, $2 the names of the report's lists. */
const eraseFromRunsStatement = `
update rollup_runs r
set cursor = ${keepPlace("r.cursor")},
  heal_cursor = ${keepPlace("r.heal_cursor")},
  failed_shops = ${keepOthers("r.failed_shops")},
  report = r.report || coalesce(
    (
      select jsonb_object_agg(l.name, ${keepOthers("r.report -> l.name")})
      from unnest($2::text[]) as l (name)
      where jsonb_typeof(r.report -> l.name) = 'array'
    ),
    '{}'
  )
where r.cursor = $1::text
  or r.heal_cursor = $1::text
  or r.failed_shops @> ${aboutShop}
  or exists (select from unnest($2::text[]) as l (name) where r.report -> l.name @> ${aboutShop})`;
