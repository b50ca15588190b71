import type { PrismaClient } from "@prisma/client";
import { addDays, type Day, toDay } from "~/services/rollup/day";
import { insertSubmissions } from "./load";
import { seedRandom } from "./random";
import { type ShopPlan, toShopId } from "./shops";
import { writeSubmission } from "./submission";
import { toCustomer } from "./voices";

const importedCount = 50;
const hourMs = 3_600_000;

type SubmissionDay = { id: string; date: Day };

/** Approves the last testimonial that has waited for 200 days. The database stamps the time. Returns the day it is of. */
export async function approveLate(db: PrismaClient, plan: ShopPlan, today: Day): Promise<Day> {
  const [waiting] = await db.$queryRawUnsafe<SubmissionDay[]>(
    `
select s.id, to_char(s.submitted_at, 'YYYY-MM-DD') as date
from testimonial_submissions s
where s.shop_id = $1
  and s.status = 'pending'
  and s.submitted_at < $2::date - 199
order by s.submitted_at desc
limit 1`,
    toShopId(plan),
    today,
  );
  if (!waiting) throw new Error(`${plan.domain} has no testimonial that has been pending for 200 days.`);
  await db.$executeRawUnsafe(
    `
update testimonial_submissions
set status = 'approved'
where shop_id = $1
  and id = $2`,
    toShopId(plan),
    waiting.id,
  );
  return waiting.date;
}

/** Imports 50 testimonials that another tool collected nearly a year ago. Returns their first and last day. */
export async function importOldSubmissions(
  db: PrismaClient,
  plan: ShopPlan,
  now: Date,
): Promise<{ from: Day; to: Day }> {
  const random = seedRandom("import");
  const from = addDays(toDay(now), -330);
  const imported = Array.from({ length: importedCount }, (_, index) => {
    const submittedMs = Date.parse(from) + index * 12 * hourMs;
    const id = `${toShopId(plan)}-import-${index + 1}`;
    const occasion = { id, requestId: null, customer: toCustomer(900_000 + index), product: 0, submittedMs };
    return writeSubmission(random, plan, occasion, now.getTime());
  });
  await insertSubmissions(db, imported);
  return { from, to: addDays(from, Math.floor((importedCount - 1) / 2)) };
}

/** Deletes one of the first customers with three testimonials. Returns how many rows went. */
export async function forgetCustomer(
  db: PrismaClient,
  plan: ShopPlan,
): Promise<{ requests: number; submissions: number }> {
  const [customer] = await db.$queryRawUnsafe<{ email: string }[]>(
    `
select r.customer_email as email
from testimonial_requests r
where r.shop_id = $1
group by r.customer_email
having count(*) < 10
  and count(r.submitted_at) > 2
order by min(r.sent_at)
limit 1`,
    toShopId(plan),
  );
  if (!customer) throw new Error(`${plan.domain} has no customer with three testimonials.`);
  return deleteCustomer(db, plan, customer.email);
}

/** Deletes a customer's requests and the testimonials they led to, in one transaction. Returns how many rows went. */
export async function deleteCustomer(
  db: PrismaClient,
  plan: ShopPlan,
  email: string,
): Promise<{ requests: number; submissions: number }> {
  const ofCustomer = [toShopId(plan), email];
  const [submissions, requests] = await db.$transaction([
    db.$executeRawUnsafe(
      `
delete from testimonial_submissions
where shop_id = $1
  and request_id in (select id from testimonial_requests where shop_id = $1 and customer_email = $2)`,
      ...ofCustomer,
    ),
    db.$executeRawUnsafe(
      `
delete from testimonial_requests
where shop_id = $1
  and customer_email = $2`,
      ...ofCustomer,
    ),
  ]);
  return { requests, submissions };
}

/** Corrects the day of one testimonial with a video by a week. Returns the day it leaves and the day it joins. */
export async function moveSubmission(db: PrismaClient, plan: ShopPlan, today: Day): Promise<{ from: Day; to: Day }> {
  const [moved] = await db.$queryRawUnsafe<SubmissionDay[]>(
    `
update testimonial_submissions
set submitted_at = submitted_at - interval '7 days'
where shop_id = $1
  and id = (
    select s.id
    from testimonial_submissions s
    where s.shop_id = $1
      and s.media_type = 'video'
      and s.submitted_at < $2::date - 100
    order by s.submitted_at desc, s.id
    limit 1
  )
returning id, to_char(submitted_at, 'YYYY-MM-DD') as date`,
    toShopId(plan),
    today,
  );
  if (!moved) throw new Error(`${plan.domain} has no testimonial with a video that is 100 days old.`);
  return { from: addDays(moved.date, 7), to: moved.date };
}
