import type { PrismaClient } from "@prisma/client";
import type { Day } from "~/services/rollup/day";
import { type ShopPlan, toShopId } from "../shops";

/** The customer whose testimonial, or else whose request, is the latest; rather one of few requests. Null: there is none. */
export async function findRecentCustomer(db: PrismaClient, plan: ShopPlan): Promise<string | null> {
  const [customer] = await db.$queryRawUnsafe<{ email: string }[]>(
    `
select r.customer_email as email
from testimonial_requests r
where r.shop_id = $1
  and r.customer_email is not null
group by r.customer_email
order by count(*) < 10 desc, max(r.submitted_at) desc nulls last, max(r.sent_at) desc nulls last
limit 1`,
    toShopId(plan),
  );
  return customer?.email ?? null;
}

/** Approves the testimonial that has waited longest. Returns whose it is and the day it is of, or null. */
export async function approveOldest(db: PrismaClient, plan: ShopPlan): Promise<{ name: string; date: Day } | null> {
  const [approved] = await db.$queryRawUnsafe<{ name: string; date: Day }[]>(
    `
update testimonial_submissions
set status = 'approved'
where shop_id = $1
  and id = (
    select s.id
    from testimonial_submissions s
    where s.shop_id = $1
      and s.status = 'pending'
    order by s.submitted_at, s.id
    limit 1
  )
returning display_name as name, to_char(submitted_at, 'YYYY-MM-DD') as date`,
    toShopId(plan),
  );
  return approved ?? null;
}

/** Ids of the shop's products with testimonials of the last 30 days, those with most of them first. */
export async function listTopProducts(db: PrismaClient, plan: ShopPlan): Promise<string[]> {
  const products = await db.$queryRawUnsafe<{ id: string }[]>(
    `
select s.shopify_product_id as id
from testimonial_submissions s
where s.shop_id = $1
  and s.submitted_at >= timezone('utc', now())::date - 29
  and s.shopify_product_id is not null
group by s.shopify_product_id
order by count(*) desc, s.shopify_product_id`,
    toShopId(plan),
  );
  return products.map(({ id }) => id);
}
