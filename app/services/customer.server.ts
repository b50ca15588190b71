import type { Prisma } from "@prisma/client";
import { isStorable } from "~/database/storable.server";
import { db } from "~/db.server";

/** A customer is known by e-mail address, within one shop. Upper and lower case are the same. */
export type Customer = { shopDomain: string; email: string };

export type CustomerData = Awaited<ReturnType<typeof collectCustomerData>>;

/** How many rows went with a customer. */
export type Redaction = { requests: number; submissions: number };

/** No index leads to an address: a shop with millions of requests takes longer than Prisma lets a transaction take. */
const redactTimeoutMs = 60_000;

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

/** All that the shop has about the customer: each request with its events and its submissions. */
export async function collectCustomerData({ shopDomain, email }: Customer) {
  const ids = await listRequestIds(db, { shopDomain, email });
  return db.testimonialRequest.findMany({
    where: { id: { in: ids }, shop: { domain: shopDomain } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    select: {
      ...personalFields,
      events: { omit: { shopId: true, requestId: true }, orderBy: { eventAt: "asc" } },
      submissions: { omit: { shopId: true, requestId: true }, orderBy: { createdAt: "asc" } },
    },
  });
}

/** The rows by their ids alone, so that a log can say where the data is without holding any. */
export function toCustomerDataIds(data: CustomerData) {
  return {
    requestIds: data.map((request) => request.id),
    eventIds: data.flatMap((request) => request.events.map((event) => event.id)),
    submissionIds: data.flatMap((request) => request.submissions.map((submission) => submission.id)),
  };
}

/** Deletes the customer's requests with their events and submissions. The change log marks the days this changes. */
export function redactCustomer({ shopDomain, email }: Customer): Promise<Redaction> {
  return db.$transaction(
    async (tx) => {
      // Locked, so that no submission can join a request between the two deletes and stay behind without it.
      const ids = await listRequestIds(tx, { shopDomain, email }, "for update of r");
      const shop = { domain: shopDomain };
      const submissions = await tx.testimonialSubmission.deleteMany({ where: { requestId: { in: ids }, shop } });
      const requests = await tx.testimonialRequest.deleteMany({ where: { id: { in: ids }, shop } });
      return { requests: requests.count, submissions: submissions.count };
    },
    { timeout: redactTimeoutMs },
  );
}

/**
 * Ids of the customer's requests. A blank address is no customer's, and one with NUL or half a character can't be
 * stored, nor even asked for. Not by Prisma's own case-insensitive filter, which is a pattern match: the "_" that many
 * addresses have would match any character.
 */
async function listRequestIds(tx: Prisma.TransactionClient, customer: Customer, lock = ""): Promise<string[]> {
  if (customer.email.trim() === "" || !isStorable(customer.email)) return [];
  const rows = await tx.$queryRawUnsafe<{ id: string }[]>(
    `
select r.id
from testimonial_requests r
join shops s on s.id = r.shop_id
where s.domain = $1::text
  and lower(r.customer_email) = lower($2::text)
order by r.id
${lock}`,
    customer.shopDomain,
    customer.email,
  );
  return rows.map((row) => row.id);
}
