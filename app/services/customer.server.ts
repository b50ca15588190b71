import type { Prisma } from "@prisma/client";
import { isStorable } from "~/database/storable.server";
import { db } from "~/db.server";
import { findShopId } from "./shop.server";

/** A customer is known by e-mail address, within one shop. Upper and lower case are the same. */
export type Customer = { shopDomain: string; email: string };

/** How many rows of each table are about a customer, by the table's name. */
export type CustomerRows = Record<string, number>;

const personalFields = {
  id: true,
  status: true,
  sentAt: true,
  clickedAt: true,
  submittedAt: true,
  shopifyProductId: true,
  customerEmail: true,
  createdAt: true,
  updatedAt: true,
} as const satisfies Prisma.TestimonialRequestSelect;

/** Where the customer's data is: the ids of their requests, to which all else belongs, and how many rows there are. */
export async function findCustomer(tx: Prisma.TransactionClient, customer: Customer) {
  const shopId = await findShopId(tx, customer.shopDomain);
  const requestIds = await listRequestIds(tx, shopId, customer.email);
  const [events, submissions] = await Promise.all(
    (["testimonial_request_events", "testimonial_submissions"] as const).map(async (table) => {
      const statement = `select count(*)::int as count from ${table} t where ${ofRequests("request_id")}`;
      const [row] = await tx.$queryRawUnsafe<{ count: number }[]>(statement, shopId, requestIds);
      return row?.count ?? 0;
    }),
  );
  return { requestIds, rowCounts: toRowCounts(requestIds.length, events, submissions) };
}

/** All that the shop has about a customer with these requests: each with its events and its submissions. */
export function readCustomerData(shopDomain: string, requestIds: string[]) {
  return db.testimonialRequest.findMany({
    where: { id: { in: requestIds }, shop: { domain: shopDomain } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    select: {
      ...personalFields,
      events: { omit: { shopId: true, requestId: true }, orderBy: { eventAt: "asc" } },
      submissions: { omit: { shopId: true, requestId: true }, orderBy: { createdAt: "asc" } },
    },
  });
}

export type CustomerData = Awaited<ReturnType<typeof readCustomerData>>;

/** Deletes the customer's requests with their events and submissions. The change log marks the days this changes. */
export async function redactCustomer(tx: Prisma.TransactionClient, customer: Customer): Promise<CustomerRows> {
  // Locked, so that no submission can join a request between the deletions and stay behind without it.
  const shopId = await findShopId(tx, customer.shopDomain);
  const ids = await listRequestIds(tx, shopId, customer.email, "for update of r");
  const remove = (table: string, column: string) =>
    tx.$executeRawUnsafe(`delete from ${table} t where ${ofRequests(column)}`, shopId, ids);
  const events = await remove("testimonial_request_events", "request_id");
  const submissions = await remove("testimonial_submissions", "request_id");
  const requests = await remove("testimonial_requests", "id");
  return toRowCounts(requests, events, submissions);
}

function toRowCounts(requests: number, events = 0, submissions = 0): CustomerRows {
  return {
    testimonial_requests: requests,
    testimonial_request_events: events,
    testimonial_submissions: submissions,
  };
}

/** $1 the shop, $2 ids of requests, in one array: Prisma's own `in` has not parameters enough for all. */
function ofRequests(column: string): string {
  return `t.shop_id = $1::text and t.${column} = any($2::text[])`;
}

/**
 * Ids of the customer's requests. A blank address is no customer's, and one with NUL or half a character can't be
 * stored, nor even asked for. Not by Prisma's own case-insensitive filter, which is a pattern match: the "_" that many
 * addresses have would match any character.
 */
async function listRequestIds(
  tx: Prisma.TransactionClient,
  shopId: string | null,
  email: string,
  lock = "",
): Promise<string[]> {
  if (shopId === null || email.trim() === "" || !isStorable(email)) return [];
  const rows = await tx.$queryRawUnsafe<{ id: string }[]>(
    `
select r.id
from testimonial_requests r
where r.shop_id = $1::text
  and lower(r.customer_email) = lower($2::text)
order by r.id
${lock}`,
    shopId,
    email,
  );
  return rows.map((row) => row.id);
}
