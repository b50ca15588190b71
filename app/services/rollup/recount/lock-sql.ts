import { type Engine, perEngine } from "../engine.server";
import { isInstalledShop, shopKey, shopTable } from "../shop-sql";
import { toRedundantFilter } from "./count-sql";

// What a recount locks is the rollup's own row of a shop, so that no write to the host's shops waits for it. The same row
// says up to where the shop is sealed, which nobody else can change then. The ids come as one value: thousands of rows would
// take longer than the lock.

function toLocked(select: string): string {
  return `select
  coalesce(array_agg(l.id), '{}') as ids,
  coalesce(json_object_agg(l.id, l.sealed_until) filter (where l.sealed_until is not null), '{}') as sealed
from (${select}) l`;
}

const locked = "r.shop_id::text as id, r.sealed_until";

function lockShops({ names }: Engine, wait: "" | " nowait"): string {
  return toLocked(`select ${locked} from ${names.shops} r where r.shop_id = any(:shopIds) for no key update${wait}`);
}

/** Of :shopIds the marked ones that are free: another run may have been there since they were listed. */
export const lockFreeStatement = perEngine((engine) =>
  toLocked(`
select ${locked}
from ${engine.names.shops} r
where r.shop_id = any(:shopIds)
  and exists (select from ${engine.names.marks} m where m.shop_id = r.shop_id ${toRedundantFilter(engine)("m")} offset 0)
order by r.shop_id
for no key update of r skip locked`),
);

/** All of :shopIds; fails where one is taken. */
export const lockAllStatement = perEngine((engine) => lockShops(engine, " nowait"));

/** All of :shopIds; waits for those that are taken. */
export const lockPatientlyStatement = perEngine((engine) => lockShops(engine, ""));

/** Up to :limit installed shops that are free and have marks from :from up to :until. */
export const lockFreeInWindowStatement = perEngine((engine) =>
  toLocked(`
select ${locked}
from ${engine.names.shops} r
join ${shopTable(engine)} on ${shopKey(engine)} = r.shop_id
where ${isInstalledShop(engine)}
  and r.shop_id in (select m.shop_id from ${engine.names.marks} m where m.date >= :from::date and m.date < :until::date)
order by r.shop_id
limit :limit::int
for no key update of r skip locked`),
);

/** Makes the rows that are locked, for those of :shopIds that have none yet. */
export const addShopsStatement = perEngine(
  (engine) => `
insert into ${engine.names.shops} (shop_id)
select ${shopKey(engine)}
from ${shopTable(engine)}
where ${shopKey(engine)} = any(:shopIds)
  and not exists (
    select from ${engine.names.shops} r where r.shop_id = ${shopKey(engine)} ${toRedundantFilter(engine)("r")} offset 0
  )
on conflict do nothing`,
);
