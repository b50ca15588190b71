import { type DayRange, listDays } from "../day";
import { type Engine, perEngine } from "../engine.server";
import { listInstalledBatches } from "../jobs/shops.server";
import { execute } from "../query.server";
import { markDays } from "../recount/on-shards.server";
import { isOpenDay } from "../seal/sealed";
import { listSealed } from "../seal/seals.server";
import { isInstalledShop, shopKey, shopTable } from "../shop-sql";

/**
 * Marks every open day of the range, of one shop or of all installed ones: reads count these days live from then on, and the
 * next runs recount them. Sealed days stay as they are. Returns the number of days marked.
 */
export async function markRange(engine: Engine, range: DayRange, shopId?: string): Promise<number> {
  if (shopId !== undefined) return markShop(engine, range, shopId);
  if (!engine.settings.isSharded) return execute(engine, markStatement(engine), range);
  let marked = 0;
  for await (const shopIds of listInstalledBatches(engine, 1)) {
    for (const each of shopIds) marked += await markShop(engine, range, each);
  }
  return marked;
}

async function markShop(engine: Engine, range: DayRange, shopId: string): Promise<number> {
  const sealed = await listSealed(engine, [shopId]);
  const days = listDays(range).filter((day) => isOpenDay(sealed, shopId, day));
  if (days.length > 0) await markDays(engine, engine.db, shopId, days);
  return days.length;
}

const markStatement = perEngine(
  (engine) => `
insert into ${engine.names.marks} (shop_id, date)
select ${shopKey(engine)}, d.day::date
from ${shopTable(engine)}
left join ${engine.names.shops} r on r.shop_id = ${shopKey(engine)}
cross join generate_series(:from::date, :until::date - 1, interval '1 day') as d (day)
where ${isInstalledShop(engine)}
  and (r.sealed_until is null or d.day >= r.sealed_until)`,
);
