import { z } from "zod";
import { type Engine, perEngine } from "../engine.server";
import { queryRow, queryRows } from "../query.server";

const daySchema = z.string();

const rowSchema = z.object({
  shopId: z.string(),
  /** Days before this one stay as they are stored. */
  sealedUntil: daySchema,
  /** How many daily rows they have, as the seal counted them. */
  sealedRows: z.number(),
  /** Days before this one have lost their source rows by a purge, or null. */
  purgedUntil: daySchema.nullable(),
});

/** The seal of a shop, as a list of them tells it. */
export type SealRow = z.infer<typeof rowSchema>;

/** A page of the list: the first `limit` shops after `after`, of `shopIds` alone where those are given. */
export type SealListPart = { limit: number; after?: string; shopIds?: string[] };

/** Shops that have sealed days, in the order of their ids. */
export function listSeals(engine: Engine, { limit, after, shopIds }: SealListPart): Promise<SealRow[]> {
  const values = { limit, afterShopId: after ?? null, isOfSome: shopIds !== undefined, shopIds: shopIds ?? [] };
  return queryRows(engine, rowSchema, listStatement(engine), values);
}

const listStatement = perEngine(
  ({ names }) => `
select
  r.shop_id::text as "shopId",
  to_char(r.sealed_until, 'YYYY-MM-DD') as "sealedUntil",
  coalesce(r.sealed_rows, 0) as "sealedRows",
  to_char(r.purged_until, 'YYYY-MM-DD') as "purgedUntil"
from ${names.shops} r
where r.sealed_until is not null
  and (not :isOfSome::boolean or r.shop_id = any(:shopIds))
  and (:afterShopId is null or r.shop_id > :afterShopId)
order by r.shop_id
limit :limit::int`,
);

const totalsSchema = z.object({
  shops: z.number(),
  /** The earliest and the latest day up to which a shop is sealed. */
  first: z.string().nullable(),
  last: z.string().nullable(),
});

export type SealTotals = z.infer<typeof totalsSchema>;

/** How many shops have sealed days, and up to when. */
export function countSeals(engine: Engine): Promise<SealTotals> {
  return queryRow(engine, totalsSchema, totalsStatement(engine));
}

const totalsStatement = perEngine(
  ({ names }) => `
select
  count(*)::int as shops,
  to_char(min(r.sealed_until), 'YYYY-MM-DD') as first,
  to_char(max(r.sealed_until), 'YYYY-MM-DD') as last
from ${names.shops} r
where r.sealed_until is not null`,
);
