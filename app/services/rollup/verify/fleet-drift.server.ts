import { z } from "zod";
import type { DayRange } from "../day";
import { type Engine, perEngine } from "../engine.server";
import { findInstalled } from "../marks/marked-shops.server";
import { queryRows } from "../query.server";
import { countRangeOfAll, isActive, listColumns, storedRangeOfAll } from "../recount/count-sql";
import { markDays } from "../recount/on-shards.server";
import { isOpenDay } from "../seal/sealed";
import { listSealed } from "../seal/seals.server";

const daysSchema = z.object({ shopId: z.string(), dates: z.array(z.string()) });

/**
 * Marks the open days of the range whose rows are wrong although nothing marked them, of all installed shops, on shards: one plain
 * select over all of them, which each shard answers of its own shops at the same time. Marks are listed first, so a day that
 * is marked in between may be marked once more, and none that is wrong is passed over.
 */
export async function markDriftOfFleet(engine: Engine, { from, until }: DayRange): Promise<void> {
  const marked = await queryRows(engine, daysSchema, listMarkedStatement(engine), { from, until });
  const differing = await queryRows(engine, daysSchema, listDifferingStatement(engine), { from, until });
  const known = new Map(marked.map(({ shopId, dates }) => [shopId, new Set(dates)]));
  const unmarked = differing
    .map(({ shopId, dates }) => ({ shopId, dates: dates.filter((date) => !known.get(shopId)?.has(date)) }))
    .filter(({ dates }) => dates.length > 0);
  if (unmarked.length === 0) return;
  const shopIds = unmarked.map(({ shopId }) => shopId);
  const installed = await findInstalled(engine, shopIds);
  for (const { shopId, dates } of unmarked) {
    if (!installed.get(shopId)) continue;
    const sealed = await listSealed(engine, [shopId]);
    const open = dates.filter((date) => isOpenDay(sealed, shopId, date));
    await markDays(engine, engine.db, shopId, open);
  }
}

const toDays = (relation: string) => `
select d.shop_id::text as "shopId", array_agg(to_char(d.date, 'YYYY-MM-DD')) as dates
from ${relation} d
group by d.shop_id`;

const listMarkedStatement = perEngine(({ names }) =>
  toDays(`(
  select m.shop_id, m.date
  from ${names.marks} m
  where m.date >= :from::date
    and m.date < :until::date
  group by m.shop_id, m.date
)`),
);

const listDifferingStatement = perEngine((engine) =>
  toDays(`(
  select shop_id, date
  from (select l.* from (${countRangeOfAll(engine)}) l where ${isActive(engine, "l")}) l
  full join (${storedRangeOfAll(engine)}) a using (shop_id, date)
  where (${listColumns(engine, "l")}) is distinct from (${listColumns(engine, "a")})
)`),
);
