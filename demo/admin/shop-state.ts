import { addDays, type Day } from "~/services/rollup/day";
import { type ShopPlan, shops, toShopId } from "../shops";
import type { Site } from "../site";

/** What the panel beside the frame tells of a shop. */
export type ShopState = {
  domain: string;
  isInstalled: boolean;
  /** Days of the shop that wait in the change log, the latest first. */
  markedDays: Day[];
};

/** The demo's shop with this domain, or none. */
export function findShop(domain: unknown): ShopPlan | undefined {
  return shops.find((plan) => plan.domain === domain);
}

/** Reads the state from the database itself, apart from the app. */
export async function readShopState({ db }: Site, plan: ShopPlan): Promise<ShopState> {
  const [shop] = await db.$queryRawUnsafe<{ isInstalled: boolean }[]>(
    `
select s.uninstalled_at is null as "isInstalled"
from shops s
where s.domain = $1`,
    plan.domain,
  );
  const marked = await db.$queryRawUnsafe<{ date: Day }[]>(
    `
select distinct to_char(i.date, 'YYYY-MM-DD') as date
from rollup_marks i
where i.shop_id = $1
order by date desc`,
    toShopId(plan),
  );
  return {
    domain: plan.domain,
    isInstalled: shop?.isInstalled ?? false,
    markedDays: marked.map(({ date }) => date),
  };
}

/** The marked days in words. */
export function describeMarks({ markedDays, isInstalled }: Omit<ShopState, "domain">): string {
  const [latest] = markedDays;
  const oldest = markedDays.at(-1);
  if (!latest || !oldest) return "No day is marked: every daily row is up to date.";
  const outlook = isInstalled ? "The page counts what is marked on the spot." : "Marks wait until the app is back.";
  if (markedDays.length === 1) return `1 day is marked: ${latest}. ${outlook}`;
  const isGapless = addDays(oldest, markedDays.length - 1) === latest;
  const span = isGapless ? `, ${oldest} to ${latest}` : ` between ${oldest} and ${latest}`;
  return `${markedDays.length} days are marked${span}. ${outlook}`;
}
