import type { Prisma, PrivacyRequest } from "@prisma/client";
import { isStorable } from "~/database/storable.server";
import { db, reservedDb } from "~/db.server";
import { findCustomer, redactCustomer } from "./customer.server";
import type { Delivery } from "./webhook.server";

/** The most that a list shows, the latest first. */
const listLimit = 1_000;

type PrivacyTopic = "customers/data_request" | "customers/redact" | "shop/redact";

type Outcome = "pending" | "done" | "nothing_found" | "ignored_as_old";

/** A webhook of one of Shopify's privacy topics, and when Shopify says it was made. */
export type PrivacyWebhook<Topic extends PrivacyTopic> = Delivery & { topic: Topic; triggeredAt: Date | null };

type DataRequest = { email: string; dataRequestId?: string | number };

/** Where a pending erasure is not done by then, operators are told. */
const erasureGraceMs = 3_600_000;

/** Registers that a customer asks for their data, and where it is. Open until an operator closes it, unless there is none. */
export async function receiveDataRequest(
  tx: Prisma.TransactionClient,
  webhook: PrivacyWebhook<"customers/data_request">,
  { email, dataRequestId }: DataRequest,
): Promise<PrivacyRequest> {
  const { requestIds, rowCounts } = await findCustomer(tx, { shopDomain: webhook.shopDomain, email });
  return register(tx, webhook, {
    outcome: requestIds.length > 0 ? "pending" : "nothing_found",
    rowCounts,
    requestIds,
    dataRequestId: toStorableId(dataRequestId),
  });
}

/** Deletes a customer's data and registers how many rows went. */
export async function receiveCustomerRedact(
  tx: Prisma.TransactionClient,
  webhook: PrivacyWebhook<"customers/redact">,
  email: string,
): Promise<PrivacyRequest> {
  const rowCounts = await redactCustomer(tx, { shopDomain: webhook.shopDomain, email });
  const isFound = Object.values(rowCounts).some((count) => count > 0);
  return register(tx, webhook, { outcome: isFound ? "done" : "nothing_found", rowCounts });
}

/** Registers that a shop is to be erased. */
export function receiveShopRedact(
  tx: Prisma.TransactionClient,
  webhook: PrivacyWebhook<"shop/redact">,
): Promise<PrivacyRequest> {
  return register(tx, webhook, { outcome: "pending", alertAt: new Date(Date.now() + erasureGraceMs) });
}

/** Of a pending entry operators are told at `alertAt`, by default now. */
type Entry = {
  outcome: Outcome;
  rowCounts?: Record<string, number>;
  requestIds?: string[];
  dataRequestId?: string;
  alertAt?: Date;
};

/** Enters a request into the register, in the transaction of the work that it tells of. */
function register(
  tx: Prisma.TransactionClient,
  { topic, shopDomain, webhookId, triggeredAt }: PrivacyWebhook<PrivacyTopic>,
  entry: Entry,
): Promise<PrivacyRequest> {
  const receivedAt = new Date();
  const closed = entry.outcome === "pending" ? {} : { handledAt: receivedAt, alertAt: null };
  return tx.privacyRequest.create({
    data: { topic, shopDomain, webhookId, triggeredAt, receivedAt, ...entry, ...closed },
  });
}

/** Shopify's number of the request, which anyone may have written who could sign it. */
function toStorableId(id: string | number | undefined): string | undefined {
  const text = String(id ?? "");
  return text !== "" && text.length <= 255 && isStorable(text) ? text : undefined;
}

/** Says what became of a pending request. */
export async function settleRequest(
  tx: Prisma.TransactionClient,
  id: string,
  { outcome, rowCounts }: { outcome: Outcome; rowCounts?: Record<string, number> },
): Promise<void> {
  await tx.privacyRequest.update({
    where: { id },
    data: { outcome, rowCounts, requestIds: [], alertAt: null, handledAt: new Date() },
  });
}

/** What is open, and since when: for a health check, or a look at a list. */
export async function readOpenRequests() {
  const where = { outcome: "pending" };
  const [open, overdue, oldest] = await Promise.all([
    reservedDb.privacyRequest.count({ where }),
    reservedDb.privacyRequest.count({ where: { ...where, dueAt: { lt: new Date() } } }),
    reservedDb.privacyRequest.aggregate({ where, _min: { receivedAt: true } }),
  ]);
  return { open, overdue, oldestReceivedAt: oldest._min.receivedAt };
}

type RequestFilter = { shopDomain?: string; isOpen?: boolean; isClosed?: boolean };

/** Requests of the register, the latest first: all, those of one shop, those that are open, or those that are not. */
export function listRequests({ shopDomain, isOpen, isClosed }: RequestFilter, limit = listLimit) {
  return db.privacyRequest.findMany({
    where: {
      shopDomain,
      ...(isOpen && { outcome: "pending" }),
      ...(isClosed && { outcome: { not: "pending" } }),
    },
    orderBy: [{ receivedAt: "desc" }, { id: "asc" }],
    take: limit,
  });
}

export function getRequest(id: string): Promise<PrivacyRequest | null> {
  return db.privacyRequest.findUnique({ where: { id } });
}

/**
 * Closes an open data request: its data has been sent. The ids that lead to the customer are forgotten.
 *
 * @returns false where there is no open data request with this id.
 */
export async function closeDataRequest(id: string): Promise<boolean> {
  const { count } = await db.privacyRequest.updateMany({
    where: { id, topic: "customers/data_request", outcome: "pending" },
    data: { outcome: "done", requestIds: [], alertAt: null, handledAt: new Date() },
  });
  return count > 0;
}
