import type { PrivacyRequest } from "@prisma/client";
import { isStorable } from "~/database/storable.server";
import { type CustomerData, readCustomerData } from "~/services/customer.server";
import { closeDataRequest, getRequest } from "~/services/privacy.server";
import { refuse } from "~/services/rollup/http/answer.server";

/** A request of the register as the routes show it. The ids that lead to a customer stay inside. */
export function toPrivacyAnswer({ requestIds, alertAt, ...shown }: PrivacyRequest) {
  return shown;
}

/** @throws Response 404 where the register has no request with this id. */
export async function requireRequest(requestId: string): Promise<PrivacyRequest> {
  const found = isStorable(requestId) ? await getRequest(requestId) : null;
  if (found) return found;
  throw refuse(404, "unknown_request", `There is no privacy request ${JSON.stringify(requestId)}.`, {
    issues: [{ field: "requestId", value: requestId, message: "must be the id of a privacy request" }],
  });
}

/** True for a data request whose data is still to be sent. */
function isOpenDataRequest({ topic, outcome }: Pick<PrivacyRequest, "topic" | "outcome">): boolean {
  return topic === "customers/data_request" && outcome === "pending";
}

/** What an open data request asks for; undefined for every other request. */
export async function readRequestData(request: PrivacyRequest): Promise<CustomerData | undefined> {
  return isOpenDataRequest(request) ? readCustomerData(request.shopDomain, request.requestIds) : undefined;
}

/**
 * Closes a data request: its data has been sent. Twice is as good as once.
 *
 * @throws Response 409 for an erasure, which closes itself; 404 where there is no such request.
 */
export async function closeRequest(requestId: string): Promise<PrivacyRequest> {
  if (isStorable(requestId)) await closeDataRequest(requestId);
  const request = await requireRequest(requestId);
  if (request.outcome !== "pending") return request;
  throw refuse(409, "not_closable", `The erasure of ${request.shopDomain} closes itself when it is done.`, {
    issues: [{ field: "requestId", value: requestId, message: "must be the id of a data request" }],
  });
}
